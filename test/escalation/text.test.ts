import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retailSupport as flow } from "../../flows/retail-support/flow.ts";
import { notesOf, summaryOf, topicOf } from "../../src/escalation/context.ts";
import { cut } from "../../src/escalation/cut.ts";
import { defineFlow } from "../../src/escalation/flow.ts";
import { isOpen } from "../../src/escalation/hours.ts";
import { phraseIn, wordsOf } from "../../src/escalation/phrase.ts";
import { redact, redactionKinds, redactValue } from "../../src/escalation/redact.ts";
import { mergeTranscript, redactEvent } from "../../src/escalation/transcript.ts";
import { noFacts } from "../../src/events/facts.ts";

const all = redactionKinds;
const view = { bot: "b", session: "s1", reason: "customer-asked", conversationId: null, facts: noFacts };

describe("phraseIn", () => {
  it.each([
    ["Agent, please!", "agent", true],
    ["agentless", "agent", false],
    ["an AGÉNT", "agent", true],
    ["ČOVJEK molim", "covjek", true],
    ["wo ist die STRASSE", "straße", true],
    ["speak   to\nsomeone", "speak to someone", true],
    ["I don’t know", "don't know", true],
    ["我要人工客服", "人工", true],
    ["オペレーターに繋いで", "オペレーター", true],
    ["かき", "がき", false],
    ["хочу оператора", "оператора", true],
    ["a\u200bgent", "agent", true],
  ])("%s / %s: %s", (text, phrase, found) => {
    expect(phraseIn(text, [phrase])).toBe(found ? phrase : null);
  });

  it("finds a phrase between any other words, and its own words are stable", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
        expect(phraseIn(`${before} real person ${after}`, ["real person"])).toBe("real person");
        expect(wordsOf(wordsOf(before))).toBe(wordsOf(before));
      }),
    );
  });
});

describe("redact", () => {
  it.each([
    ["card 4111 1111 1111 1111 ok", "card [card number] ok"],
    ["4111111111111111", "[card number]"],
    ["IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [IBAN] please"],
    ["to ana.horvat+x@mail.example.co.uk now", "to [e-mail] now"],
    ["call +385 91 234 5678", "call [phone number]"],
    ["call 00385912345678", "call [phone number]"],
    ["(555) 123-4567 x", "[phone number] x"],
    [
      "on 2026-11-23 12:30 it cost 1,299.00 for order 12345678",
      "on 2026-11-23 12:30 it cost 1,299.00 for order 12345678",
    ],
  ])("%s", (text, expected) => {
    expect(redact(text, all)).toBe(expected);
  });

  it("takes out only the kinds that are asked for", () => {
    expect(redact("a@b.example and +385912345678", ["phone"])).toBe("a@b.example and [phone number]");
  });

  it("leaves a bot's own number alone, though not a card's", () => {
    expect(redactValue("1234567890", all)).toBe("1234567890");
    expect(redactValue("4111111111111111", all)).toBe("[card number]");
  });

  it("takes no longer for hostile text", () => {
    for (const unit of ["1 ", "a@", "+", "1-", "DE00 ", "(1"]) {
      expect(redact(unit.repeat(50_000), all).length).toBeGreaterThan(0);
    }
  });
});

describe("cut", () => {
  it("never exceeds the limit, says that it cut, and splits no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 4, max: 100 }), (text, limit) => {
        const short = cut(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        if (text.length > limit) expect(short.endsWith("…")).toBe(true);
        else expect(short).toBe(text);
        expect(short.isWellFormed()).toBe(text.isWellFormed());
      }),
    );
    expect(cut("one two three", 10)).toBe("one two …");
  });
});

describe("texts for the agent", () => {
  it("takes the first topic whose placeholders are all there", () => {
    const topic = (facts: object) => topicOf(flow, { ...view, facts: { ...noFacts, ...facts } }, 1_000);
    expect(topic({ attributes: { orderId: 77 }, customer: { name: "Ana" } })).toBe("Order 77");
    expect(topic({ customer: { name: "Ana" } })).toBe("Chat with Ana");
    expect(topic({})).toBe("Chat s1");
  });

  it("ends the summary with the token even where the text must be cut", () => {
    const long = defineFlow({
      name: "f",
      bots: ["b"],
      conversation: { topic: "t", summary: `${"word ".repeat(100)}{{session}}` },
      rules: [{ reason: "r", when: { event: "bot.error" } }],
    });
    const summary = summaryOf(long, view, "ho-1", 100);
    expect(summary.length).toBeLessThanOrEqual(100);
    expect(summary).toMatch(/ … \[ho-1\]$/);
  });

  it("writes one note that reads well, and leaks no card number", () => {
    const content = {
      request: { reason: "wants a refund" },
      transcript: [
        { author: "customer" as const, text: "my card is 4111 1111 1111 1111", at: "2026-11-23T10:00:00Z" },
        { author: "bot" as const, text: "I see" },
      ],
    };
    const facts = { ...noFacts, customer: { name: "Ana" }, attributes: { orderId: "1234567890" } };
    expect(notesOf(flow, { ...view, facts }, content, "ho-1", 4_000)).toEqual([
      "Handed over by bot b. Reason: customer-asked\nThe bot said: wants a refund\nCustomer: Ana\nKnown: orderId: 1234567890\n\nTranscript (UTC)\nCustomer 10:00: my card is [card number]\nBot: I see\n\n[ho-1]",
    ]);
  });

  it("spreads a long transcript over several notes within the limit, the newest kept, each with the token", () => {
    const transcript = Array.from({ length: 50 }, (_, n) => ({
      author: "bot" as const,
      text: `m${n} ${"x".repeat(600)}`,
    }));
    const notes = notesOf(flow, view, { request: {}, transcript }, "ho-1", 4_000);
    expect(notes.length).toBe(5);
    for (const [index, note] of notes.entries()) {
      expect(note.length).toBeLessThanOrEqual(4_000);
      expect(note).toMatch(new RegExp(`\\(${index + 1}/5\\) \\[ho-1\\]$`));
    }
    expect(notes.join()).toContain("m49 ");
    expect(notes[0]).toMatch(/earlier messages left out/);
  });

  it("does not say twice what was recorded and sent along", () => {
    const a = { author: "customer" as const, text: "hello" };
    const b = { author: "bot" as const, text: "hi" };
    expect(mergeTranscript([a, b], [{ ...a, text: " hello " }])).toEqual([b, { ...a, text: " hello " }]);
  });

  it("keeps no words where the flow keeps no transcript", () => {
    const silent = { ...flow, note: { ...flow.note, transcript: false } };
    const event = {
      id: "1",
      session: "s",
      at: "2026-11-23T10:00:00Z",
      type: "customer.message" as const,
      text: "secret",
    };
    expect(redactEvent(silent, event)).toEqual({ ...event, text: "" });
  });
});

describe("isOpen", () => {
  const hours = {
    timeZone: "Europe/Zagreb",
    weekly: { sun: [["01:00", "04:00"]] as [string, string][], mon: [["09:00", "17:00"]] as [string, string][] },
    holidays: ["2026-12-28"],
  };
  it.each([
    ["2026-11-23T07:59:59Z", false],
    ["2026-11-23T08:00:00Z", true],
    ["2026-11-23T16:00:00Z", false],
    ["2026-07-20T07:00:00Z", true],
    ["2026-12-28T10:00:00Z", false],
    ["2026-11-24T10:00:00Z", false],
    // 29 March: 02:00 becomes 03:00, so 04:00 local is 02:00Z.
    ["2026-03-29T01:59:00Z", true],
    ["2026-03-29T02:00:00Z", false],
  ])("at %s: %s", (at, open) => {
    expect(isOpen(hours, Date.parse(at))).toBe(open);
  });
});
