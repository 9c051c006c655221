import { describe, expect, it } from "vitest";
import { readingsOf } from "../../src/escalation/phrases/readings.ts";
import { redact, redactValue } from "../../src/escalation/redaction/redact.ts";
import { defaultRedactions, redactionKinds } from "../../src/escalation/redaction/redactions.ts";
import { metadataOf, notesOf, summaryOf, topicOf } from "../../src/escalation/text/context.ts";
import { templateProblems } from "../../src/escalation/text/template.ts";
import { mergeTranscript } from "../../src/escalation/text/transcript.ts";
import type { Utterance } from "../../src/events/event.ts";
import { flowWith, subject } from "../escalation/given.ts";
import { anyText, fc } from "./fast-check.ts";
import { runs } from "./runs.ts";

const TOKEN = "ho-01J0000000000000000000000";
const LIMITS = { topic: 1_000, summary: 4_000, note: 4_000, notes: 5 };

/** Pieces that redaction, templates and pages look for, and pieces that they must survive. */
const piece = fc.oneof(
  fc.constantFrom(
    "@",
    ".",
    "+",
    "-",
    " ",
    "\n",
    "\r\n",
    "(",
    ")",
    "{{",
    "}}",
    "{{session}}",
    "[",
    "]",
    `[${TOKEN}]`,
    "$&",
    "$1",
  ),
  fc.constantFrom(
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "ana@example.com",
    "+385 91 123 4567",
    "é",
    "\u0301",
    "😀",
  ),
  fc.constantFrom("\ud800", "\udc00", "\0", "\u2028", "\u200b", "٤", "中文", "Customer 10:00: "),
  fc.stringMatching(/^[0-9]{1,20}$/),
  anyText({ maxLength: 10 }),
);
const text = fc
  .tuple(fc.array(piece, { maxLength: 30 }), fc.constantFrom(1, 1, 1, 1, 20, 200))
  .map(([pieces, times]) => pieces.join("").repeat(times));
const attributes = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.oneof(text, fc.double(), fc.boolean()),
  { maxKeys: 40 },
);
const utterance: fc.Arbitrary<Utterance> = fc.record(
  {
    author: fc.constantFrom("customer", "bot"),
    text,
    at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }).map((it) => it.toISOString()),
  },
  { requiredKeys: ["author", "text"] },
);
const flow = flowWith({
  conversation: {
    topic: ["Order {{attributes.orderId}}", "{{customer.name}}"],
    summary: ["{{attributes.about}} {{customer.name}}", "{{reason}}"],
  },
});

it("topic, summary, notes and metadata keep the platform's limits and can be found again, whatever was said", () => {
  const request = fc.record({ reason: text, summary: text }, { requiredKeys: [] });
  const given = fc.tuple(attributes, text, text, text, request, fc.array(utterance, { maxLength: 12 }));
  fc.assert(
    fc.property(given, ([known, about, orderId, name, asked, transcript]) => {
      const { facts, ...rest } = subject({ attributes: { ...known, about, orderId }, customer: { name } });
      const view = { ...rest, facts, reason: "customer-asked" };
      const topic = topicOf(flow, view, LIMITS.topic);
      const summary = summaryOf(flow, view, TOKEN, LIMITS.summary);
      const notes = notesOf(flow.note, view, asked, { lines: transcript, leftOut: 0 }, TOKEN, LIMITS.note);
      expect(topic.length).toBeGreaterThan(0);
      expect(topic.length).toBeLessThanOrEqual(LIMITS.topic);
      expect(summary.length).toBeLessThanOrEqual(LIMITS.summary);
      expect(summary.endsWith(`[${TOKEN}]`)).toBe(true);
      expect(notes.length).toBeGreaterThan(0);
      expect(notes.length).toBeLessThanOrEqual(LIMITS.notes);
      for (const note of notes) {
        expect(note.length).toBeLessThanOrEqual(LIMITS.note);
        expect(note.endsWith(`[${TOKEN}]`)).toBe(true);
      }
      expect(new Set(notes.map((note) => note.slice(note.lastIndexOf("\n")))).size).toBe(notes.length);
      const all = [topic, summary, ...notes, ...Object.values(metadataOf(flow.note, view, TOKEN, []))];
      expect(all.every((it) => it.isWellFormed())).toBe(true);
    }),
    runs(80),
  );
});

describe("redaction", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const words = fc.array(word, { maxLength: 20 }).map((all) => all.join(" "));
  const secrets = [
    "4111 1111 1111 1111",
    "5500000000000004",
    "DE89 3704 0044 0532 0130 00",
    "ana.b@example.com",
    "+385 91 123 4567",
  ];

  it("takes a card number, an IBAN, an address and a phone number out of any words", () => {
    fc.assert(
      fc.property(words, fc.shuffledSubarray(secrets, { minLength: 1 }), words, (before, planted, after) => {
        const redacted = redact(`${before} ${planted.join(` ${before} `)} ${after}`, defaultRedactions);
        for (const secret of planted) expect(redacted).not.toContain(secret);
        // A word behind an IBAN may pass its check by chance, and is removed with it.
        expect(redacted.startsWith(before)).toBe(true);
      }),
      runs(300),
    );
  });

  it("never throws, and without a kind changes nothing", () => {
    const kinds = fc.subarray([...redactionKinds]).map((redacted) => ({ redact: redacted }));
    fc.assert(
      fc.property(text, kinds, (given, some) => {
        expect(typeof redact(given, some) + typeof redactValue(given, some)).toBe("stringstring");
        expect(redact(given, { redact: [] })).toBe(given);
      }),
      runs(500),
    );
  });
});

it("a template of anything is judged, and a phrase of anything has words or none", () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(Array.isArray(templateProblems(given))).toBe(true);
      for (const words of readingsOf(given)) expect(words).toMatch(/^ .* $/su);
    }),
    runs(500),
  );
});

it("a transcript and what was recorded become one, in which nothing is lost", () => {
  const few: fc.Arbitrary<Utterance> = fc.record({
    author: fc.constantFrom("customer", "bot"),
    text: fc.constantFrom("yes", "no", "Yes ", "hello", ""),
  });
  const said = ({ author, text: words }: Utterance) => `${author} ${words.trim()}`;
  fc.assert(
    fc.property(fc.array(few, { maxLength: 12 }), fc.array(few, { maxLength: 12 }), (recorded, told) => {
      const merged = mergeTranscript(recorded, told);
      expect(merged.length).toBeGreaterThanOrEqual(Math.max(recorded.length, told.length));
      expect(new Set(merged.map(said))).toEqual(new Set([...recorded, ...told].map(said)));
    }),
    runs(500),
  );
});

/** Each text has 100,000 characters: quadratic work would not end within a test's time. */
describe("a long text is worked through when it is full of", () => {
  const LENGTH = 100_000;
  const units = [
    "a@",
    "a.",
    "1",
    "1 ",
    "+1",
    "(1) ",
    "DE89 ",
    "AB12",
    "\u0301",
    "e\u0301",
    "{{",
    "{{a}}",
    " ",
    "\n",
    "\ud800",
    "中",
  ];

  it.each(units)("%j", (unit) => {
    const given = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
    redact(given, defaultRedactions);
    redactValue(given, defaultRedactions);
    readingsOf(given);
    templateProblems(given);
    const { facts, ...rest } = subject({ attributes: { orderId: given, about: given }, customer: { name: given } });
    const view = { ...rest, facts, reason: "r" };
    const transcript: Utterance[] = Array.from({ length: 2 }, () => ({ author: "customer", text: given }));
    const notes = notesOf(
      flow.note,
      view,
      { reason: given, summary: given },
      { lines: transcript, leftOut: 0 },
      TOKEN,
      LIMITS.note,
    );
    expect(notes.length).toBeLessThanOrEqual(LIMITS.notes);
    expect(topicOf(flow, view, LIMITS.topic).length).toBeLessThanOrEqual(LIMITS.topic);
    expect(summaryOf(flow, view, TOKEN, LIMITS.summary).length).toBeLessThanOrEqual(LIMITS.summary);
  });
});
