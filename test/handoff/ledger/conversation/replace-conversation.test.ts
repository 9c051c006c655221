import { describe, expect, it } from "vitest";
import { replaceConversation } from "../../../../src/handoff/ledger/conversation/replace-conversation.ts";
import { inContext, NOW, planned, settings, statesOf, stepOf, withHandoff } from "../given.ts";

describe("replaced", () => {
  it("starts every step again, in a new conversation that names the old one", () => {
    const after = replaceConversation(withHandoff(inContext(), { toldUntil: 3, wordsAt: NOW }), NOW + 1, settings);
    expect(after.handoff).toMatchObject({
      ...{ state: "pending", replaces: ["c1"], replacements: 1, conversationId: null, toldUntil: null, wordsAt: null },
    });
    expect(statesOf(after)).toMatchObject({ conversation: "ready", note: "ready", metadata: "ready", route: "ready" });
    expect(stepOf(after, "conversation")).toMatchObject({ fence: 2, sends: 1, result: null, nextAt: NOW + 1 });
    expect(stepOf(after, "conversation").arguments).toMatchObject({ summary: expect.stringContaining("continues c1") });
  });

  it("is parked once too many were closed", () => {
    const many = withHandoff(inContext(), { replacements: settings.maxReplacements });
    expect(replaceConversation(many, NOW, settings).handoff).toMatchObject({
      ...{ state: "parked", parkedFor: "person", conversationId: null, replaces: ["c1"] },
      parkedBecause: expect.stringContaining("find out who closes them"),
    });
  });

  it("is parked where the platform calls a new one closed", () => {
    expect(replaceConversation(planned(), NOW, settings).handoff).toMatchObject({
      state: "parked",
      parkedBecause: expect.stringContaining("refused a new conversation"),
    });
  });
});
