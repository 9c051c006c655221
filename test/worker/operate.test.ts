import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import {
  alarmAt,
  ask,
  BOT,
  calls,
  conversationOf,
  DAY,
  OPERATOR,
  push,
  request,
  shown,
  sqlOf,
  stubOf,
  take,
} from "./objects.ts";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const act = async (id: string, what: string) => {
  const answer = await request(`/v1/handoffs/${id}/${what}`, { method: "POST", headers: OPERATOR });
  return { status: answer.status, ...((await answer.json()) as { state?: string }) };
};
const assigned = async (session: string) => {
  const { handoffId, conversationId } = await take(session, ask);
  const id = conversationId ?? "";
  const human = { type: "conversation.assigned", assignee: { kind: "human", id: "a1", name: "Ana" } };
  await expect
    .poll(async () => {
      await conversationOf(id).receivePushes("default", [push(`${session}-assigned`, id, human)]);
      return (await stubOf(session).handoff(handoffId ?? ""))?.handoff.state;
    })
    .toBe("assigned");
  return { handoffId: handoffId ?? "", conversationId: id };
};
const closings = async (id: string) =>
  (await calls()).filter(
    ({ operation, path, body }) =>
      operation === "patchConversation" && path.includes(id) && JSON.stringify(body).includes("CLOSED"),
  ).length;

describe("an operator who ends a handoff whose agent does not come back", () => {
  it("gives the bot its customer, and leaves the conversation as it is", async () => {
    const { handoffId, conversationId } = await assigned("ended");
    expect(await act(handoffId, "end")).toMatchObject({ status: 200, state: "returned" });
    expect((await stubOf("ended").session(BOT, "ended"))?.session.control).toBe("bot");
    await expect.poll(async () => (await shown(handoffId)).state).toBe("returned");
    expect(await closings(conversationId)).toBe(0);
    expect(await take("ended", ask)).toMatchObject({ handoffState: "routed", control: "queue" });
  });

  it("closes the conversation where that is asked for, also afterwards, and once", async () => {
    const { handoffId, conversationId } = await assigned("closed");
    expect((await act(handoffId, "end")).status).toBe(200);
    for (const _ of [1, 2]) expect((await act(handoffId, "end?close=true")).status).toBe(200);
    await expect.poll(() => closings(conversationId)).toBe(1);
    expect((await act("01HNOBODYS0000000000000000", "end")).status).toBe(404);
  });
});

describe("a handoff of a bot that is not configured any more", () => {
  const orphaned = async (session: string) => {
    for (const table of ["sessions", "handoffs"]) await sqlOf(stubOf(session), `UPDATE ${table} SET bot = 'last-year'`);
    await evictDurableObject(stubOf(session));
  };

  it("may be ended, and its conversation closed", async () => {
    const { handoffId, conversationId } = await assigned("orphan-1");
    await orphaned("orphan-1");
    expect((await shown(handoffId)).state).toBe("assigned");
    expect(await act(handoffId, "end?close=true")).toMatchObject({ status: 200, state: "returned" });
    await expect.poll(() => closings(conversationId)).toBe(1);
  });

  it("may be retried and cancelled, and its session erased", async () => {
    const { handoffId } = await take("orphan-2", ask);
    await sqlOf(
      stubOf("orphan-2"),
      "UPDATE handoffs SET state = 'parked', parked_because = 'x', parked_for = 'person'",
    );
    await orphaned("orphan-2");
    const id = handoffId ?? "";
    expect((await act(id, "retry")).status).toBe(200);
    await expect.poll(async () => (await shown(id)).state).toBe("routed");
    await sqlOf(
      stubOf("orphan-2"),
      "UPDATE handoffs SET state = 'parked', parked_because = 'x', parked_for = 'person'",
    );
    expect(await act(id, "cancel")).toMatchObject({ status: 200, state: "cancelled" });
    expect(await stubOf("orphan-2").eraseSession("last-year", "orphan-2")).toMatchObject({ ok: true });
  });

  it("hears of its conversation's end", async () => {
    const { handoffId, conversationId } = await assigned("orphan-3");
    await orphaned("orphan-3");
    const closed = push("orphan-closed", conversationId, { type: "conversation.status", status: "closed" });
    await conversationOf(conversationId).receivePushes("default", [closed]);
    await expect.poll(async () => (await shown(handoffId)).state).toBe("returned");
  });
});

describe("a handoff whose turn fails again and again", () => {
  it("is put off by the object's alarm, and parked with its reason when it failed for the tenth time", async () => {
    const { handoffId } = await take("failing-turn", ask);
    const stub = stubOf("failing-turn");
    const row = async () => (await sqlOf(stub, "SELECT state, failures, due_at, parked_because FROM handoffs"))[0];
    // No version of Baton can have written such a step.
    await sqlOf(stub, "UPDATE handoffs SET state = 'pending', failures = 8");
    await sqlOf(stub, "UPDATE steps SET arguments = '{' WHERE position = 0");
    const turn = async () => {
      await evictDurableObject(stub);
      await sqlOf(stub, "UPDATE handoffs SET due_at = 0");
      await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + DAY));
      expect(await runDurableObjectAlarm(stub)).toBe(true);
    };
    await turn();
    await expect.poll(async () => (await row())?.failures).toBe(9);
    const due = Number((await row())?.due_at);
    expect(Math.round((due - Date.now()) / 10_000)).toBe(26);
    await expect.poll(async () => ((await alarmAt(stub)) ?? Number.POSITIVE_INFINITY) <= due + 2_000).toBe(true);
    await turn();
    await expect.poll(async () => (await row())?.state).toBe("parked");
    expect(await row()).toMatchObject({
      due_at: null,
      parked_because: expect.stringMatching(/see the error in its log/),
    });
    await expect
      .poll(async () => {
        const list = await request("/v1/handoffs?state=parked&limit=200", { headers: OPERATOR });
        return ((await list.json()) as { handoffs: { id: string }[] }).handoffs.map(({ id }) => id);
      })
      .toContain(handoffId);
  });
});

it("tries a payload, and asks the account where it would route it", async () => {
  const answer = await request("/v1/flows/retail-support/explain?live=true", {
    method: "POST",
    headers: OPERATOR,
    body: JSON.stringify({ type: "customer.message", session: "dry", ...ask }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    events: [{ decision: { reason: "customer-asked", course: "now" }, route: { asked: true, simulated: null } }],
  });
  expect(await stubOf("dry").session(BOT, "dry")).toBeNull();
});
