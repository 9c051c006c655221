import { expect, it } from "vitest";
import { createConsoleWorld, READER } from "../support/console-world.ts";

const PATH = "/flows/backtest?flow=retail-support";

it("counts how often each rule fired in the last week", async () => {
  const { world, get } = createConsoleWorld();
  await world.deliver({ type: "bot.error", session: "old", error: "a crash" });
  world.move(8 * 86_400_000);
  for (const session of ["a", "b"]) await world.deliver({ type: "handoff.requested", session });
  const { text } = await get("/flows");
  const firedOf = (rule: string) =>
    new RegExp(`<b>${rule}</b>.*?data-label="Fired"><div><span class="number">(\\d+)</span>`, "s").exec(text)?.[1];
  expect([firedOf("customer-asked"), firedOf("bot-failed")]).toEqual(["2", "0"]);
  expect(text).toContain("Fired: 2 handoffs of the last 7 days");
});

it("gives a flow as JSON, which comes back as a change that changes nothing", async () => {
  const { world, get, post } = createConsoleWorld();
  await world.deliver({ type: "handoff.requested", session: "a" });
  const { text: change } = await get("/flows/retail-support/json");
  expect((await post(PATH, { change, hours: "168" })).text).toContain("Nothing would change, over 1 event in 1 round");
  expect((await get("/flows/none/json")).status).toBe(404);
});

it("compares with the rules of another flow as if this one's bots had them", async () => {
  const { world, post } = createConsoleWorld();
  await world.deliver({ type: "bot.error", session: "a", error: "a crash" });
  const { text } = await post(PATH, { other: "llm-agent", change: "", hours: "24" });
  expect(text).toMatch(/<b>1 round would come out differently<\/b>|Nothing would change/);
});

it.each([
  ["no JSON", "defineFlow({})", "It is not valid JSON."],
  ["a program", "process.exit(1)", "It is not valid JSON."],
  ["a list", "[]", "It must be a JSON object."],
  ["a slip", '{"rules":{"unhappy":{"tagz":[]}}}', "rule &#39;unhappy&#39;"],
  ["a text that is far too long", `{"message":"${"x".repeat(200_001)}"}`, "It is longer than 200000 characters."],
])("refuses %s with the reason, and compares nothing", async (_, change, reason) => {
  const { post } = createConsoleWorld();
  const { status, text } = await post(PATH, { change });
  expect(status).toBe(422);
  expect(text).toContain(reason);
  expect(text).not.toContain("Result");
});

it("compares for nobody who may only look", async () => {
  const { get, post } = createConsoleWorld(READER);
  expect((await get(PATH)).status).toBe(403);
  expect((await post(PATH, { change: "{}" })).status).toBe(403);
  expect((await get("/flows")).text).not.toContain("Backtest a change");
});

it("leaves an entry of each backtest in the audit trail", async () => {
  const { world, post } = createConsoleWorld();
  await post(PATH, { change: "{}" });
  const answer = await world.operate("/audit?act=backtest", "GET");
  expect(await answer.json()).toMatchObject({ entries: [{ operator: "ana", act: "backtest", outcome: "done" }] });
});
