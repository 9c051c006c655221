import { expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { flowWants } from "../../src/escalation/flow-wants.ts";

const flow = {
  name: "shop",
  bots: ["shop-assistant"],
  conversation: { topic: "Chat" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" as const } }],
};

it("tells a bot what its flow names, without naming all but the agent's words, and nothing without an address", () => {
  const url = "https://bot.example/callbacks";
  const all = defineFlow({ ...flow, callbacks: { url } });
  expect(flowWants(all, "handoff.routed")).toBe(true);
  expect(flowWants(all, "agent.message")).toBe(false);
  const some = defineFlow({ ...flow, callbacks: { url, events: ["agent.message"] } });
  expect(flowWants(some, "agent.message")).toBe(true);
  expect(flowWants(some, "handoff.routed")).toBe(false);
  expect(flowWants(defineFlow(flow), "handoff.routed")).toBe(false);
});
