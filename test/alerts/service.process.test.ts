import { mkdtempSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startService } from "../../src/node.ts";
import { atTheEnd } from "../support/process.ts";

const SECRETS = ["the newer secret of alerts", "the older secret of alerts"];

it("posts an alert over HTTP to a private address, signed with every active secret", async () => {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const pager = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    heard.push({ headers: request.headers, body });
    response.writeHead(200).end();
  });
  await new Promise<void>((done) => pager.listen(0, "127.0.0.1", done));
  atTheEnd(() => pager.close());

  const config = parseConfig({
    PORT: "0",
    DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"),
    LOG_LEVEL: "error",
    // One place in all: the first handoff fills four fifths of it.
    MAX_PENDING_HANDOFFS: "1",
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/alerts`,
    ALERT_WEBHOOK_SECRETS: JSON.stringify(SECRETS),
    PUBLIC_URL: "https://baton.example.com/",
  });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  atTheEnd(() => service.stop());
  service.emulator?.faults.add({ operation: "createConversation", kind: "status", status: 429, retryAfter: "600" });
  const [bot, [secret] = []] = [...(service.development?.botSecrets ?? [])][0] ?? [];
  const answer = await fetch(`${service.url}/v1/bots/${bot}/handoffs`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", prefer: "respond-async" },
    body: JSON.stringify({ session: "s1" }),
  });
  expect(answer.status).toBe(202);

  await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [post] = heard;
  for (const each of SECRETS) {
    const wire = new Webhook(Buffer.from(each).toString("base64"));
    const headers = post?.headers as Record<string, string>;
    expect(wire.verify(post?.body ?? "", headers)).toMatchObject({
      type: "alert.opened",
      data: { code: "backlog", url: "https://baton.example.com/console/faults" },
    });
  }
}, 40_000);
