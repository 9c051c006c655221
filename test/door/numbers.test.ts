import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver } from "../support/door.ts";

const WHOLE = [
  "3012345678901234567",
  "12345678901234567890",
  "9007199254740993",
  "-9007199254740993",
  "98765432109876543210987654321098765432",
];

describe("whole numbers", () => {
  it.each(WHOLE)("keep every digit as an attribute: %s", async (digits) => {
    const bodies: [path: string, body: string][] = [
      [
        "/events",
        `{"id":"1","type":"customer.message","session":"s","text":"agent","attributes":{"orderId":${digits}}}`,
      ],
      ["/handoffs", `{"session":"s","attributes":{"orderId":${digits},"total":10.10}}`],
      ["/webhooks/answers", `{"uniqueSessionId":"s","text":"agent","orderId":${digits}}`],
      ["/webhooks/flow", `{"session":"s","text":"agent","orderId": ${digits} }`],
    ];
    for (const [path, body] of bodies) {
      const door = createDoor();
      expectHandedOver(await door.post(path, body));
      expect(door.last().topic).toBe(`Order ${digits}`);
      expect(door.note()).toContain(digits);
    }
  });

  it("keep every digit in a list and in an object", async () => {
    const door = createDoor();
    await door.post(
      "/handoffs",
      '{"session":"s","attributes":{"orders":[9007199254740993,1],"cart":{"id":9007199254740995}}}',
    );
    expect(door.note()).toContain("9007199254740993");
    expect(door.note()).toContain("9007199254740995");
  });

  it("keep every digit as the customer's id and phone", async () => {
    const door = createDoor();
    await door.post(
      "/handoffs",
      '{"session":"s","customer":{"externalId":12345678901234567890,"phone":385912345678},"reason":"x"}',
    );
    expect(door.note()).toContain("12345678901234567890");
    expect(door.note()).toContain("385912345678");
  });

  it("never make two sessions, ids or conversations one", async () => {
    const door = createDoor();
    const ids = ["12345678901234567890", "12345678901234567891"];
    for (const id of ids) {
      const reply = await door.post("/events", `{"id":"1","type":"customer.message","session":${id},"text":"agent"}`);
      expectHandedOver(reply);
      expect((await door.session(id)).body.control).toBe("queue");
    }
    expect(door.conversations()).toHaveLength(2);
    for (const id of ids) {
      await door.post("/events", `{"id":${id},"type":"customer.message","session":"t","text":"words of ${id}"}`);
    }
    await door.events({ id: "3", type: "customer.message", session: "t", text: "agent" });
    for (const id of ids) expect(door.note()).toContain(`words of ${id}`);
  });

  it("still meet a rule that names a number", async () => {
    const door = createDoor({ bot: "travel-assistant" });
    const reply = await door.post("/webhooks/answers", '{"uniqueSessionId":"s","topic":"cancelled-flight","seat":12}');
    expect(reply.body.reason).toBe("stranded");
    expect(door.note()).toContain("seat: 12");
  });

  it("are small ones as they always were", async () => {
    const door = createDoor();
    await door.post("/handoffs", '{"session":"s","attributes":{"orderId":4500012345,"isGold":true,"ratio":0.5}}');
    expect(door.last().topic).toBe("Order 4500012345");
    for (const line of ["isGold: true", "ratio: 0.5"]) expect(door.note()).toContain(line);
  });
});
