import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createWorld } from "../support/world.ts";

const DAY_MS = 86_400_000;
const MARKER = /MARKER\d+/g;

const markersIn = (folder: string): number =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "latin1").match(MARKER)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);

it("leaves no words in the files of a record that was closed, once they are forgotten", async () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-"));
  const record = createSqliteRecord(join(folder, "baton.db"));
  const world = createWorld((fetch) => fetch, { record });
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(
      Array.from({ length: 50 }, (_, session) => {
        const n = 50 * round + session;
        // Some texts fill pages of their own.
        const text = `MARKER${n} my diagnosis ${"is secret ".repeat(n % 40 === 0 ? 900 : n % 30)} MARKER${n}`;
        return world.deliver({ type: "customer.message", session: `s${session}`, text });
      }),
    );
  }
  for (let n = 0; n < 15; n += 1) {
    const asked = { type: "handoff.requested", session: `s${n}`, summary: `MARKER${n}` };
    const { answer } = await world.deliver(asked);
    const id = answer.handoffId ?? "";
    await world.record.commit((t) => {
      const before = t.handoffs.byId(id);
      if (before !== null) t.handoffs.save({ ...before, state: "returned", dueAt: null }, before);
    });
  }
  expect(markersIn(folder)).toBeGreaterThan(1_500);
  world.move(36 * DAY_MS);
  await world.prune();
  // The last event stays until the next one.
  await world.deliver({ type: "session.started", session: "new" });
  await world.prune();
  expect(record.read((t) => t.events.list(10))).toHaveLength(1);
  await record.close();
  expect(markersIn(folder)).toBe(0);
});
