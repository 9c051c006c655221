import { expect, it } from "vitest";
import { withoutSecondRoute } from "../../src/handoff/run/second-route.ts";
import type { Ledger } from "../../src/model/handoff.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { Tables } from "../../src/store/store.ts";
import { subject } from "../escalation/given.ts";
import { inContext, NOW, planned, routed, settings, stepOf, withHandoff, withSteps } from "./ledger/given.ts";

const adopted = { subject: { ...subject(), id: 1, epoch: 1, conversationId: "c1" } };
const own = inContext(adopted, { queueId: "q1" });
const other = (ledger: Ledger): Ledger =>
  withHandoff(ledger, { id: "h2", sessionId: 2, token: "ho-h2", conversationId: "c1" });

/** The ledger beside another handoff in the same conversation. */
async function beside(second: Ledger | null, ledger = own): Promise<Ledger> {
  const record = createSqliteRecord(":memory:");
  const work = (tables: Tables): Ledger => {
    for (const name of ["s1", "s2"]) tables.sessions.open("b", name, NOW);
    tables.handoffs.add(ledger);
    if (second !== null) tables.handoffs.add(other(second));
    return withoutSecondRoute(tables, ledger, NOW, settings.quietMs);
  };
  return record.commit(work);
}

it("leaves the route out if another handoff waits in the conversation", async () => {
  const after = await beside(routed());
  expect(stepOf(after, "route")).toMatchObject({ state: "skipped", result: { kind: "route", queueId: "q1" } });
});

it("puts it off while it is not known whether another one's route was done", async () => {
  for (const state of ["sent", "unknown"] as const) {
    const after = await beside(withSteps(inContext(), { route: { state } }));
    expect(stepOf(after, "route")).toMatchObject({ state: "ready", nextAt: NOW + settings.quietMs });
  }
});

it("looks at the conversation before its route if another handoff found a person there", async () => {
  const taken = withHandoff(routed(), { state: "assigned", agentId: "a1" });
  const after = await beside(taken);
  expect(stepOf(after, "route").state).toBe("ready");
  expect(stepOf(after, "conversation").result).toMatchObject({ isAssigneeUnread: true });
  expect((await beside(taken, after)).steps).toEqual(after.steps);
});

it.each([
  ["it is alone in its conversation", null, own],
  ["the other one has not begun its route", inContext(), own],
  ["the other one is over", withHandoff(routed(), { state: "returned" }), own],
  ["the chatbot's own element routes the other one", withHandoff(routed(), { routedBy: "answers" }), own],
  ["it is in a conversation of its own", routed(), inContext()],
  ["it was routed itself", routed(), withHandoff(own, { state: "routed" })],
  ["its conversation is not known yet", routed(), planned()],
])("keeps the route if %s", async (_, second, ledger) => {
  expect(await beside(second, ledger)).toBe(ledger);
});
