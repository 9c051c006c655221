import { describe, expect, it } from "vitest";
import { createFailingRecord } from "../support/failing-record.ts";
import { createWorld, OPERATOR_TOKEN } from "../support/world.ts";

const operators = [
  { name: "ana", token: OPERATOR_TOKEN, mayAct: true },
  { name: "grafana", token: "a-token-that-may-read", mayAct: false },
];

/** Three parked handoffs of two reasons, and one that is routed. */
async function createOffice() {
  const failing = createFailingRecord();
  const world = createWorld((fetch) => fetch, { operators, record: failing.record });
  world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400, text: "No.", times: 3 });
  for (const [session, event] of [
    ["s1", { type: "handoff.requested" }],
    ["s2", { type: "bot.error", error: "a crash" }],
    ["s3", { type: "handoff.requested" }],
    ["s4", { type: "handoff.requested" }],
  ] as const) {
    await world.deliver({ ...event, session });
    world.move(1_000);
  }
  const states = () => ["01H0001", "01H0002", "01H0003", "01H0004"].map((id) => world.handoff(id)?.state);
  expect(states()).toEqual(["parked", "parked", "parked", "routed"]);
  const ask = async (path: string, method = "POST", token = OPERATOR_TOKEN) => {
    const answer = await world.request(`/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: await answer.json() };
  };
  const settle = () => world.pass(0);
  return { world, failing, states, ask, settle };
}

describe("a retry of all that a filter matches", () => {
  it("lets every parked handoff go on, and leaves the others as they are", async () => {
    const { ask, states, settle } = await createOffice();
    expect(await ask("/handoffs/retry")).toEqual({ status: 200, body: { retried: 3, failed: [], more: false } });
    await settle();
    expect(states()).toEqual(["routed", "routed", "routed", "routed"]);
    expect((await ask("/handoffs/retry")).body).toEqual({ retried: 0, failed: [], more: false });
  });

  it.each([
    ["reason=bot-failed", [1]],
    ["tag=bot_failed&bot=shop-assistant&state=parked", [1]],
    ["reason=customer-asked", [0, 2]],
    ["word=BOT-Fail", [1]],
    ["word=s3", [2]],
    ["word=nobody", []],
    ["bot=another-bot", []],
    ["age=older-5m", []],
  ])("goes by the query: %s", async (query, retried) => {
    const { ask, states, settle } = await createOffice();
    expect((await ask(`/handoffs/retry?${query}`)).body).toMatchObject({ retried: retried.length });
    await settle();
    expect(states()).toEqual([0, 1, 2].map((at) => (retried.includes(at) ? "routed" : "parked")).concat("routed"));
  });

  it("begins with the newest, and says that there are more than it took", async () => {
    const { ask, states, settle } = await createOffice();
    expect((await ask("/handoffs/retry?limit=2")).body).toEqual({ retried: 2, failed: [], more: true });
    await settle();
    expect(states()).toEqual(["parked", "routed", "routed", "routed"]);
  });

  it("names those that do not go on, and audits each", async () => {
    const { ask, failing, states, settle } = await createOffice();
    failing.unreadable.add("01H0002");
    const { body } = await ask("/handoffs/retry");
    expect(body).toMatchObject({ retried: 2, more: false, failed: [{ id: "01H0002", state: null }] });
    failing.unreadable.clear();
    await settle();
    expect(states()).toEqual(["routed", "parked", "routed", "routed"]);
    const { entries } = (await ask("/audit?act=retry", "GET")).body as {
      entries: { operator: string; handoff: string | null; outcome: string | null }[];
    };
    const audited = entries.map(({ operator, handoff, outcome }) => [operator, handoff, outcome]);
    expect(audited.toSorted()).toEqual(
      [
        ["ana", null, "done"],
        ["ana", "01H0001", "done"],
        ["ana", "01H0002", null],
        ["ana", "01H0003", "done"],
      ].toSorted(),
    );
  });

  it("refuses an operator who may only look, and a filter that can match nothing", async () => {
    const { ask, states } = await createOffice();
    expect((await ask("/handoffs/retry", "POST", "a-token-that-may-read")).status).toBe(403);
    expect(await ask("/handoffs/retry?state=routed")).toMatchObject({
      status: 422,
      body: { issues: [{ field: "state" }] },
    });
    expect(states()).toEqual(["parked", "parked", "parked", "routed"]);
  });
});

describe("the list of handoffs", () => {
  it.each([
    ["state=waiting", ["01H0004"]],
    ["state=parked&reason=bot-failed", ["01H0002"]],
    ["tag=customer_asked&limit=2", ["01H0004", "01H0003"]],
    ["tag=customer_asked&limit=2&before=01H0003", ["01H0001"]],
  ])("goes by its query: %s", async (query, ids) => {
    const { ask } = await createOffice();
    const { body } = await ask(`/handoffs?${query}`, "GET");
    expect((body as { handoffs: { id: string }[] }).handoffs.map(({ id }) => id)).toEqual(ids);
  });
});
