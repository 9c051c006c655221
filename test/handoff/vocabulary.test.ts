import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const HOUR = 3_600_000;
const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "wordy",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    message: "I pass you on.",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });
async function createRunning(more: Partial<FlowInput>) {
  const world = createWorld((fetch) => fetch, { flows: [flowWith(more)], pushes: true });
  await world.service.resume();
  const say = async (given: object) => (await world.deliver(given)).answer;
  return { world, say };
}

describe("a rule that suggests", () => {
  const rules: FlowInput["rules"] = [
    { reason: "unhappy", do: "suggest", when: { sentiment: { below: -0.5 } }, message: "Shall I ask a colleague?" },
    { reason: "asked", when: { event: "handoff.requested" } },
  ];
  const bad = { type: "customer.message", text: "bad", sentiment: -0.9 };

  it("is told in the answer, once more to the same delivery, and opens nothing", async () => {
    const { world, say } = await createRunning({ rules });
    const first = await say({ ...bad, id: "m1" });
    const expected = {
      control: "bot",
      handoffId: null,
      reason: "unhappy",
      suggestion: true,
      message: "Shall I ask a colleague?",
    };
    expect(first).toMatchObject({ outcome: "accepted", ...expected });
    expect(await say({ ...bad, id: "m1" })).toMatchObject({ outcome: "duplicate", ...expected });
    expect(world.conversations()).toHaveLength(0);
  });

  it("is followed by a handoff when the customer wants one, and asks nobody who waits", async () => {
    const { world, say } = await createRunning({ rules });
    await say({ ...bad, id: "m1" });
    const asked = await say({ type: "handoff.requested", id: "r1" });
    expect(asked).toMatchObject({ handoffState: "routed", reason: "asked", message: "I pass you on." });
    expect(asked).not.toHaveProperty("suggestion");
    const waiting = await say({ ...bad, id: "m2" });
    expect(waiting).not.toHaveProperty("suggestion");
    expect(waiting.message).not.toBe("Shall I ask a colleague?");
    expect(world.conversations()).toHaveLength(1);
  });
});

it("counts in its rules how often a session was handed over, and how long ago it came back", async () => {
  const { world, say } = await createRunning({
    rules: [
      { reason: "soon", when: { event: "customer.message", sinceHandBack: { belowMinutes: 10 } } },
      { reason: "again", when: { event: "handoff.requested", handoffs: { atLeast: 1, withinHours: 24 } } },
      { reason: "asked", when: { event: "handoff.requested" } },
    ],
  });
  const [agent] = world.emulator.state.agents.values();
  if (agent === undefined) throw new Error("nobody is at the desk");
  const { desk, pushes } = world.emulator;
  const solve = async () => {
    const id = world.conversations().at(-1)?.id ?? "";
    for (const act of [() => desk.take(id, agent.id), () => desk.setStatus(id, agent.id, "CLOSED")]) {
      world.move(1_000);
      act();
      await pushes.idle();
      await world.pass(1_000);
    }
  };
  expect(await say({ type: "handoff.requested", id: "r1" })).toMatchObject({ reason: "asked" });
  await solve();
  expect(world.handoff("01H0001")?.state).toBe("returned");
  expect(await say({ type: "handoff.requested", id: "r2" })).toMatchObject({ reason: "again" });
  await solve();
  expect(await say({ type: "customer.message", id: "m1", text: "still bad" })).toMatchObject({ reason: "soon" });
  await solve();
  world.move(11 * 60_000);
  expect(await say({ type: "customer.message", id: "m2", text: "fine" })).toMatchObject({ reason: null });
  world.move(25 * HOUR);
  expect(await say({ type: "handoff.requested", id: "r3" })).toMatchObject({ reason: "asked" });
});

it("opens no handoff beyond the flow's limit, tells the customer and the log, and joins one that is open", async () => {
  const { world, say } = await createRunning({
    atMost: { handoffs: 2, withinHours: 12, message: "Please write again tomorrow." },
    rules: [
      { reason: "asked", when: { event: "handoff.requested" } },
      { reason: "unhappy", when: { sentiment: { below: -0.5 } }, tags: ["unhappy"] },
    ],
  });
  const [agent] = world.emulator.state.agents.values();
  const { desk, pushes } = world.emulator;
  const close = async () => {
    const id = world.conversations().at(-1)?.id ?? "";
    for (const act of [() => desk.take(id, agent?.id ?? ""), () => desk.setStatus(id, agent?.id ?? "", "CLOSED")]) {
      world.move(1_000);
      act();
      await pushes.idle();
      await world.pass(1_000);
    }
  };
  const alerts = () => world.lines.filter(({ fields }) => fields.reason === "too-many-handoffs");
  expect(await say({ type: "handoff.requested", id: "r1" })).toMatchObject({ reason: "asked" });
  await close();
  expect(await say({ type: "handoff.requested", id: "r2" })).toMatchObject({ handoffId: "01H0002" });
  const joined = { type: "handoff.requested", id: "r3", priority: "URGENT" };
  expect(await say(joined)).toMatchObject({ handoffId: "01H0002", reason: "asked" });
  expect(world.handoff("01H0002")?.decision.priority).toBe("URGENT");
  await close();
  expect(alerts()).toEqual([]);

  const refused = {
    handoffId: null,
    control: "bot",
    reason: "too-many-handoffs",
    message: "Please write again tomorrow.",
  };
  expect(await say({ type: "handoff.requested", id: "r4" })).toMatchObject(refused);
  expect(await say({ type: "handoff.requested", id: "r4" })).toMatchObject({ ...refused, outcome: "duplicate" });
  expect(alerts()).toMatchObject([{ level: "error", fields: { bot: "shop-assistant", flow: "wordy", count: 2 } }]);
  const unhappy = { type: "customer.message", id: "m1", text: "bad", sentiment: -0.9 };
  expect(await say(unhappy)).toMatchObject({ handoffId: null, reason: "too-many-handoffs", message: null });
  expect(alerts()).toHaveLength(1);

  world.move(13 * HOUR);
  expect(await say({ type: "handoff.requested", id: "r5" })).toMatchObject({ reason: "asked", handoffId: "01H0003" });
});

it("speaks the customer's language in everything that follows", async () => {
  const { world, say } = await createRunning({
    language: "en",
    message: { en: "I pass you on.", de: "Ich verbinde Sie." },
    waiting: [{ afterSeconds: 60, message: { en: "Still looking.", de: "Wir suchen noch." } }],
    handBack: { message: { en: "I am back.", de: "Ich bin wieder da." } },
  });
  const answer = await say({ type: "handoff.requested", language: "de-AT" });
  expect(answer.message).toBe("Ich verbinde Sie.");
  expect(world.handoff("01H0001")?.decision).toMatchObject({
    waiting: [{ message: "Wir suchen noch." }],
    handBack: { message: "Ich bin wieder da." },
  });
});

it("gives a rule's handoffs the course that the rule has when nobody is there", async () => {
  const { world, say } = await createRunning({
    noAgent: { do: "decline", message: "Nobody is free." },
    rules: [
      {
        reason: "lost",
        when: { text: { contains: ["lost"] } },
        noAgent: { do: "queue", message: "It cannot wait: you are in line." },
      },
      { reason: "asked", when: { event: "handoff.requested" } },
    ],
  });
  await say({ type: "customer.message", text: "I lost my card" });
  expect(world.handoff("01H0001")?.decision.noAgent).toMatchObject({
    do: "queue",
    message: "It cannot wait: you are in line.",
  });
});
