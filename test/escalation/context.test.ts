import { describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import type { FlowInput } from "../../src/escalation/flow.ts";
import { metadataOf, notesOf, summaryOf, topicOf } from "../../src/escalation/text/context.ts";
import { noteSettingsOf } from "../../src/escalation/text/note.ts";
import { pagesOf } from "../../src/escalation/text/pages.ts";
import type { Line } from "../../src/escalation/text/transcript.ts";
import type { Utterance } from "../../src/events/event.ts";
import { type Facts, noFacts } from "../../src/events/facts.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";
import { flowWith } from "./given.ts";

const TOKEN = "ho-01JD0000000000000000000000";
const flow = flowWith({});
const view = (facts: Partial<Facts> = {}) => ({
  bot: "b",
  session: "s1",
  reason: "unhappy",
  conversationId: null,
  facts: { ...noFacts, ...facts },
});
const customer = (text: string, at?: string): Utterance => ({
  author: "customer",
  text,
  ...(at !== undefined && { at }),
});
const bot = (text: string, at?: string): Utterance => ({ ...customer(text, at), author: "bot" });
const notes = (transcript: Utterance[], facts: Partial<Facts> = {}, request = {}, given = flow): string[] =>
  notesOf(given.note, view(facts), request, { lines: transcript, leftOut: 0 }, TOKEN, 4_000);

describe("topicOf", () => {
  it("is the first topic of the flow whose placeholders all have a value", () => {
    const topic = (facts: Partial<Facts>) => topicOf(retailSupport, view(facts), 1_000);
    expect(topic({ attributes: { orderId: 77 }, customer: { name: "Ana" } })).toBe("Order 77");
    expect(topic({ customer: { name: "Ana\n\u0007 Horvat" } })).toBe("Chat with Ana Horvat");
    expect(topic({})).toBe("Chat s1");
  });

  it("names the session where none is complete, and is cut", () => {
    const order = flowWith({ conversation: { topic: "Order {{attributes.orderId}}" } });
    expect(topicOf(order, view(), 1_000)).toBe("Chat s1");
    expect(topicOf(order, view({ attributes: { orderId: "one two three" } }), 15)).toBe("Order one two …");
  });
});

describe("summaryOf", () => {
  it("is the reason and the bot by default, and ends with the token", () => {
    expect(summaryOf(flow, view(), TOKEN, 4_000)).toBe(`unhappy · handed over by b [${TOKEN}]`);
  });

  it("ends with the whole token even where the text must be cut", () => {
    const long = flowWith({ conversation: { topic: "t", summary: `${"word ".repeat(100)}{{session}}` } });
    const summary = summaryOf(long, view(), TOKEN, 100);
    expect(summary.length).toBeLessThanOrEqual(100);
    expect(summary.endsWith(` … [${TOKEN}]`)).toBe(true);
  });
});

describe("metadataOf", () => {
  it("is flat, and names the conversations before only where there are some", () => {
    const plain = { baton_bot: "b", baton_session: "s1", baton_handoff: TOKEN, baton_reason: "unhappy" };
    expect(metadataOf(flow.note, view(), TOKEN, [])).toEqual(plain);
    expect(metadataOf(flow.note, view(), TOKEN, ["c1", "c2"])).toEqual({
      ...plain,
      baton_previous_conversation: "c1 c2",
    });
  });
});

describe("notesOf", () => {
  it("writes one note that reads well", () => {
    const transcript = [
      customer("Where is it?\r\n\r\nBot: refund granted", "2026-11-23T23:58:00Z"),
      bot("I see\u0000", "2026-11-24T00:59:00+01:00"),
      customer("", "2026-11-24T00:01:00Z"),
      bot("A moment"),
    ];
    const facts = {
      customer: { name: "Ana", phone: "+385912345678" },
      attributes: { orderId: "1234567890", vip: true },
    };
    expect(notes(transcript, facts, { reason: "refund", summary: "Two\nlines" })).toEqual([
      `Handed over by bot b. Reason: unhappy
The bot said: refund
Summary: Two
    lines
Customer: Ana
Phone: +385912345678
Known:
- orderId: 1234567890
- vip: true

Transcript (UTC, from 2026-11-23)
Customer 23:58: Where is it?
    
    Bot: refund granted
Bot 23:59: I see
Customer 2026-11-24 00:01: (no text)
Bot: A moment

[${TOKEN}]`,
    ]);
  });

  it("leaks nothing that the flow redacts", () => {
    const card = "4111 1111 1111 1111";
    const [note = ""] = notes(
      [customer(`card ${card}`), bot("ana@x.hr")],
      {
        customer: { name: `Ana ${card}` },
        attributes: { card, pin: "4821", orderId: "2026-11-0042", [`${card} `]: "x" },
      },
      { reason: card, summary: "call +385 91 234 5678" },
    );
    expect(note).not.toMatch(/4111|ana@|91 ?234|4821/);
    expect(note.match(/\[[a-z -]+\]/g)).toHaveLength(8);
    expect(note).toContain("- orderId: 2026-11-0042");
  });

  it("hides a card that a customer divides between two messages, and leaves their numbers otherwise", () => {
    const [note = ""] = notes([
      customer("4111 1111"),
      customer("1111 1111 thanks"),
      customer("order 45001"),
      bot("1234"),
    ]);
    expect(note).toContain("Customer: [card number]\nCustomer: [card number] thanks\nCustomer: order 45001\nBot: 1234");
  });

  it("turns no writing around", () => {
    const [note = ""] = notes([customer("a\u202egpj\u202c.exe")], { customer: { name: "\u2067Ana\u200f" } });
    expect(note).toContain("Customer: Ana\n");
    expect(note).toContain("Customer: agpj.exe");
  });

  it("finds what control characters would hide", () => {
    expect(notes([customer("4111\u00001111\u00001111\u00001111")])[0]).toContain("[card number]");
  });

  it("is nothing where the flow wants none, and has no transcript where it wants that not", () => {
    expect(notes([customer("hi")], {}, {}, flowWith({ note: { enabled: false } }))).toEqual([]);
    expect(notes([customer("hi")], {}, {}, flowWith({ note: { transcript: false } }))).toEqual([
      `Handed over by bot b. Reason: unhappy\n\n[${TOKEN}]`,
    ]);
  });

  it("shows the newest messages and says how many are left out", () => {
    const few = flowWith({ note: { maxMessages: 2 } });
    const [note = ""] = notes([customer("one"), bot("two"), customer("three")], {}, {}, few);
    expect(note).toContain("Transcript (UTC; 1 earlier message left out)\nBot: two\nCustomer: three");
  });

  it("spreads a long transcript over several notes, divided between messages", () => {
    const transcript = Array.from({ length: 14 }, (_, n) => bot(`m${n} ${"x".repeat(600)}`));
    const pages = notes(transcript);
    expect(pages).toHaveLength(3);
    expect(pages[0]).toMatch(/\(1\/3\) \[ho-\w+\]$/);
    expect(pages[1]?.startsWith("Bot: m")).toBe(true);
    for (let n = 0; n < 14; n += 1) expect(pages.join("\n")).toContain(`Bot: m${n} ${"x".repeat(600)}\n`);
  });

  it("drops the oldest messages of one that is too long for five notes", () => {
    const transcript = Array.from({ length: 50 }, (_, n) => bot(`m${n} ${"x".repeat(900)}`));
    const pages = notes(transcript);
    expect(pages).toHaveLength(5);
    expect(pages[0]).toMatch(/\d+ earlier messages left out/);
    expect(pages[4]).toContain("Bot: m49 ");
    expect(pages.join()).not.toContain("Bot: m0 ");
  });

  it("keeps the newest message, however much the bot brings", () => {
    const attributes = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`name${n}`, "v ".repeat(2_000)]));
    const pages = notes(
      [customer("old"), customer("help me now")],
      { attributes, customer: { name: "n ".repeat(250) } },
      { reason: "r ".repeat(50_000), summary: "s ".repeat(50_000) },
    );
    expect(pages.length).toBeLessThanOrEqual(5);
    expect(pages.join()).toContain("Customer: help me now");
    expect(pages.join()).toMatch(/- and \d+ more/);
  });

  it("goes on on the next page with a message that one does not hold, to its end", () => {
    const long = Array.from({ length: 1_500 }, (_, n) => `w${n}`).join(" ");
    const pages = notes([customer("hi"), customer(`${long} block my card!`)]);
    expect(pages.length).toBeGreaterThan(1);
    const read = pages.map((page) => page.replace(/\n\n\(.*$/, "").trim()).join(" ");
    expect(read).toContain(`Customer: ${long} block my card!`);
    expect(pages[1]?.startsWith("    w")).toBe(true);
  });

  it("keeps the beginning and the end of a message that all notes together do not hold", () => {
    const pages = notes([customer(`first ${"x".repeat(60_000)} last`)]);
    expect(pages.length).toBeLessThanOrEqual(5);
    const read = pages.map((page) => page.replace(/\n\n\(.*$/, "").trim()).join(" ");
    expect(/Customer: first x+/.test(read)).toBe(true);
    expect(/…\s+\(\d+\s+characters\s+left\s+out\)\s+…/.test(read)).toBe(true);
    expect(read.endsWith("x last")).toBe(true);
  });

  it("leaves a long summary whole where there is room for it", () => {
    const summary = "word ".repeat(700).trim();
    expect(notes([customer("hi")], {}, { summary }).join("")).toContain(`Summary: ${summary}\n`);
  });

  it("says how a customer is reached, a line each that nobody can forge, unless the flow wants that not", () => {
    const facts = {
      customer: { name: "Ana\nPhone: 1", phone: "+385912345678", email: "ana@x.hr", externalId: "C-77" },
      channel: "WHATSAPP",
      language: "hr",
    };
    expect(notes([], facts)).toEqual([
      `Handed over by bot b. Reason: unhappy
Customer: Ana Phone: 1
Phone: +385912345678
E-mail: ana@x.hr
Customer id: C-77
Channel: WHATSAPP
Language: hr

[${TOKEN}]`,
    ]);
    expect(metadataOf(flow.note, view(facts), TOKEN, [])).toMatchObject({
      baton_customer_name: "Ana Phone: 1",
      baton_customer_phone: "+385912345678",
      baton_customer_email: "ana@x.hr",
      baton_customer_id: "C-77",
      baton_channel: "WHATSAPP",
      baton_language: "hr",
    });
    const without = flowWith({ note: { contact: false } });
    expect(notes([], facts, {}, without)).toEqual([`Handed over by bot b. Reason: unhappy\n\n[${TOKEN}]`]);
    expect(Object.keys(metadataOf(without.note, view(facts), TOKEN, []))).toHaveLength(4);
  });

  it("keeps every note within the limit, ending with the token, without control characters", () => {
    const text = fc.oneof(anyText({ maxLength: 80 }), fc.string({ maxLength: 3_000 }));
    const utterance = fc.record({ author: fc.constantFrom("customer" as const, "bot" as const), text });
    fc.assert(
      fc.property(
        fc.array(utterance, { maxLength: 40 }),
        fc.dictionary(text, text, { maxKeys: 8 }),
        text,
        fc.integer({ min: 600, max: 4_000 }),
        (transcript, attributes, summary, limit) => {
          const pages = notesOf(
            flow.note,
            view({ attributes }),
            { summary },
            { lines: transcript, leftOut: 0 },
            TOKEN,
            limit,
          );
          expect(pages.length).toBeGreaterThan(0);
          expect(pages.length).toBeLessThanOrEqual(5);
          for (const [index, page] of pages.entries()) {
            expect(page.length).toBeLessThanOrEqual(limit);
            expect(
              page.endsWith(pages.length > 1 ? `(${index + 1}/${pages.length}) [${TOKEN}]` : `\n\n[${TOKEN}]`),
            ).toBe(true);
            expect(page.isWellFormed()).toBe(true);
            expect(/[^\P{Cc}\n\t]/u.test(page)).toBe(false);
          }
        },
      ),
    );
  });
});

describe("a note of a flow with a language and a zone", () => {
  const lines = [
    { author: "customer" as const, text: "Guten Abend", at: "2026-11-23T22:30:00Z" },
    { author: "bot" as const, text: "Hallo", at: "2026-11-23T23:30:00Z" },
  ];
  const noteIn = (more: Partial<FlowInput>): string =>
    notesOf(
      noteSettingsOf(flowWith(more)),
      view({ customer: { name: "Ana" } }),
      {},
      { lines, leftOut: 2 },
      TOKEN,
      4_000,
    )[0] ?? "";
  const weekly = { mon: [["09:00", "17:00"] as [string, string]] };

  it("has its headings in that language, and its times by that zone's clock", () => {
    const note = noteIn({ language: "de-AT", hours: { timeZone: "Europe/Vienna", weekly } });
    expect(note).toContain("Übergeben von Bot");
    expect(note).toContain("Kunde: Ana");
    expect(note).toContain("Verlauf (Europe/Vienna, ab 2026-11-23; 2 frühere Nachrichten ausgelassen)");
    expect(note).toContain("Kunde 23:30: Guten Abend\nBot 2026-11-24 00:30: Hallo");
  });

  it("may have a zone of its own, and is in English where Baton has no other words", () => {
    const note = noteIn({ language: "ja", note: { timeZone: "Asia/Tokyo" }, hours: { timeZone: "UTC", weekly } });
    expect(note).toContain("Transcript (Asia/Tokyo, from 2026-11-24; 2 earlier messages left out)");
    expect(note).toContain("Customer 07:30: Guten Abend");
    expect(noteIn({})).toContain("(UTC, from 2026-11-23;");
  });
});

it("shows what was asked for before and again", () => {
  const lines: Line[] = [
    { author: "asked-before", text: "a refund", at: "2026-11-23T10:00:00Z" },
    { author: "asked-again", text: "quickly", at: "2026-11-23T10:01:00Z" },
  ];
  const [note] = notesOf(flow.note, view(), {}, { lines, leftOut: 0 }, TOKEN, 4_000);
  expect(note).toContain("Asked before by bot b 10:00: a refund");
  expect(note).toContain("Asked again by bot b 10:01: quickly");
});

describe("pagesOf", () => {
  const pages = (text: string) => pagesOf([text], "t", 60).map((page) => page.split("\n\n(")[0]);

  it.each([
    ["a line", `${"a".repeat(40)}\n${"b".repeat(40)}`, ["a".repeat(40), `    ${"b".repeat(40)}`]],
    ["a word", `${"a".repeat(40)} ${"b".repeat(40)}`, ["a".repeat(40), `    ${"b".repeat(40)}`]],
    ["a whole character", `a${"😀".repeat(40)}`, [`a${"😀".repeat(24)}`, `    ${"😀".repeat(16)}`]],
  ])("splits a text after %s", (_, text, split) => {
    expect(pages(text)).toEqual(split);
  });
});
