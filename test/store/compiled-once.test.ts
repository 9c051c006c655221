import BetterSqlite3 from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

/** Number of functions made from text: the engine's binding makes one for the rows of each compiled statement. */
let compiled = 0;
const own = globalThis.Function;
beforeEach(() => {
  compiled = 0;
  globalThis.Function = new Proxy(own, {
    apply(target, self, args) {
      compiled += 1;
      return Reflect.apply(target, self, args);
    },
  });
});
afterEach(() => {
  globalThis.Function = own;
});

it("would be compiled again with each bound value", () => {
  const sqlite = new BetterSqlite3(":memory:");
  sqlite.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')");
  const statement = sqlite.prepare("SELECT id FROM t WHERE a = ? ORDER BY id LIMIT ?");
  for (let time = 0; time < 5; time += 1) expect(statement.all("x", 1)).toEqual([{ id: 1 }]);
  expect(compiled).toBe(5);
  sqlite.close();
});

it("compiles the queries of a handoff once", async () => {
  const world = createWorld();
  const { received } = await world.deliver({ type: "handoff.requested", reason: "wants a person" });
  const id = received.handoffId ?? "";
  const read = () =>
    world.record.read(({ handoffs, events, sessions, callbacks }) => {
      const ledger = handoffs.ledger(id);
      const { sessionId, account, conversationId } = ledger?.handoff ?? {
        sessionId: 0,
        account: "",
        conversationId: "",
      };
      return [
        handoffs.readLedger(id),
        handoffs.list({}, 10),
        handoffs.list({ state: "routed" }, 10),
        handoffs.lastOf(sessionId),
        handoffs.ofSession(sessionId),
        handoffs.inConversation(account, conversationId ?? ""),
        handoffs.attemptsOf(id),
        events.page(sessionId, 0, { events: 10, bytes: 10_000 }),
        events.newestOf(sessionId),
        sessions.byId(sessionId),
        callbacks.ofHandoff(id),
      ];
    });
  const first = read();
  compiled = 0;
  expect(read()).toEqual(first);
  expect(compiled).toBe(0);
});
