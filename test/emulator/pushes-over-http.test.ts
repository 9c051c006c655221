import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import type { RecordedPush } from "../../src/emulator/pushes/log.ts";
import { startEmulator, startService } from "../../src/node.ts";
import { atTheEnd, freePort } from "../support/process.ts";

const nextPush = (pushes: { onPush: (listener: (push: RecordedPush) => void) => () => void }): Promise<RecordedPush> =>
  new Promise((resolve) => {
    const stop = pushes.onPush((push) => {
      stop();
      resolve(push);
    });
  });

it("reaches a server, signed over the bytes that are sent, and notes where there is none", async () => {
  const heard: { body: string; signature: unknown }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      heard.push({ body, signature: request.headers["x-hub-signature"] });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atTheEnd(() => server.close());
  const { emulator, url, stop } = await startEmulator(0);
  const open = () =>
    fetch(`${url}/ccaas/1/conversations`, {
      method: "POST",
      headers: { authorization: "App k" },
      body: '{"topic":"Kovač 🙂"}',
    });

  emulator.pushes.subscribe({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, secret: "s" });
  const accepted = nextPush(emulator.pushes);
  await open();
  expect(await accepted).toMatchObject({ outcome: "accepted", status: 200 });
  const [first] = heard;
  expect(first?.body).toContain("Kovač 🙂");
  expect(first?.signature).toBe(
    `SHA256=${createHmac("sha256", "s")
      .update(first?.body ?? "")
      .digest("hex")}`,
  );

  emulator.pushes.subscribe({ url: `http://127.0.0.1:${await freePort()}/events` });
  const unanswered = nextPush(emulator.pushes);
  await open();
  expect(await unanswered).toMatchObject({ outcome: "unanswered", status: null, retryAt: expect.any(Number) });
  // A retry that waits does not delay a stop.
  await stop();
});

it("tells the service that it is embedded in", async () => {
  const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  const { emulator, url, stop } = await startService(config.value, flows);
  if (emulator === null) throw new Error("there is no emulator");
  const pushed = nextPush(emulator.pushes);
  await fetch(`${url}/ccaas/1/conversations`, { method: "POST", headers: { authorization: "App k" }, body: "{}" });
  expect(await pushed).toMatchObject({ url: `${url}/v1/infobip/default/events`, status: expect.any(Number) });
  expect([...emulator.state.securities.values()]).toMatchObject([{ type: "HMAC" }]);
  await stop();
});
