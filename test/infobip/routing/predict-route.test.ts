import { describe, expect, it } from "vitest";
import {
  activeRules,
  findShadowed,
  nameOf,
  predictRoute,
  type RoutingRule,
} from "../../../src/infobip/routing/predict-route.ts";

const tagged = (name: string, tag: string, fields: Partial<RoutingRule> = {}): RoutingRule => ({
  name,
  expression: { $eq: { "conversation.tags": tag } },
  queueId: `queue-of-${name}`,
  ...fields,
});
const bySms: RoutingRule = { name: "sms", expression: { $eq: { "message.channel": "SMS" } }, queueId: "q" };

describe("predictRoute", () => {
  it("is certain of the first rule that the tags fit, and tells of those before it that may match", () => {
    const found = predictRoute([tagged("vip", "vip"), bySms, tagged("bots", "bot"), tagged("late", "bot")], ["bot"]);
    expect(found.certain?.name).toBe("bots");
    expect(found.possible).toEqual([{ rule: bySms, on: "message.channel" }]);
  });

  it("is certain of none where none must match", () => {
    expect(predictRoute([tagged("vip", "vip")], ["bot"])).toEqual({ possible: [], certain: null });
    expect(predictRoute([bySms], ["bot"]).certain).toBeNull();
  });

  it("is not certain of a rule that routes in working hours only", () => {
    const { possible, certain } = predictRoute([tagged("bots", "bot", { routeOnlyDuringWorkingHours: true })], ["bot"]);
    expect(certain).toBeNull();
    expect(possible[0]?.on).toMatch(/working hours/);
  });
});

describe("inForce", () => {
  it("leaves out what is off, and goes by the order that the rules tell", () => {
    const rules = [tagged("second", "x", { order: 2 }), tagged("off", "x", { order: 0, enabled: false })];
    expect(activeRules([...rules, tagged("first", "x", { order: 1 })]).map(nameOf)).toEqual(["'first'", "'second'"]);
    expect(activeRules([...rules, tagged("unordered", "x")]).map(nameOf)).toEqual(["'second'", "'unordered'"]);
  });
});

describe("shadowed", () => {
  const chats = [["bot", "vip"], ["bot", "unhappy"], ["bot"]];

  it("finds rules that never get a chat because of an earlier one", () => {
    const [all, vip] = [tagged("all", "bot"), tagged("vip", "vip")];
    expect(findShadowed([all, vip], chats)).toEqual([{ rule: vip, by: [all] }]);
    expect(findShadowed([vip, all], chats)).toEqual([]);
  });

  it("finds those that also ask for something else than tags", () => {
    const all = tagged("all", "bot");
    const vipBySms: RoutingRule = {
      ...bySms,
      expression: { $and: [bySms.expression, tagged("vip", "vip").expression] },
    };
    expect(findShadowed([all, vipBySms, bySms], chats)).toEqual([{ rule: vipBySms, by: [all] }]);
    expect(findShadowed([vipBySms, all], chats)).toEqual([]);
  });

  it("says nothing of a rule that no chat is for, or that a chat may pass on to", () => {
    expect(findShadowed([tagged("all", "bot"), tagged("other", "other")], chats)).toEqual([]);
    expect(findShadowed([bySms, tagged("all", "bot")], chats)).toEqual([]);
  });
});
