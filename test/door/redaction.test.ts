import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createDoor, type Door, expectHandedOver } from "../support/door.ts";

/** Returns the note that the agent reads, without its frame. */
async function readOf(...texts: string[]): Promise<{ door: Door; note: string }> {
  const door = createDoor();
  for (const [index, text] of texts.entries()) {
    await door.events({ id: `m${index}`, type: "customer.message", session: "s", text });
  }
  expectHandedOver(await door.ask({ session: "s" }));
  return { door, note: door.note() };
}

/** Data that the agent needs, and that is no secret. */
const STAY = [
  "The order number is 4500012345",
  "Bestellnummer: 1234567890",
  "order no. 1234567890",
  "order ord-1234567890",
  "order number is 1234567890",
  "tracking 771234567890",
  "DHL says 1234567890 is lost",
  "my tracking is 9400 1000 0000 0000 0000 00",
  "Urlaub vom 03.06.-07.06.2026",
  "from 10.11.2026-15.11.2026",
  "27/11/2026-30/11/2026",
  "03.08.26-04.08.26",
  "27.11.-30.11.2026",
  "open 08.00-12.00 13.00-17.00?",
  "my router is 192.168.100.200",
  "IP 192.168.1.10",
  "app version 10.15.7.2026.1",
  "version 10.0.19045.3803",
  "I am at 45.8150108, 15.9819189",
  "coordinates 45.815010 15.981919",
  "maps link https://maps.example/?q=45.8150108,15.9819189",
  "error at 1764239000",
  "error at 1764239000123",
  "epoch 1764240000000",
  "Rp 150.000.000",
  "250.000.000 đồng",
  "125 000 000 Ft",
  "125 000 000 VND",
  "123 456 789 EUR",
  "EUR 1.250.000,00",
  "sizes 38 39 40 41 42",
  "seats 101 102 103",
  "room 101 102 103",
  "the barcode is 4006381333931",
  "EAN 4006381333931",
  "ISBN 978-3-16-148410-0",
  "IMEI 490154203237518",
  "see https://shop.example/o/4500012345?t=1764239000",
  "#4500012345 and INC-1234567890",
  "meter reading 123456 123457",
  "1 2 3 4 5 6 7 8 9 10",
  "UPS 1Z999AA10123456784 came",
  "narudžba 2026-11-0042",
  "Rechnung 2026/11/00042",
  "pedido 402-1234567-1234567",
  // More of the same kinds.
  "my booking code is 7712345678",
  "numéro de commande 4400123456",
  "factura 0001-00012345",
  "DNS 8.8.8.8 and 10.20.30.40",
  "Chrome 120.0.6099.130",
  "¥ 12 345 678 please",
  "15. 12. 2026 - 18. 12. 2026",
  "between 2026-12-01 and 2026-12-15",
  "serial number 88-1234-5678-90",
  "contract 20261127-00451",
];

/** Texts with data that must not reach the note, and the digits or words that would show it. */
const GO: [text: string, secret: string][] = [
  ["my card is 4111 1111 1111 1111", "1111"],
  ["4111,1111,1111,1111", "1111"],
  ["4111_1111_1111_1111", "1111"],
  ["4111:1111:1111:1111", "1111"],
  ["4111|1111|1111|1111", "1111"],
  ["4111*1111*1111*1111", "1111"],
  ["4111·1111·1111·1111", "1111"],
  ["4111 - 1111 - 1111 - 1111", "1111"],
  ["4111\n1111\n1111\n1111", "1111"],
  ["4111 1111\n1111 1111", "1111"],
  ["4111     1111     1111     1111", "1111"],
  ["4111\u00a01111\u00a01111\u00a01111", "1111"],
  ["amex 378282246310005", "378282"],
  ["5555 5555 5555 4444", "5555"],
  ["card 4111 1111 1111 1111 12/26 123", "12/26"],
  ["card 4111 1111 1111 1111, exp 12/26, cvv 987", "987"],
  ["HR12 1001 0051 8630 0016 0", "8630"],
  ["HR 12 1001 0051 8630 0016 0", "8630"],
  ["HR12.1001.0051.8630.0016.0", "8630"],
  ["IBANHR1210010051863000160", "8630"],
  ["HR12  1001  0051  8630  0016  0", "8630"],
  ["HR12 1001 0051\n8630 0016 0", "8630"],
  ["DE89370400440532013000kontakt", "3704"],
  ["ana@x.hr is my mail", "ana@x"],
  ["ana @ gmail.com", "gmail"],
  ["ana(at)gmail.com", "gmail"],
  ["ana at gmail dot com", "gmail"],
  ['"ana horvat"@x.hr', "@x.hr"],
  ["ana@my_host.com", "my_host"],
  ["call me on 091234567 after 5", "091234567"],
  ["call me on +385 91 234 5678", "5678"],
  ["call me on (555) 123-4567", "4567"],
  ["zovi na 098/123-456", "123-456"],
  ["00385 91 234 5678", "234"],
  ["my pin is 1234", "1234"],
  ["lozinka: tajna123", "tajna123"],
  ["OTP 482910", "482910"],
  ["my password is hunter2!", "hunter2"],
  ["Mein Passwort ist Sommer2026", "Sommer2026"],
  ["the verification code is 771-204", "771-204"],
  // More of the same kinds.
  ["2223 0031 2200 3222", "3122"],
  ["6011/1111/1111/1117", "1117"],
  ["IBAN: FR14 2004 1010 0505 0001 3M02 606", "0505"],
  ["GB29-NWBK-6016-1331-9268-19", "6016"],
  ["PIN: 9876", "9876"],
  ["kôd 5521 mi je lozinka: medo", "medo"],
  ["ana.horvat+shop@example.co.uk", "example"],
];

describe("what people write", () => {
  it.each(STAY)("stays as it is: %s", async (text) => {
    const { note } = await readOf(text);
    expect(note).toContain(text);
  });

  it.each(GO)("is hidden: %j", async (text, secret) => {
    const { door, note } = await readOf(text);
    expect(note).not.toContain(secret);
    expect(JSON.stringify(door.emulator.calls)).not.toContain(secret);
  });

  it("is hidden also where a card comes in two messages in a row", async () => {
    const { note } = await readOf("4111 1111", "1111 1111");
    expect(note).not.toContain("1111");
    const three = await readOf("my card is 5555 5555 5555", "4444", "is it enough?");
    expect(three.note).not.toContain("5555");
    expect(three.note).toContain("is it enough?");
  });

  it("is hidden in what is recorded as well", async () => {
    const { door } = await readOf("my card is 4111 1111 1111 1111 and my pin is 9173");
    const exported = await (await door.operate("/bots/shop-assistant/sessions/s/export", "GET")).text();
    expect(exported).not.toContain("1111 1111");
    expect(exported).not.toContain("9173");
  });

  it("is read in good time, however long it is", async () => {
    const { note } = await readOf(`${"4111 1111 ".repeat(9_000)} the end`);
    expect(note.length).toBeGreaterThan(0);
  });
});

const DATA = [
  "113-5839204-1129087",
  "2026-00012345",
  "600-1234567-12",
  "978-3-16-148410-0",
  "301-234-567",
  "192.168.100.200",
  "490154203237518",
  "10.11.2026-15.11.2026",
  "2026-11-0042",
  "123-456-789",
  "2026/11/00042",
  "12345-67890",
  "402-1234567-1234567",
  "4500012345",
  "ord-4500012345",
  "A-1042",
  "38 39 40 41 42",
  "150.000.000",
  "+385 91 234 5678",
];

describe("an attribute", () => {
  it.each(DATA)("is data that the bot named: %s", async (orderId) => {
    const door = createDoor();
    const event = { id: "1", type: "customer.message", session: "s", text: "agent" };
    expectHandedOver(await door.events({ ...event, attributes: { orderId } }));
    expect(door.last().topic).toBe(`Order ${orderId}`);
    expect(door.note()).toContain(`orderId: ${orderId}`);
  });

  it("keeps its decimals", async () => {
    const door = createDoor();
    await door.ask({ session: "s", attributes: { orderId: 45.8150108 } });
    expect(door.last().topic).toBe("Order 45.8150108");
  });

  it("hides only a card and a secret, in templates too", async () => {
    for (const [orderId, secret] of [
      ["4111 1111 1111 1111", "1111"],
      ["pin is 9173", "9173"],
    ] as const) {
      const door = createDoor();
      expectHandedOver(await door.ask({ session: "s", attributes: { orderId } }));
      expect(JSON.stringify(door.emulator.calls)).not.toContain(secret);
    }
  });

  it("is said whole to the customer", async () => {
    const flow = defineFlow({
      name: "shop",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat" },
      message: ["We look into order {{attributes.orderId}}.", "We look into it."],
      rules: [{ reason: "customer-asked", when: { event: "handoff.requested" } }],
    });
    const door = createDoor({ flows: [flow] });
    const reply = await door.ask({ session: "s", attributes: { orderId: "2026-11-0042" } });
    expect(reply.body.message).toBe("We look into order 2026-11-0042.");
  });
});
