import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const HOUR = 3_600_000;
const WORDS = "my kettle leaks";
type Kept = NonNullable<FlowInput["transcript"]>;

const worldOf = (transcript: Kept) =>
  createWorld(undefined, {
    pushes: true,
    flows: [
      defineFlow({
        name: "shop",
        bots: ["shop-assistant"],
        conversation: { topic: "Chat" },
        rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
        newRoundAfter: "2h",
        transcript,
      }),
    ],
  });
type World = ReturnType<typeof worldOf>;

const said = { type: "customer.message", text: WORDS, attributes: { orderId: "A-1" } };
const recorded = ({ record }: World, session = "s1"): string =>
  JSON.stringify(
    record.read((t) => {
      const found = t.sessions.find("shop-assistant", session);
      return found === null ? [] : t.events.page(found.id, 0, { events: 100, bytes: 1e6 });
    }),
  );
const notes = ({ emulator }: World): string =>
  [...emulator.state.conversations.values()].flatMap((it) => it.notes.map(({ content }) => content)).join("\n");

async function handOver(world: World): Promise<string> {
  await world.deliver(said);
  const { answer } = await world.deliver({ type: "handoff.requested", reason: "leak-reason", summary: "leak-summary" });
  expect(answer.handoffState).toBe("routed");
  return answer.handoffId ?? "";
}

async function solve(world: World): Promise<void> {
  const [conversation] = world.conversations();
  const [agent] = [...world.emulator.state.agents.keys()];
  world.emulator.desk.take(conversation?.id ?? "", agent ?? "");
  await world.pass(1_000);
  world.emulator.desk.setStatus(conversation?.id ?? "", agent ?? "", "SOLVED");
  await world.pass(1_000);
}

describe("a flow's transcript", () => {
  it("'handoff' gives the agent the words, and keeps none once the handoff is over", async () => {
    const world = worldOf("handoff");
    const id = await handOver(world);
    expect(notes(world)).toContain(WORDS);
    expect(recorded(world)).toContain(WORDS);
    await solve(world);
    expect(world.handoff(id)).toMatchObject({ state: "returned" });
    const left = recorded(world);
    for (const word of [WORDS, "leak-reason", "leak-summary"]) expect(left).not.toContain(word);
    expect(left).toContain("A-1");
    // The next round has words of its own.
    await world.deliver({ ...said, text: "and it hisses" });
    expect(recorded(world)).toContain("and it hisses");
  });

  it("'handoff' keeps words for a handoff to come, and none once a round is over without one", async () => {
    const world = worldOf("handoff");
    await world.deliver(said);
    await world.deliver({ ...said, session: "s2", text: "another leak" });
    await world.prune();
    expect(recorded(world)).toContain(WORDS);
    await world.pass(3 * HOUR);
    await world.deliver({ ...said, text: "a new round" });
    expect(recorded(world)).not.toContain(WORDS);
    expect(recorded(world)).toContain("a new round");
    await world.prune();
    expect(recorded(world, "s2")).not.toContain("another leak");
    expect(recorded(world, "s2")).toContain("A-1");
    expect(recorded(world)).toContain("a new round");
  });

  it("'handoff' keeps the words of a silent session while its handoff is open", async () => {
    const world = worldOf("handoff");
    await handOver(world);
    await world.pass(3 * HOUR);
    await world.prune();
    expect(recorded(world)).toContain(WORDS);
  });

  it("'none' records no words, and the agent reads the reason and the summary", async () => {
    const world = worldOf("none");
    await handOver(world);
    expect(recorded(world)).not.toContain(WORDS);
    expect(notes(world)).toContain("leak-summary");
    expect(notes(world)).not.toContain(WORDS);
    expect(notes(world)).not.toContain("Transcript");
  });

  it("'session' keeps the words after the handoff", async () => {
    const world = worldOf("session");
    await handOver(world);
    await solve(world);
    await world.pass(3 * HOUR);
    await world.prune();
    expect(recorded(world)).toContain(WORDS);
  });
});
