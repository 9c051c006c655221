import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { expect, it } from "vitest";
import { baton, freePort, until } from "../support/process.ts";

/** A service on the file, which is told of chats for as long as the test goes on. */
async function serve(database: string) {
  const env = {
    DATABASE_PATH: database,
    PORT: String(await freePort()),
    BOT_SECRETS: '{"shop-assistant":["development"]}',
    OPERATOR_TOKEN: "development",
    LOG_LEVEL: "error",
  };
  const service = baton(["serve"], env);
  await until(() => (service.output().includes("Baton is at") ? true : undefined));
  const ask = (path: string, body?: object) =>
    fetch(`http://127.0.0.1:${env.PORT}/v1/bots/shop-assistant/${path}`, {
      headers: { authorization: "Bearer development", "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  return { service, ask };
}

it("baton db backup copies a moment while a service goes on writing, and a service takes the copy up", async () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-"));
  const path = join(folder, "baton.db");
  const { service, ask } = await serve(path);
  let sent = 0;
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      sent += 1;
      const event = { id: `e${sent}`, type: "bot.message", session: `s${sent % 50}`, text: "x".repeat(2_000) };
      expect((await ask("events", event)).status).toBe(200);
    }
  })();
  await until(() => (sent > 300 ? true : undefined));
  const target = join(folder, "copy.db");
  const before = sent;
  const backup = baton(["db", "backup", target], { DATABASE_PATH: path });
  const copied = { code: await backup.ended, output: backup.output() };
  const after = sent;
  isOver = true;
  await sending;
  expect(copied.code, copied.output).toBe(0);
  expect(copied.output).toMatch(/copy\.db: .*schema version \d+, found sound/);
  expect(after).toBeGreaterThan(before);
  expect(readdirSync(folder).filter((name) => name.startsWith("copy.db"))).toEqual(["copy.db"]);

  const copy = new BetterSqlite3(target, { readonly: true });
  const events = Number(copy.prepare("SELECT count(*) FROM events").pluck().get());
  copy.close();
  expect(events).toBeGreaterThanOrEqual(before - 1);
  expect(events).toBeLessThanOrEqual(after);
  service.child.kill("SIGTERM");
  expect(await service.ended).toBe(0);

  const restored = await serve(target);
  expect((await restored.ask("sessions/s7")).status).toBe(200);
  const again = { id: "e7", type: "bot.message", session: "s7", text: "x".repeat(2_000) };
  expect(await (await restored.ask("events", again)).json()).toMatchObject({ outcome: "duplicate" });
});
