import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baton, toHandoffRequest } from "../../../src/events/sources/baton.ts";
import { eventFrom, now, nowText, problemFrom, reportedFrom, withProto } from "../support/payloads.ts";

const message = { id: "e1", type: "customer.message", session: "s1", text: "Where is my order?" };

describe("baton", () => {
  it("takes an event as it is", () => {
    const sent = {
      ...message,
      at: "2026-01-01T10:00:00+01:00",
      conversationId: "37B93F4D",
      channel: "WHATSAPP",
      customer: { name: "Ana", phone: "385911234567" },
      attributes: { orderId: "A-1", items: 2, gift: true },
      intent: { name: "order-status", confidence: 0.9 },
      sentiment: -0.2,
    };
    expect(reportedFrom(baton, sent)).toEqual({ event: sent, hasOwnId: true });
  });

  it("takes the present where the event does not say when", () => {
    expect(eventFrom(baton, message).at).toBe(nowText);
  });

  it("takes an empty conversation id for none", () => {
    expect(eventFrom(baton, { ...message, conversationId: "" }).conversationId).toBeUndefined();
  });

  it("drops keys it does not know", () => {
    expect(eventFrom(baton, { ...message, colour: "red" })).not.toHaveProperty("colour");
  });

  it("takes an array in its order", () => {
    const result = baton.toEvents([message, { ...message, id: "e2" }], { now });
    expect(result.ok && result.value.map(({ event }) => event.id)).toEqual(["e1", "e2"]);
  });

  it("takes no part of an array of which one event is wrong, and says which", () => {
    expect(problemFrom(baton, [message, { ...message, session: "s 1" }, 7])).toEqual({
      issues: [
        { field: "1.session", message: "must be 1 to 200 printable ASCII characters without spaces" },
        { field: "2", message: "Invalid input: expected object, received number" },
      ],
    });
  });

  it("takes at most 100 events", () => {
    expect(baton.toEvents(Array(100).fill(message), { now }).ok).toBe(true);
    expect(problemFrom(baton, Array(101).fill(message)).issues[0]?.message).toContain("100");
  });

  it.each([
    ["id", { id: undefined }],
    ["type", { type: "customer.sang" }],
    ["type", { type: undefined }],
    ["text", { text: undefined }],
    ["at", { at: "yesterday" }],
    ["conversationId", { conversationId: ".." }],
    ["conversationId", { conversationId: { id: 1 } }],
    ["attributes.orderId", { attributes: { orderId: { id: 1 } } }],
    ["attributes.note", { attributes: { note: "x".repeat(4_001) } }],
    ["intent.confidence", { intent: { name: "x", confidence: 2 } }],
    ["customer.phone", { customer: { phone: 385911234567 } }],
  ])("names the field: %s", (field, change) => {
    expect(problemFrom(baton, { ...message, ...change }).issues.map((issue) => issue.field)).toEqual([field]);
  });

  it("says what a value of several kinds may be", () => {
    expect(problemFrom(baton, { ...message, attributes: { a: [] } }).issues).toEqual([
      { field: "attributes.a", message: "Invalid input: expected string or number or boolean" },
    ]);
    expect(problemFrom(baton, { ...message, attributes: { ["k".repeat(201)]: 1 } }).issues).toEqual([
      { field: "attributes.*", message: "name: Too big: expected string to have <=200 characters" },
    ]);
  });

  it("repeats nothing of what was sent, in values or in unusual keys", () => {
    const secret = "+385 91 555-01-23";
    const wrong = {
      id: `${secret} ž`,
      session: { secret },
      at: secret,
      type: "handoff.requested",
      conversationId: `/${secret}`,
      channel: [secret],
      customer: { email: [secret], name: { secret } },
      attributes: { [secret]: { secret }, ok: [secret] },
      language: secret.repeat(9),
      transcript: [{ author: secret, text: [secret], at: secret }],
      tags: [secret.repeat(9)],
      priority: secret,
      queue: { secret },
    };
    expect(JSON.stringify(problemFrom(baton, wrong))).not.toContain(secret);
    expect(JSON.stringify(problemFrom(baton, { ...wrong, type: secret }))).not.toContain(secret);
  });

  it("names at most twenty fields", () => {
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, []]));
    expect(problemFrom(baton, { ...message, attributes }).issues).toHaveLength(20);
  });

  it("keeps any scalar attribute", () => {
    const attributes = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }).filter((key) => key !== "__proto__"),
      fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(attributes, (sent) => {
        expect(eventFrom(baton, { ...message, attributes: sent }).attributes).toEqual(sent);
      }),
    );
  });

  it("is not harmed by keys of the prototype", () => {
    const payload = withProto(
      `{"id":"e1","session":"s1","type":"session.started","__proto__":{"text":"x"},"attributes":{"__proto__":{"a":1},"constructor":"c"}}`,
    );
    const event = eventFrom(baton, payload);
    expect(Object.getPrototypeOf(event.attributes)).toBe(Object.prototype);
    expect(Object.entries(event.attributes ?? {})).toEqual([["constructor", "c"]]);
    expect(event).not.toHaveProperty("text");
  });
});

describe("toHandoffRequest", () => {
  const context = { id: "made-here", now };

  it("asks for a handoff without saying so", () => {
    expect(toHandoffRequest({ session: "s1", reason: "asked" }, context)).toEqual({
      ok: true,
      value: { type: "handoff.requested", id: "made-here", session: "s1", at: nowText, reason: "asked" },
    });
  });

  it("keeps an id that was given", () => {
    expect(toHandoffRequest({ id: "e1", session: "s1" }, context)).toMatchObject({ value: { id: "e1" } });
  });

  it("may say its type, and no other", () => {
    expect(toHandoffRequest({ type: "handoff.requested", session: "s1" }, context).ok).toBe(true);
    expect(toHandoffRequest({ type: "session.ended", session: "s1" }, context)).toMatchObject({
      error: { issues: [{ field: "type" }] },
    });
  });

  it("refuses what is no object, and one without a session", () => {
    expect(toHandoffRequest([], context)).toMatchObject({ ok: false, error: { issues: [{ field: "(body)" }] } });
    expect(toHandoffRequest({}, context)).toMatchObject({ ok: false, error: { issues: [{ field: "session" }] } });
  });
});
