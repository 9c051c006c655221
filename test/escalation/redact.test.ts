import { describe, expect, it } from "vitest";
import { redact, redactAttribute, redactBeginning, redactValue } from "../../src/escalation/redaction/redact.ts";
import { defaultRedactions } from "../../src/escalation/redaction/redactions.ts";
import { redactSeries } from "../../src/escalation/redaction/series.ts";
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
