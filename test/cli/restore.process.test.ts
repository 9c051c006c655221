/** The way back from a backup, as docs/operations.md describes it: another folder, the same platform. */
import { copyFileSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startEmulator } from "../../src/node.ts";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

const SECRET = "a secret of sixteen bytes and more";
const OPERATOR = "an operator's token of sixteen bytes";

async function serve(database: string, platform: string) {
  const env = {
    DATABASE_PATH: database,
    PORT: String(await freePort()),
    INFOBIP_BASE_URL: platform,
    INFOBIP_API_KEY: "key",
    INFOBIP_POLL_SECONDS: "1",
    BOT_SECRETS: JSON.stringify({ "shop-assistant": [SECRET] }),
    OPERATOR_TOKEN: OPERATOR,
    LOG_LEVEL: "error",
  };
  const service = baton(["serve"], env);
  await until(() => (service.output().includes("Baton is at") ? true : undefined));
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${env.PORT}/v1/bots/shop-assistant/${path}`, {
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", prefer: "wait=10" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const stateOf = async (id: unknown): Promise<unknown> => (await ask(`handoffs/${String(id)}`)).state;
  return { service, ask, stateOf };
}

it("a backup of a running service, restored to a new folder, goes on with what was open and doubles nothing", async () => {
  const { url, emulator, stop } = await startEmulator(0);
  atTheEnd(() => void stop());
  const folder = mkdtempSync(join(tmpdir(), "baton-"));
  const path = join(folder, "baton.db");
  const first = await serve(path, url);
  const request = (session: string) => ({ id: `ask-${session}`, type: "handoff.requested", session });

  const routed = await first.ask("events", request("s1"));
  const taken = await first.ask("events", request("s2"));
  expect([routed.handoffState, taken.handoffState]).toEqual(["routed", "routed"]);
  const [agent] = [...emulator.state.agents.keys()];
  emulator.desk.take(String(taken.conversationId), agent ?? "");
  await until(async () => ((await first.stateOf(taken.handoffId)) === "assigned" ? true : undefined));

  // The platform opens a conversation, and no answer tells Baton so, until after the backup.
  emulator.faults.add({ operation: "createConversation", kind: "status", status: 504, when: "after" });
  emulator.faults.add({ operation: "listConversations", kind: "status", status: 503, times: 1_000 });
  const unknown = await first.ask("events", request("s3"));
  expect(unknown.handoffState).toBe("pending");
  expect(emulator.state.conversations.size).toBe(3);

  const backup = join(folder, "backup.db");
  const copying = baton(["db", "backup", backup], { DATABASE_PATH: path });
  expect(await copying.ended, copying.output()).toBe(0);
  first.service.child.kill("SIGKILL");
  await first.service.ended;

  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  const restored = join(elsewhere, "baton.db");
  copyFileSync(backup, restored);
  const checking = baton(["db", "check"], { DATABASE_PATH: restored });
  expect(await checking.ended, checking.output()).toBe(0);
  emulator.faults.clear();
  const second = await serve(restored, url);

  await until(async () => ((await second.stateOf(unknown.handoffId)) === "routed" ? true : undefined));
  expect(await second.stateOf(routed.handoffId)).toBe("routed");
  expect(await second.ask("events", request("s1"))).toMatchObject({
    outcome: "duplicate",
    handoffId: routed.handoffId,
    conversationId: routed.conversationId,
  });
  emulator.desk.setStatus(String(taken.conversationId), agent ?? "", "SOLVED");
  await until(async () => ((await second.stateOf(taken.handoffId)) === "returned" ? true : undefined));

  expect(emulator.state.conversations.size).toBe(3);
  const routes = emulator.calls.filter(({ operation, status }) => operation === "route" && status === 200);
  expect(routes).toHaveLength(3);
  for (const { notes } of emulator.state.conversations.values()) expect(notes).toHaveLength(1);
  second.service.child.kill("SIGTERM");
  expect(await second.service.ended).toBe(0);
});
