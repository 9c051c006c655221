import { describe, expect, it } from "vitest";
import { redactEvent } from "../../src/escalation/redaction/redact-event.ts";
import { type HandoffRequested, lengthOf, WORDS_MAX } from "../../src/events/event.ts";
import { AT, event, flowWith, message } from "./given.ts";

const SECRET = "write to ana@x.hr";
const PLAIN = "write to [e-mail]";

describe("redactEvent", () => {
  const flow = flowWith({});
  const silent = flowWith({ note: { transcript: false } });
  const events: [string, object, object, object][] = [
    ["customer.message", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.message", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.fallback", { text: SECRET }, { text: PLAIN }, { text: "" }],
    ["bot.fallback", {}, {}, {}],
    ["bot.error", { error: SECRET }, { error: PLAIN }, { error: "" }],
    ["bot.error", {}, {}, {}],
    [
      "handoff.requested",
      { reason: SECRET, summary: SECRET, transcript: [{ author: "bot", text: SECRET, at: AT }], tags: ["a"] },
      { reason: PLAIN, summary: PLAIN, transcript: [{ author: "bot", text: PLAIN, at: AT }], tags: ["a"] },
      { reason: PLAIN, summary: PLAIN, transcript: [], tags: ["a"] },
    ],
    ["handoff.requested", {}, {}, {}],
    ["session.started", {}, {}, {}],
    ["session.ended", {}, {}, {}],
  ];

  it.each(events)("takes personal texts out of %s %j", (type, given, kept) => {
    expect(redactEvent(flow, event({ type, text: "", ...given }))).toEqual(event({ type, text: "", ...kept }));
  });

  it.each(events)("keeps no text of %s %j where the flow keeps no transcript", (type, given, _, kept) => {
    expect(redactEvent(silent, event({ type, text: "", ...given }))).toEqual(event({ type, text: "", ...kept }));
  });

  it("takes out only what the flow redacts", () => {
    const open = flowWith({ note: { redact: [] } });
    expect(redactEvent(open, message(SECRET))).toEqual(message(SECRET));
  });

  const textOf = (text: string): string => {
    const kept = redactEvent(flow, message(text));
    return kept.type === "customer.message" ? kept.text : "";
  };

  it("keeps the beginning and the end of a long text, and says how much is left out", () => {
    const kept = textOf(`first ${"\u{1f600}".repeat(60_000)} last`);
    expect(kept).toMatch(/^first .* … \(\d+ characters left out\) … .* last$/su);
    expect(kept.length).toBeLessThanOrEqual(WORDS_MAX);
    expect(kept.isWellFormed()).toBe(true);
    expect(textOf("x".repeat(WORDS_MAX))).toBe("x".repeat(WORDS_MAX));
  });

  it.each(["4111 1111 1111 1111", "ana.maria.horvat@example.com", "HR1210010051863000160", "My PIN is 4821."])(
    "cuts nothing through that it hides: %s",
    (secret) => {
      // The secret crosses either end of the kept text, one character further each time.
      for (const place of [6_240, 100_000 - 18_760]) {
        // It begins before the cut, and ends behind it.
        for (let shift = -secret.length - 2; shift <= 2; shift += 1) {
          const before = `${"word ".repeat(20_000).slice(0, place + shift - 1)} `;
          const kept = textOf(`${before}${secret} ${"word ".repeat(20_000)}`.slice(0, 100_000));
          for (const part of ["4111", "1111", "horvat", "example", "HR12", "0160", "4821"])
            expect(kept).not.toContain(part);
        }
      }
    },
  );

  it("keeps the newest lines of a long transcript, and counts the others with those that never came", () => {
    const transcript = Array.from({ length: 100 }, (_, line) => ({
      author: "bot",
      text: `${line}`.padEnd(1_000, "."),
    }));
    const kept = redactEvent(flow, event({ type: "handoff.requested", transcript, transcriptLeftOut: 3 }));
    const { transcript: lines = [], transcriptLeftOut } = kept as HandoffRequested;
    expect([lines.length, lengthOf(lines), lines[0]?.text.slice(0, 3), transcriptLeftOut]).toEqual([
      25,
      WORDS_MAX,
      "75.",
      78,
    ]);
  });

  it("keeps the last line of a transcript in any case", () => {
    const transcript = [
      { author: "bot", text: "a" },
      { author: "customer", text: `${"b".repeat(90_000)} a person` },
    ];
    const { transcript: lines = [] } = redactEvent(
      flow,
      event({ type: "handoff.requested", transcript }),
    ) as HandoffRequested;
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toMatch(/ a person$/);
  });
});
