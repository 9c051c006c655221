import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactValue } from "../../src/escalation/redact.ts";
import { defaultRedactions } from "../../src/escalation/redaction/redactions.ts";

const all = defaultRedactions;

describe("redact", () => {
  it.each([
    ["card 4111 1111 1111 1111 ok", "card [card number] ok"],
    ["4111111111111111", "[card number]"],
    ["4111-1111-1111-1111, 378282246310005", "[card number], [card number]"],
    ["4111\u00a01111\u00a01111\u00a01111", "[card number]"],
    ["４１１１ １１１１ １１１１ １１１１", "[card number]"],
    ["order 12345 4111 1111 1111 1111 cvv 123", "order 12345 [card number] cvv 123"],
    ["4111 1111 1111 1111 123", "[card number] 123"],
    ["IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [IBAN] please"],
    ["hr1210010051863000160 is mine", "[IBAN] is mine"],
    ["DE89-3704-0044-0532-0130-00", "[IBAN]"],
    ["MT84 MALT 0110 0001 2345 MTLC AST0 01S", "[IBAN]"],
    ["to ana.horvat+x@mail.example.co.uk now", "to [e-mail] now"],
    ["<ana@x.hr>, 'ana@x.hr'. ana@exämple.de.", "<[e-mail]>, '[e-mail]'. [e-mail]."],
    ["ana＠x.hr", "[e-mail]"],
    ["𝒶na@x.hr", "[e-mail]"],
    ["call +385 91 234 5678", "call [phone number]"],
    ["call 00385912345678", "call [phone number]"],
    ["+385 (0)91/234-5678 or 091 234 567", "[phone number] or [phone number]"],
    ["(555) 123-4567 x", "[phone number] x"],
    ["(+44) 20 7946 0958", "[phone number]"],
    ["06.12.34.56.78", "[phone number]"],
    ["0912345678 0987654321", "[phone number] [phone number]"],
    ["+12345678", "[phone number]"],
    ["٠٩١٢٣٤٥٦٧٨٩", "[phone number]"],
    ["tel:0912345678x12", "tel:[phone number]x12"],
    ["23.11.2026 091 234 567", "23.11.2026 [phone number]"],
    ["12:30 - 13:45 091 234 567", "12:30 - 13:45 [phone number]"],
  ])("%s", (text, expected) => {
    expect(redact(text, all)).toBe(expected);
  });

  it.each([
    "on 2026-11-23 12:30 it cost 1,299.00 for order 12345678",
    "2026-11-23T12:30:00Z to 2026-11-24T12:30:00.000Z",
    "23. 11. 2026. 12:30 or 11/23/2026 5:45",
    "from 2026-11-23 2026-11-24",
    "€ 123.456.789,00 and 123 456 789,50 and 1 299 000.00 and 123 456 789 €",
    "order ORD-2026-11-0042, invoice INV2026110042, ticket #2026110042",
    "id 550e8400-e29b-41d4-a716-446655440000",
    "+1234567, 00 1234567, 123 456 78, 123456789",
    "DE88 3704 0044",
    "RX12 tablets are not working for me",
    "@shop, a@b, user@localhost, a@1.2",
    "1234\n5678\n9012",
    "12345678901234567890",
  ])("leaves alone: %s", (text) => {
    expect(redact(text, all)).toBe(text);
  });

  it("takes out only the kinds that are asked for", () => {
    const text = "a@b.example +385912345678 4111111111111111 DE89370400440532013000";
    expect(redact(text, { redact: [] })).toBe(text);
    expect(redact(text, { redact: ["email"] })).toBe("[e-mail] +385912345678 4111111111111111 DE89370400440532013000");
    expect(redact(text, { redact: ["phone"] })).toBe(
      "a@b.example [phone number] 4111111111111111 DE89370400440532013000",
    );
    expect(redact(text, { redact: ["card"] })).toBe("a@b.example +385912345678 [card number] DE89370400440532013000");
    expect(redact(text, { redact: ["iban"] })).toBe("a@b.example +385912345678 4111111111111111 [IBAN]");
  });

  it("finds a card, a phone and an address wherever they stand among words", () => {
    const word = fc.stringMatching(/^[a-z]{1,9}[,.!?]?$/);
    const secret = fc.constantFrom("5500 0000 0000 0004", "+385 91 234 5678", "ana.horvat@mail.example");
    const spaced = fc.array(word, { maxLength: 5 }).map((list) => list.join(" "));
    fc.assert(
      fc.property(spaced, secret, spaced, (before, hidden, after) => {
        const text = redact(`${before} ${hidden} ${after}`, all);
        expect(text).not.toContain(hidden);
        expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
      }),
    );
  });

  it("finds a card number in any groups", () => {
    const group = fc.stringMatching(/^[1-9]{4,6}$/);
    const gap = fc.constantFrom("", " ", "-", "  ", ".", "\u2009");
    fc.assert(
      fc.property(fc.tuple(group, group, group), gap, (groups, between) => {
        const [last = "", ...others] = groups.toReversed();
        const card = [...others.toReversed(), withCheckDigit(groups.join(""), last)].join(between);
        expect(redact(`it is ${card}, thanks`, all)).toBe("it is [card number], thanks");
      }),
    );
  });

  it.each([
    "1",
    "1 ",
    " 111111111111111111111111111111",
    "a@",
    "a.",
    ".a@",
    "+",
    "1-",
    "DE00 ",
    "DE00A1",
    "(1",
    "@",
    "1:1",
    "a1-",
    "1.1.1",
  ])("takes no longer for hostile text: %s", (unit) => {
    const start = performance.now();
    redact(unit.repeat(Math.floor(100_000 / unit.length)), all);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("redactValue", () => {
  it.each(["1234567890", "order 1234567890", "order-2026-11-0042", "0012345678"])("leaves an id alone: %s", (value) => {
    expect(redactValue(value, all)).toBe(value);
  });

  it.each([
    ["4111111111111111", "[card number]"],
    ["+385912345678", "[phone number]"],
    ["091 234 5678", "[phone number]"],
    ["ana@x.hr", "[e-mail]"],
  ])("takes out what is no id: %s", (value, expected) => {
    expect(redactValue(value, all)).toBe(expected);
  });
});

/** The last group with the digit that makes all of them pass Luhn's check. */
function withCheckDigit(digits: string, last: string): string {
  const sum = [...digits]
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return `${last}${(10 - (sum % 10)) % 10}`;
}
