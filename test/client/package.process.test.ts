/** The client as its users get it: packed, installed without a network, and used with a running Baton. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { toCloudEvent, toHeaders } from "../../src/callbacks/envelope.ts";
import { parseConfig } from "../../src/config.ts";
import type { Callback } from "../../src/model/callback.ts";
import { startService } from "../../src/node.ts";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");

const BOT = `
import { createBatonClient } from "baton/client";
const { url, secret, callback } = JSON.parse(process.argv[2]);
const baton = createBatonClient({ url, bot: "shop-assistant", secret });
const said = await baton.send({ type: "customer.message", session: "chat-1", text: "hello" });
const handoff = await baton.handoff({ session: "chat-1", reason: "wants a refund", messages: [{ role: "user", content: "My money" }] });
const session = await baton.session("chat-1");
const told = await baton.verifyCallback(callback);
console.log(JSON.stringify({ said, handoff, session, told }));
`;

const TYPED = `
import { createBatonClient, type Callback } from "baton/client";
const baton = createBatonClient({ url: "http://localhost", bot: "b", secret: "s" });
const answer = await baton.send({ type: "customer.message", session: "s", text: "t", sentiment: -1 });
export const control: "bot" | "queue" | "agent" | "nobody" | null = answer.control;
const several = await baton.send([{ type: "session.ended", session: "s" }]);
export const length: number = several.length;
export const textOf = ({ type, data }: Callback) => (type === "agent.message" ? data.text : data.message);
// @ts-expect-error: there is no such event
await baton.send({ type: "customer.shout", session: "s" });
`;

it("is packed, installed and used, in JavaScript and in TypeScript", async () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-client-"));
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: join(ROOT, "src/client") });
  const [tarball = ""] = readdirSync(folder);
  const user = join(folder, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: user });
  expect(readdirSync(join(user, "node_modules/baton/dist")).sort()).toEqual([
    "api.d.ts",
    "api.js",
    "client.d.ts",
    "client.js",
  ]);

  const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  try {
    const [secret = ""] = service.development?.botSecrets.get("shop-assistant") ?? [];
    const callback = { id: "cb-1", bot: "shop-assistant", type: "agent.joined", createdAt: Date.now() } as Callback;
    const body = toCloudEvent(callback, {
      ...{ bot: "shop-assistant", session: "chat-1", handoffId: "01H", state: "assigned", control: "agent" },
      ...{ reason: null, conversationId: "C1" },
    } as const);
    const headers = toHeaders("cb-1", body, [secret], Date.now());
    writeFileSync(join(user, "bot.js"), BOT);
    const given = JSON.stringify({ url: service.url, secret, callback: { headers, body } });
    const { stdout } = await run(process.execPath, ["bot.js", given], { cwd: user });
    expect(JSON.parse(stdout)).toMatchObject({
      said: { outcome: "accepted", control: "bot" },
      handoff: { control: "queue", handoffState: "routed" },
      session: { control: "queue", handoff: { state: "routed" } },
      told: { type: "agent.joined", data: { control: "agent" } },
    });
  } finally {
    await service.stop();
  }

  writeFileSync(join(user, "typed.ts"), TYPED);
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--types",
    "",
    "--lib",
    "es2022,dom",
  ];
  const checked = await run(join(ROOT, "node_modules/.bin/tsc"), [...options, "typed.ts"], { cwd: user }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect(checked.stdout).toBe("");
});
