import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { changeFlow } from "../../src/escalation/change-flow.ts";
import { type Flow, readFlow } from "../../src/escalation/flow.ts";

const flow = flows.find(({ name }) => name === "retail-support") as Flow;
const read = (change: unknown) => readFlow(changeFlow(flow, change));
const namesOf = (change: object) => {
  const changed = read(change);
  return changed.ok ? changed.value.rules.map(({ name }) => name) : changed.error.message;
};
const names = flow.rules.map(({ name }) => name);

describe("a change of a flow", () => {
  it("leaves a flow as it is if it says nothing, or is the whole flow", () => {
    expect(read({})).toEqual({ ok: true, value: flow });
    expect(read(JSON.parse(JSON.stringify(flow)))).toEqual({ ok: true, value: flow });
  });

  it("changes one part, and nothing beside it", () => {
    const changed = read({ conversation: { priority: "LOW" }, rules: { "bot-lost": { priority: "HIGH" } } });
    if (!changed.ok) throw new Error(changed.error.message);
    expect(changed.value.conversation).toEqual({ ...flow.conversation, priority: "LOW" });
    expect(changed.value.rules).toEqual(
      flow.rules.map((rule) => (rule.name === "bot-lost" ? { ...rule, priority: "HIGH" } : rule)),
    );
  });

  it("removes what is null, adds a rule at the end, and takes a list as the new order", () => {
    const when = [{ event: ["bot.error"] }];
    expect(namesOf({ rules: { unhappy: null } })).toEqual(names.filter((name) => name !== "unhappy"));
    expect(namesOf({ rules: { late: { when } } })).toEqual([...names, "late"]);
    expect(namesOf({ rules: [...flow.rules].reverse() })).toEqual([...names].reverse());
    const without = read({ message: null, rules: Object.fromEntries(names.map((name) => [name, { message: null }])) });
    expect(without.ok && without.value.message).toBe(undefined);
  });

  it.each([
    [{ rules: { "bot-lost": { wen: [] } } }, "bot-lost"],
    [{ rules: { fresh: { when: [{ fallbacks: { atLeast: "many" } }] } } }, "fresh"],
    [{ rules: 7 }, "rules"],
    [{ rules: [null, 7] }, "rules.0"],
    [JSON.parse('{"__proto__":{"polluted":true}}'), "__proto__"],
    ["text", "(the flow)"],
    [null, "(the flow)"],
  ])("tells a mistake with its place: %j", (change, place) => {
    const changed = read(change);
    expect(changed.ok ? [] : changed.error.message).toContain(place);
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
  });
});
