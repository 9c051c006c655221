import { describe, expect, it } from "vitest";
import { redact } from "../../src/escalation/redaction/redact.ts";
import { defaultRedactions } from "../../src/escalation/redaction/redactions.ts";
import { fc } from "../fuzz/fast-check.ts";
import { rowsUnder } from "../support/redaction-tables.ts";

const all = defaultRedactions;
const staying = rowsUnder("What stays");
const going = rowsUnder("What goes");

describe("redact, for any text", () => {
  const piece = fc.oneof(
    fc.constantFrom(..." \n.,-/:()[]+@#=\"'*_|", "0", "00", "+385", "[card number]", "[phone number]", "[secret]"),
    fc.constantFrom(
      "order",
      "phone",
      "call",
      "my pin is",
      "password:",
      "number",
      "is",
      "at",
      "dot com",
      "€",
      "kn",
      "IBAN",
    ),
    fc.stringMatching(/^\d{1,9}$/),
    fc.constantFrom(...staying.map(([, text = ""]) => text), ...going.map(([, text = ""]) => text)),
    fc.string({ unit: "grapheme", maxLength: 6 }),
  );
  const anyText = fc.array(fc.tuple(piece, fc.constantFrom("", " ", " ", ", ", "\n")), { maxLength: 12 });
  const written = anyText.map((pieces) => pieces.flat().join(""));

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(written, (text) => {
        const once = redact(text, all);
        expect(redact(once, all)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it("grows by no more than its signs", () => {
    fc.assert(
      fc.property(written, (text) => {
        const shown = redact(text, all);
        const signs = shown.match(/\[(?:card number|IBAN|e-mail|phone number|secret|personal number)\]/g) ?? [];
        expect(shown.length).toBeLessThanOrEqual(text.length + signs.join("").length);
      }),
    );
  });

  // No IBAN begins with three letters, and no word of these letters labels a number ("sn", "ean", "imei").
  const word = fc.stringMatching(/^[bcdfghjklmqvwxyz]{3,9}[,.!?]?$/);
  const words = fc.array(word, { maxLength: 6 }).map((list) => list.join(" "));

  it("hides a valid card with any separators", () => {
    const gaps = fc.constantFrom(
      "",
      " ",
      "-",
      ".",
      ",",
      "_",
      "|",
      "·",
      "*",
      ":",
      "/",
      "\n",
      "\u00a0",
      "   ",
      " - ",
      "&nbsp;",
    );
    fc.assert(
      fc.property(words, aCard(), gaps, words, (before, card, gap, after) => {
        const shown = redact(`${before} ${card.join(gap)} ${after}`, all);
        expect(shown.replace(/\D/g, "")).toBe("");
        expect(shown.startsWith(before)).toBe(true);
        expect(shown.endsWith(after)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves the number behind a word for an order", () => {
    const name = fc.constantFrom(
      "order",
      "Order no.",
      "my order number is",
      "ticket:",
      "invoice #",
      "tracking number",
      "narudžba broj",
      "Bestellnummer",
      "commande n°",
      "pedido",
      "zamówienie nr",
      "sipariş no",
      "ordre",
    );
    const number = fc.stringMatching(/^\d{3,12}$|^\d{3,4}-\d{4,6}$|^20\d\d-\d\d-\d{4}$|^[A-Z]{2,3}-\d{6,10}$/);
    fc.assert(
      fc.property(words, name, number, words, (before, label, digits, after) => {
        const text = `${before} ${label} ${digits} ${after}`;
        expect(redact(text, all)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the work of redact grows with the text's length and no faster, when the text is full of", () => {
  const units = [
    ...["1", "1 ", "1-", "1:1", "1.1.1", "(1", "+", "0 ", "00 ", "4 ", "4444 ", "4444 4444 4444 4444 ", "1.2.3.4 "],
    ...["a@", ".a@", "a.", '"@', "x=y@", "@[1.1.1.1", "(at)", "a at b dot c ", "DE00 ", "DE00A1", "HR12 ", "a1-"],
    ...["0912345678 ", "order 0912345678 ", "call 612345678, ", "/0912345678", "412 34 567 ", "12.11.2026 ", "€1"],
    ...[
      "password: x ",
      "1234 is my pin ",
      "pin the the ",
      "cvv 1",
      "passport 123456 ",
      "4111111111111111 exp ",
      "&nbsp;",
    ],
  ];
  const FEW = 8_000;
  const TIMES = 8;
  /** The quickest of three tries counts: a machine may be busy with something else. */
  const effort = (text: string): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        redact(text, all);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      }),
    );

  it.each(units)("%j", (unit) => {
    const few = unit.repeat(Math.ceil(FEW / unit.length));
    effort(few);
    // Quadratic work takes 64 times as long; every text needs a little.
    expect(effort(few.repeat(TIMES))).toBeLessThan(4 * TIMES * (effort(few) + 1_000));
  });
});

/** Digits in the groups that the issuer prints. */
function aCard(): fc.Arbitrary<string[]> {
  const brand = fc.constantFrom(
    { prefix: "4", groups: [4, 4, 4, 4] },
    { prefix: "51", groups: [4, 4, 4, 4] },
    { prefix: "2221", groups: [4, 4, 4, 4] },
    { prefix: "34", groups: [4, 6, 5] },
    { prefix: "36", groups: [4, 6, 4] },
    { prefix: "6011", groups: [4, 4, 4, 4] },
    { prefix: "3528", groups: [4, 4, 4, 4] },
    { prefix: "62", groups: [4, 4, 4, 4] },
  );
  return fc.tuple(brand, fc.stringMatching(/^\d{16}$/)).map(([{ prefix, groups }, filler]) => {
    const length = groups.reduce((sum, size) => sum + size, 0);
    const digits = `${prefix}${filler}`.slice(0, length - 1);
    const card = digits + checkDigit(digits);
    let from = 0;
    return groups.map((size) => {
      from += size;
      return card.slice(from - size, from);
    });
  });
}

/** Returns the digit that makes all of them pass Luhn's check. */
function checkDigit(digits: string): number {
  const sum = [...digits]
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return (10 - (sum % 10)) % 10;
}
