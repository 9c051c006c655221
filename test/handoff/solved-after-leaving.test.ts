import { expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const flow = defineFlow({
  name: "desk",
  bots: ["shop-assistant"],
  conversation: { topic: "Chat {{session}}" },
  tags: ["bot_handoff"],
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  handBack: { when: "solved", removeTags: ["bot_handoff"], message: "An agent has solved it." },
});

it("takes the tags off a chat that an agent solved after its customer had left the queue for the bot", async () => {
  const world = createWorld((fetch) => fetch, { flows: [flow] });
  await world.service.resume();
  const [agent = { id: "" }] = world.emulator.state.agents.values();
  await world.deliver({ type: "handoff.requested" });
  await world.deliver({ type: "session.ended" });
  const { answer } = await world.deliver({ type: "customer.message", text: "are you there?" });
  expect(answer).toMatchObject({ control: "bot" });
  expect(world.conversations()[0]?.tags).toContain("bot_handoff");
  // Nobody hears that the agent takes it: the poll finds it solved.
  world.emulator.desk.take(world.conversations()[0]?.id ?? "", agent.id);
  world.emulator.desk.setStatus(world.conversations()[0]?.id ?? "", agent.id, "SOLVED");
  for (let look = 0; look < 3; look += 1) await world.pass(30_000);
  expect(world.handoff("01H0001")).toMatchObject({ state: "returned", returnedBecause: "solved" });
  expect(world.conversations()[0]?.tags).not.toContain("bot_handoff");
  expect((await world.deliver({ type: "customer.message", text: "hello" })).answer.message).toBeNull();
});
