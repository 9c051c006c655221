import { describe, expect, it } from "vitest";
import { decide } from "../../src/escalation/decide.ts";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import type { Facts } from "../../src/events/facts.ts";
import { event, NOW, subject } from "./given.ts";

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

describe("a tag with data of the chat", () => {
  const tagged = flow({
    tags: ["bot_handoff", "lang_{{language}}"],
    rules: [{ reason: "asked", when: { event: "handoff.requested" }, tags: ["{{channel}}.{{attributes.topic}}"] }],
  })();
  const tagsFor = (facts: Partial<Facts>) =>
    decide(tagged, subject(facts), event({ type: "handoff.requested" }), NOW).escalation?.tags;

  it.each<[Partial<Facts>, string[]]>([
    [{ language: "de" }, ["lang_de"]],
    [{ language: "pt-BR" }, ["lang_pt_BR"]],
    [{ channel: "WHATSAPP", attributes: { topic: "late parcel!" } }, ["WHATSAPP.late_parcel"]],
    [{ channel: "WHATSAPP", attributes: { topic: "!?" } }, []],
    [{ channel: "WHATSAPP", attributes: { topic: "4111 1111 1111 1111" } }, []],
    [{ channel: "WHATSAPP", attributes: { topic: "x".repeat(200) } }, []],
    [{ attributes: { topic: "returns" } }, []],
    [{}, []],
  ])("holds it as the platform takes it, and is none without it: %j", (facts, tags) => {
    expect(tagsFor(facts)).toEqual(["bot_handoff", ...tags]);
  });

  it.each<[string, RegExp]>([
    ["{{customer.phone}}", /tags\.0: has \{\{customer\.phone\}\}: a tag may hold \{\{language\}\}, \{\{channel\}\}/],
    ["{{attributes.}}", /has \{\{attributes\.\}\}/],
    ["lang-{{language}}", /'lang-\{\{language\}\}' is no tag/],
    ["lang_{{language", /is no tag/],
  ])("is refused where it can hold anything else: %s", (tag, problem) => {
    expect(flow({ tags: [tag] })).toThrow(problem);
  });
});
