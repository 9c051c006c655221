import { describe, expect, it } from "vitest";
import { redact, redactAttribute, redactBeginning, redactValue } from "../../src/escalation/redaction/redact.ts";
import { defaultRedactions } from "../../src/escalation/redaction/redactions.ts";
import { redactSeries } from "../../src/escalation/redaction/series.ts";
import { fc } from "../fuzz/fast-check.ts";
import { rowsUnder } from "../support/redaction-tables.ts";

const all = defaultRedactions;
const staying = rowsUnder("What stays");
const going = rowsUnder("What goes");

describe("redact", () => {
  it("is described by tables long enough to hold it", () => {
    expect(staying.length).toBeGreaterThanOrEqual(120);
    expect(going.length).toBeGreaterThanOrEqual(120);
  });

  it.each(staying)("leaves alone (%s): %s", (_, text = "") => {
    expect(redact(text, all)).toBe(text);
  });

  it.each(going)("hides (%s): %s", (_, text = "", shown) => {
    expect(redact(text, all)).toBe(shown);
  });

  it.each([...staying, ...going])("changes nothing the second time (%s): %s", (_, text = "") => {
    const once = redact(text, all);
    expect(redact(once, all)).toBe(once);
  });

  it("takes out only the kinds that are asked for", () => {
    const text = "a@b.example +385912345678 4111111111111111 DE89370400440532013000 PIN 4821";
    expect(redact(text, { redact: [] })).toBe(text);
    expect(redact(text, { redact: ["email"] })).toBe(text.replace("a@b.example", "[e-mail]"));
    expect(redact(text, { redact: ["phone"] })).toBe(text.replace("+385912345678", "[phone number]"));
    expect(redact(text, { redact: ["card"] })).toBe(text.replace("4111111111111111", "[card number]"));
    expect(redact(text, { redact: ["iban"] })).toBe(text.replace("DE89370400440532013000", "[IBAN]"));
    expect(redact(text, { redact: ["secret"] })).toBe(text.replace("4821", "[secret]"));
  });

  it.each([
    ["612345678", ["ES"], "[phone number]"],
    ["501234567 and 601234567", ["PL", "CZ"], "[phone number] and [phone number]"],
    ["20123456", ["DK"], "[phone number]"],
    ["4155550132", ["US"], "[phone number]"],
    ["9876543210", ["IN"], "[phone number]"],
    ["order 612345678", ["ES"], "order 612345678"],
    ["512345678 EUR", ["PL"], "512345678 EUR"],
    ["https://shop.example/o/612345678", ["ES"], "https://shop.example/o/612345678"],
    ["612345678", ["DK"], "612345678"],
  ] as const)("knows national numbers of the countries that a flow names: %s, %j", (text, phonesOf, expected) => {
    expect(redact(text, { ...all, phonesOf })).toBe(expected);
  });

  it.each([
    ["my policy PN-12345678, please", "my policy [policy number], please"],
    ["pn 12345678", "[policy number]"],
    ["PN12345678", "[policy number]"],
    ["PN-123456789", "PN-123456789"],
    ["XPN-12345678", "XPN-12345678"],
    ["ＰＮ－１２３４５６７８", "[policy number]"],
  ])("hides what a flow's own pattern is like: %s", (text, expected) => {
    expect(redact(text, { redact: [{ like: "PN-########", as: "policy number" }] })).toBe(expected);
  });
});

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

describe("redactValue", () => {
  it.each([
    "1234567890",
    "order-2026-11-0042",
    "2026-11-0042",
    "113-5839204-1129087",
    "402-1234567-1234567",
    "978-3-16-148410-0",
    "192.168.100.200",
    "45.8150108",
    "490154203237518",
    "10.11.2026-15.11.2026",
    "0012345678",
    "+385912345678",
    "091 234 5678",
    "ana@x.hr",
    "HR1723600001101234565",
    "1764240000000",
  ])("leaves data alone: %s", (value) => {
    expect(redactValue(value, all)).toBe(value);
  });

  it.each([
    ["4111111111111111", "[card number]"],
    ["paid with 4111 1111 1111 1111 12/28", "paid with [card number]"],
    ["my pin is 4821", "my pin is [secret]"],
  ])("takes out cards and secrets: %s", (value, expected) => {
    expect(redactValue(value, all)).toBe(expected);
  });
});

describe("redactAttribute", () => {
  it.each(["pin", "PIN", "card_pin", "pinCode", "userPassword", "cvv", "card.cvc2", "otp", "one-time-code", "lozinka"])(
    "hides what is named %s",
    (name) => {
      expect(redactAttribute(name, "tajna", all)).toBe("[secret]");
      expect(redactAttribute(name, "tajna", { redact: ["card"] })).toBe("tajna");
    },
  );

  it.each(["pinVerified", "hasPassword2FA", "shipping", "spinCount", "orderId", "passwordResetAt", "code", "zip_code"])(
    "shows what is named %s",
    (name) => {
      expect(redactAttribute(name, "4711", all)).toBe("4711");
    },
  );
});

describe("redactSeries", () => {
  it.each([
    [
      ["4111 1111", "1111 1111"],
      ["[card number]", "[card number]"],
    ],
    [
      ["it is 4111", "1111", "1111 -", "1111 thanks"],
      ["it is [card number]", "[card number]", "[card number]", "[card number] thanks"],
    ],
    [
      ["HR17 2360 0001", "1012 3456 5"],
      ["[IBAN]", "[IBAN]"],
    ],
    [
      ["4111 1111", "and 1111 1111"],
      ["4111 1111", "and 1111 1111"],
    ],
    [
      ["order 45001", "45002"],
      ["order 45001", "45002"],
    ],
    [
      ["4111 1111", "1111 1112"],
      ["4111 1111", "1111 1112"],
    ],
  ])("%j", (texts, expected) => {
    expect(redactSeries(texts, all)).toEqual(expected);
  });

  it("hides only what the flow redacts", () => {
    expect(redactSeries(["4111 1111", "1111 1111"], { redact: ["phone"] })).toEqual(["4111 1111", "1111 1111"]);
  });
});

describe("redactBeginning", () => {
  it("cuts through nothing that is hidden, wherever it cuts", () => {
    const text = `see 4111 1111 1111 1111 and ana@x.example, HR17 2360 0001 1012 3456 5 ${"x".repeat(400)}`;
    const whole = redact(text, all);
    for (let most = 0; most < 80; most += 1) {
      const shown = redactBeginning(text, most, all);
      expect(shown).not.toMatch(/4111|1111|ana@|2360|1012/);
      expect(whole.startsWith(shown)).toBe(true);
    }
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

it.each([
  ["call +(385) 91 234 5678", "call [phone number]"],
  ["mobile 1030 1130", "mobile 1030 1130"],
  ["tel. 091 234 5678 100 kn", "tel. [phone number] 100 kn"],
  ["tel. 091 234 5678 23.11.2026", "tel. [phone number] 23.11.2026"],
  ["order about 0912345678", "order about [phone number]"],
  ['my PIN is "12ab"', 'my PIN is "[secret]"'],
  ["the password(s) of 4 people", "the password(s) of 4 people"],
  ["otp 123 kn", "otp 123 kn"],
  ["user@[192.0.2.1]", "[e-mail]"],
  ["user@[192.0.2.1", "user@[192.0.2.1"],
  ["İ ana@example.com", "İ [e-mail]"],
])("hides of further forms what is personal: %s", (text, shown) => {
  expect(redact(text, all)).toBe(shown);
});

it("hides values of a flow's own form, whatever letters are before them", () => {
  const redactions = { ...all, redact: [{ as: "parcel", like: "PN-##" }] };
  expect(redact("PN-12, pn 34, PN-x1, PN-123, İ PN-56", redactions)).toBe(
    "[parcel], [parcel], PN-x1, PN-123, İ [parcel]",
  );
});
