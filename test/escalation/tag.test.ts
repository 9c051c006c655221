import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";

const flow = (more: Partial<FlowInput>) => () =>
  defineFlow({
    name: "f",
    bots: ["b"],
    conversation: { topic: "Chat {{session}}" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...more,
  });

describe("a tag of a flow", () => {
  it.each(["bot_handoff", "Vip.2", "žurno", "客服"])("is made of letters, digits, dots and underscores: %s", (tag) => {
    expect(flow({ tags: [tag] })().tags).toEqual([tag]);
  });

  it.each<[string, Partial<FlowInput>]>([
    ["tags.0", { tags: ["bot-handoff"] }],
    ["rules.0.tags.0", { rules: [{ reason: "r", when: { event: "bot.error" }, tags: ["bot-handoff"] }] }],
    ["waiting.0.tags.0", { waiting: [{ afterSeconds: 60, tags: ["bot-handoff"] }] }],
    ["handBack.removeTags.0", { handBack: { removeTags: ["bot-handoff"] } }],
    ["accept.tags.0", { accept: { tags: ["bot-handoff"] } }],
  ])("of any other characters is refused when the flow is defined, with what to write: %s", (path, more) => {
    const place = path.startsWith("rules.") ? `${path} (rule 'r')` : path;
    expect(flow(more)).toThrow(
      `${place}: 'bot-handoff' is no tag: Infobip takes letters, digits, '.' and '_' only; write 'bot_handoff'`,
    );
  });

  it("that cannot be told from its sound ones gets no proposal", () => {
    expect(flow({ tags: ["--"] })).toThrow(/'_' only$/);
  });
});
