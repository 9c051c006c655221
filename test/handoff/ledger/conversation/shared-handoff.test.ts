import { describe, expect, it } from "vitest";
import * as shared from "../../../../src/handoff/ledger/conversation/shared-handoff.ts";
import { createSqliteRecord } from "../../../../src/store/sqlite/sqlite-store.ts";
import type { Tables } from "../../../../src/store/store.ts";
import { handoff, NOW, routed, session, withHandoff } from "../given.ts";

const within = <T>(work: (tables: Tables) => T): Promise<T> => createSqliteRecord(":memory:").commit(work);
/** A session that follows the handoff of another one. */
function pair(tables: Tables, state: "routed" | "returned") {
  const first = tables.sessions.open("b", "first", NOW);
  tables.handoffs.add(withHandoff(routed(), { id: "h1", sessionId: first.id, session: "first", state }));
  const second = shared.withFollowed(tables.sessions.open("b", "second", NOW), handoff({ id: "h1", state }));
  tables.sessions.save(second, NOW);
  return { first, second };
}

it("counts a handoff as open until it is returned or cancelled", () => {
  expect(
    (["pending", "parked", "returned", "cancelled"] as const).map((state) => shared.isOpen(handoff({ state }))),
  ).toEqual([...[true, true, false, false]]);
});

it("lets a session follow another one's handoff in its present round", () => {
  const follower = shared.withFollowed(
    session({ epoch: 3 }),
    handoff({ state: "assigned", agentId: "a1", conversationId: "c1" }),
  );
  expect(follower).toMatchObject({
    control: "agent",
    agentId: "a1",
    conversationId: "c1",
    follows: "h1",
    followsEpoch: 3,
  });
  const queued = shared.withFollowed(session({ control: "agent", agentId: "a1" }), handoff({ state: "routed" }));
  expect(queued).toMatchObject({ control: "queue", follows: "h1" });
});

describe("the open handoff of a session", () => {
  it("is its own, or the one that it follows in this round", async () => {
    const ids = await within((tables) => {
      const { first, second } = pair(tables, "routed");
      const next = { ...second, epoch: second.epoch + 1 };
      return [first, second, next].map((it) => shared.openFor(tables, it)?.id ?? null);
    });
    expect(ids).toEqual(["h1", "h1", null]);
  });

  it("is none once that is over, though it stays the last one", async () => {
    const [open, last] = await within((tables) => {
      const { second } = pair(tables, "returned");
      return [shared.openFor(tables, second), shared.lastFor(tables, second)?.id];
    });
    expect([open, last]).toEqual([null, "h1"]);
  });

  it("stands beside the session before an event", async () => {
    const places = await within((tables) => {
      pair(tables, "routed");
      return ["first", "third"].map((name) => shared.placeOf(tables, "b", name));
    });
    expect(places).toMatchObject([
      { found: { session: "first" }, open: { id: "h1" } },
      { found: null, open: null },
    ]);
  });
});

it("finds the last handoff of a session that follows none", async () => {
  expect(await within((tables) => shared.lastFor(tables, pair(tables, "returned").first)?.id)).toBe("h1");
});
