import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { flows } from "../flows/index.ts";
import { defineFlow, type Flow } from "../src/escalation/flow.ts";
import { createInMemoryBaton } from "../src/in-memory-baton.ts";

const retail = flows.find(({ name }) => name === "retail-support") as Flow;
const ask = { type: "customer.message", session: "chat-1", text: "a human, please" };

it("takes a chat to an agent and back, as a test of a flow tells it", async () => {
  const told: Flow["callbacks"] = {
    url: "https://bot.invalid/told",
    events: ["agent.joined", "handoff.returned"],
  };
  const baton = await createInMemoryBaton({ flow: defineFlow({ ...retail, callbacks: told }) });
  const answer = await baton.send(ask);
  expect(answer).toMatchObject({ status: 200, control: "queue", handoffState: "routed", reason: "customer-asked" });
  const id = answer.conversationId ?? "";
  expect(baton.conversation(id)).toMatchObject({
    status: "OPEN",
    priority: "HIGH",
    tags: ["bot_handoff", "customer_asked"],
    agent: null,
  });
  expect(baton.conversation(id).notes.join()).toContain("a human, please");

  const agent = baton.agent("Marta Silva");
  await agent.take(id);
  await agent.close(id);
  expect(baton.callbacks.map(({ type }) => type)).toEqual(["agent.joined", "handoff.returned"]);
  expect(await baton.send({ ...ask, text: "thank you" })).toMatchObject({ control: "bot", handoffId: null });
  await expect(agent.take(id)).rejects.toThrow(/Marta Silva cannot take/);
  await baton.stop();
});

it("does at its time what a flow puts off", async () => {
  const delivery = flows.find(({ bots }) => bots.includes("delivery-journey")) as Flow;
  const baton = await createInMemoryBaton({ flow: delivery, at: "2026-11-26T06:30:00+01:00" });
  expect(await baton.requestHandoff({ session: "chat-1" }, "delivery-journey")).toMatchObject({
    handoffState: "deferred",
  });
  expect(baton.calls()).toEqual([]);
  await baton.advance(3 * 3_600_000);
  expect(baton.calls().map(({ call }) => call)).toContainEqual(expect.stringMatching(/route$/));
  await baton.stop();
});

it("is shown in the guide as it is used", async () => {
  const guide = readFileSync(join(import.meta.dirname, "../docs/samples.md"), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?createInMemoryBaton[\s\S]*?)```/.exec(guide) ?? [];
  const body = code.slice(code.indexOf("async () => {") + 13, code.lastIndexOf("});"));
  const run = new Function("createInMemoryBaton", "retailSupport", "expect", `return (async () => {${body}})()`);
  await run(createInMemoryBaton, retail, expect);
});
