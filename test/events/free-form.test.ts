import { describe, expect, it } from "vitest";
import { eventTypes } from "../../src/events/event.ts";
import { commonNames } from "../../src/events/free-form/names.ts";
import { isAbsent } from "../../src/events/reading/absent.ts";
import { plainName } from "../../src/events/reading/named-values.ts";
import { answers } from "../../src/events/sources/answers.ts";
import { flow } from "../../src/events/sources/flow.ts";
import { fc } from "../fuzz/fast-check.ts";
import { eventFrom, nowText, problemFrom, reportedFrom, withProto } from "./support/payloads.ts";

const known = new Set(
  [...Object.values(commonNames).flat(), "uniqueSessionId", "participantId", "identifier", "msisdn", "message"].map(
    plainName,
  ),
);

describe.each([answers, flow])("a body written for $name", (source) => {
  const read = (body: Record<string, unknown>) => eventFrom(source, { session: "s1", ...body });

  it.each(eventTypes)("is a %s if it says so", (type) => {
    expect(read({ type, text: "hello" }).type).toBe(type);
    expect(read({ type: type.toUpperCase().replace(".", "_") }).type).toBe(type);
  });

  it("carries what the customer said, and how it was understood", () => {
    const said = { type: "customer.message", text: "Where is it?", intent: "order-status" };
    const understood = { text: "Where is it?", intent: { name: "order-status", confidence: 0.35 }, sentiment: -0.7 };
    expect(read({ ...said, confidence: "0.35", sentiment: "-0.7" })).toMatchObject(understood);
    expect(read({ ...said, intent: { name: "order-status", confidence: "0.35" }, sentiment: -0.7 })).toMatchObject(
      understood,
    );
    expect(read({ ...said, intent: '{"name":"order-status","confidence":0.35}', sentiment: -0.7 })).toMatchObject(
      understood,
    );
  });

  it.each([
    ["35", 0.35],
    ["87%", 0.87],
    ["0,12", 0.12],
    [1.0000001192092896, 1],
    [-0.0000001, 0],
  ])("reads the confidence %j as %d", (confidence, expected) => {
    const reported = reportedFrom(source, { session: "s1", type: "customer.message", intent: "x", confidence });
    expect(reported.event).toMatchObject({ intent: { name: "x", confidence: expected } });
    expect(reported.leftOut).toBeUndefined();
  });

  it.each([
    [-1.0000001, -1, undefined],
    ["-9", -1, ["sentiment"]],
    ["negative", -1, undefined],
    ["Neutral", 0, undefined],
    [{ label: "NEGATIVE", score: 0.9 }, -0.9, undefined],
  ])("reads the sentiment %j as %d", (sentiment, expected, leftOut) => {
    const reported = reportedFrom(source, { session: "s1", type: "customer.message", sentiment });
    expect(reported.event).toMatchObject({ sentiment: expected });
    expect(reported.leftOut).toEqual(leftOut);
  });

  it("takes an intent without a confidence, and keeps as an attribute a sentiment that is none", () => {
    expect(read({ type: "customer.message", intent: "refund", sentiment: "angry" })).toMatchObject({
      intent: { name: "refund" },
      attributes: { sentiment: "angry" },
    });
    expect(read({ intent: { name: "", confidence: 0 } })).toMatchObject({ intent: { confidence: 0 } });
  });

  it("carries the type of content that is not text", () => {
    const image = { type: "IMAGE", content: "https://example.com/i.png" };
    const type = "customer.message";
    expect(read({ type, lastReceivedMessage: image })).toMatchObject({ text: "", contentType: "IMAGE" });
    expect(read({ type, contentType: "LOCATION" })).toMatchObject({ text: "", contentType: "LOCATION" });
    expect(read({ type, text: "hi", contentType: "text" })).not.toHaveProperty("contentType");
  });

  it("cuts the last words of a request with the type shown before them", () => {
    const lastReceivedTextMessage = "é".repeat(100_001);
    const { event, leftOut } = reportedFrom(source, { session: "s1", lastReceivedTextMessage, contentType: "X_CARD" });
    const shown = `(x card) ${"é".repeat(100_000 - "(x card) ".length)}`;
    expect(event).toMatchObject({ transcript: [{ author: "customer", text: shown }] });
    expect(leftOut).toEqual(["lastReceivedTextMessage"]);
  });

  it("carries what the bot said, did not understand, or failed at", () => {
    const lastReceivedTextMessage = "hm?";
    expect(read({ type: "bot.message", text: "Hello", lastReceivedTextMessage })).toMatchObject({ text: "Hello" });
    expect(read({ type: "bot.fallback", lastReceivedTextMessage })).toMatchObject({ text: "hm?" });
    expect(read({ type: "bot.error", error: "timeout", lastReceivedTextMessage })).toMatchObject({ error: "timeout" });
    const { event, leftOut } = reportedFrom(source, { session: "s1", type: "bot.error", lastReceivedTextMessage });
    expect(event).not.toHaveProperty("attributes");
    expect(leftOut).toEqual(["lastReceivedTextMessage"]);
  });

  it.each([
    [{ priority: "urgent" }, { priority: "URGENT" }],
    [{ tags: ["a", " b ", "", null, 3, "{{tag}}", {}] }, { tags: ["a", "b", "3"] }],
    [{ tags: "a,b,,null" }, { tags: ["a", "b"] }],
    [{ tags: '["a","b"]' }, { tags: ["a", "b"] }],
    [
      { queue: "Returns", summary: "Lost parcel" },
      { queue: "Returns", summary: "Lost parcel" },
    ],
    [
      { language: "hr", channel: "SMS" },
      { language: "hr", channel: "SMS" },
    ],
  ])("asks for a handoff with %j", (body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });

  it("keeps the tags that can be used", () => {
    expect(read({ tags: ["a", "x".repeat(101), "b"] })).toMatchObject({ tags: ["a", "b"] });
    expect(read({ tags: Array(60).fill("t") })).toMatchObject({ tags: Array(50).fill("t") });
  });

  it.each([
    ["a priority that is none", { priority: "blocker" }, "priority"],
    ["a queue that is too long", { queue: "q".repeat(256) }, "queue"],
    ["a channel that is too long", { channel: "c".repeat(101) }, "channel"],
  ])("leaves out %s rather than refuse the person", (_, body, field) => {
    expect(read({ ...body, orderId: 1 })).not.toHaveProperty(field);
    expect(read({ ...body, orderId: 1 }).attributes).toMatchObject({ orderId: 1 });
  });

  it("makes attributes of further scalars, under the names they came with", () => {
    const attributes = { orderId: "A-1", Items_Count: 2, isGift: false, "delivery date": "today", event: "checkout" };
    expect(read({ ...attributes, unset: "{{unset}}", empty: "", nothing: null, none: [] }).attributes).toEqual(
      attributes,
    );
  });

  it("makes what is nested flat, and says so", () => {
    const nested = { cart: { total: 12.5, lines: [{ sku: "A" }, { sku: "B" }] }, sizes: ["S", "M"] };
    expect(reportedFrom(source, { session: "s1", ...nested })).toMatchObject({
      event: { attributes: { "cart.total": 12.5, "cart.lines.0.sku": "A", "cart.lines.1.sku": "B", sizes: "S, M" } },
      leftOut: ["cart", "sizes"],
    });
  });

  it("makes attributes of an object `attributes`; the body's own go first", () => {
    expect(read({ attributes: { a: 1, b: "two", c: [], d: "" }, b: 2 }).attributes).toEqual({ a: 1, b: 2 });
  });

  it("leaves out attributes that cannot be stored", () => {
    const sent = { long: "x".repeat(4_001), ["k".repeat(201)]: 1, "": 1, endless: JSON.parse("1e999"), ok: 1 };
    const { event, leftOut } = reportedFrom(source, { session: "s1", ...sent });
    expect(event.attributes).toEqual({ long: "x".repeat(4_000), ok: 1 });
    expect(leftOut).toEqual(["long", "*", "endless"]);
  });

  it("keeps as an attribute what it cannot read under its name", () => {
    const body = { sentiment: "angry", priority: "blocker" };
    expect(read(body)).toMatchObject({ type: "handoff.requested", attributes: body });
  });

  it("refuses a type that there is not, and takes a placeholder for none", () => {
    expect(problemFrom(source, { session: "s1", type: "message" }).issues).toMatchObject([{ field: "type" }]);
    expect(read({ type: "{{type}}" }).type).toBe("handoff.requested");
  });

  it("names a time and a conversation that cannot be used, and goes on without", () => {
    const reported = reportedFrom(source, { session: "s1", timestamp: "yesterday", conversationId: "a b" });
    expect(reported).toMatchObject({ event: { at: nowText }, leftOut: ["timestamp", "conversationId"] });
    expect(read({ conversationId: "[object Object]" })).not.toHaveProperty("conversationId");
  });

  it("finds the customer's name under any of its usual names", () => {
    for (const body of [{ name: "Ana H" }, { fullName: "Ana H" }, { firstName: "Ana", lastName: "H" }]) {
      expect(read(body).customer).toEqual({ name: "Ana H" });
      expect(read({ customer: body }).customer).toEqual({ name: "Ana H" });
    }
  });

  it("unsets an attribute that is null, where it stands among attributes", () => {
    expect(read({ attributes: { plan: null }, orderId: null }).attributes).toEqual({ plan: null });
  });

  it("keeps any further scalar", () => {
    const name = fc
      .string({ minLength: 1, maxLength: 30 })
      .filter((text) => !known.has(plainName(text)) && text !== "__proto__");
    const scalar = fc.oneof(
      fc.string().filter((text) => !isAbsent(text)),
      fc.integer(),
      fc.boolean(),
    );
    const body = fc.uniqueArray(fc.tuple(name, scalar), { minLength: 1, selector: ([key]) => plainName(key) });
    fc.assert(
      fc.property(body, (entries) => {
        const attributes = Object.fromEntries(entries);
        expect(read(attributes).attributes).toEqual(attributes);
      }),
    );
  });

  it("is not harmed by keys of the prototype", () => {
    const body = withProto('{"session":"s1","__proto__":"x","constructor":"c","toString":1,"hasOwnProperty":true}');
    const { attributes } = eventFrom(source, body);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(Object.entries(attributes ?? {})).toEqual([
      ["constructor", "c"],
      ["toString", 1],
      ["hasOwnProperty", true],
    ]);
  });
});
