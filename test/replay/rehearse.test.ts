import { describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import { createVirtualClock } from "../../src/replay/in-memory/virtual-clock.ts";
import { runInMemory } from "../../src/replay/run-in-memory.ts";
import { type Sample, sampleSchema } from "../../src/replay/sample.ts";

const sample = (given: object): Sample => sampleSchema.parse({ title: "A sample", bot: "shop-assistant", ...given });
const ask = { to: "events", body: { id: "e1", type: "handoff.requested", session: "s1" } };
const sessions = { s1: { control: "queue", handoff: "handoff-1", state: "routed" } };

describe("a rehearsal", () => {
  it("tells what an agent was refused, and goes on", async () => {
    const { answers } = await runInMemory(
      sample({
        script: [
          ask,
          { agent: "Nobody", does: "take" },
          { agent: "Luka Babic", does: "solve" },
          { agents: { Nobody: "AWAY" } },
          { agent: "Luka Babic", does: "take", conversation: "conversation-7" },
        ],
      }),
      retailSupport,
    );
    expect(answers.slice(1)).toEqual([
      { refused: "unknown-agent", sessions },
      { refused: "not-assigned", sessions },
      { refused: "unknown-agent", sessions },
      { refused: "unknown-conversation", sessions },
    ]);
  });

  it("leads to the same each time", async () => {
    const given = sample({
      given: { callbacks: ["handoff.routed", "handoff.waiting", "agent.joined"], pushes: "all" },
      script: [ask, { afterSeconds: 400 }, { agent: "Ana Horvat", does: "take", afterSeconds: 1 }],
    });
    const first = await runInMemory(given, retailSupport);
    expect(await runInMemory(given, retailSupport)).toEqual(first);
    expect(first.callbacks.map(({ type }) => type)).toEqual(["handoff.routed", "handoff.waiting", "agent.joined"]);
  });

  it("gives every turn a time of its own: what is taken and then solved is over", async () => {
    const { answers } = await runInMemory(
      sample({
        script: [ask, { agent: "Ana Horvat", does: "take" }, { agent: "Ana Horvat", does: "solve" }],
      }),
      retailSupport,
    );
    expect(answers.slice(1)).toEqual([
      { sessions: { s1: { control: "agent", handoff: "handoff-1", state: "assigned" } } },
      { sessions: { s1: { control: "bot", handoff: "handoff-1", state: "returned" } } },
    ]);
  });

  it("lets no time pass before the first turn, and as much as a turn says where it says so", async () => {
    const given = sample({
      at: "2026-11-23T10:00:00Z",
      script: [
        ask,
        { to: "events", body: { id: "e2", type: "customer.message", session: "s1", text: "hello" } },
        { to: "events", body: { id: "e3", type: "customer.message", session: "s1", text: "hello?" }, afterSeconds: 30 },
      ],
    });
    const { events } = await runInMemory(given, retailSupport);
    const times = events.map(({ body }) => new Date((body as { at: number }).at).toISOString());
    expect(times).toEqual(["2026-11-23T10:00:00.000Z", "2026-11-23T10:00:01.000Z", "2026-11-23T10:00:31.000Z"]);
  });

  it("does not begin without the agents that are given", async () => {
    const given = sample({ given: { agents: { Nobody: "AWAY" } }, script: [ask] });
    await expect(runInMemory(given, retailSupport)).rejects.toThrow("unknown-agent");
  });
});

it("a virtual clock does what falls due at its time, also what was begun meanwhile", async () => {
  const clock = createVirtualClock(0);
  const seen: number[] = [];
  clock.setTimer(() => {
    seen.push(clock.now());
    clock.setTimer(() => seen.push(clock.now()), 10);
  }, 30);
  clock.setTimer(() => seen.push(clock.now()), 100);
  await clock.pass(50, async () => undefined);
  expect(seen).toEqual([30, 40]);
  expect(clock.now()).toBe(50);
});
