import { describe, expect, it } from "vitest";
import { eventSchema, eventTypes } from "../../../src/events/event.ts";
import { isAbsent, isAbsentLabel } from "../../../src/events/reading/absent.ts";
import { baton, toHandoffRequest, toModelRequest } from "../../../src/events/sources/baton.ts";
import { fc } from "../../fuzz/fast-check.ts";
import { anyJson, eventFrom, now, nowText, problemFrom, reportedFrom, withProto } from "../support/payloads.ts";

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
    expect(reportedFrom(baton, sent)).toEqual({ event: sent, hasSenderId: true });
  });

  it("takes the present where the event does not say when", () => {
    expect(eventFrom(baton, message).at).toBe(nowText);
  });

  it.each(["", null, "N/A", "null", "undefined", "[object Object]", "{{conversationId}}"])(
    "takes the conversation id %j for none",
    (conversationId) => {
      expect(reportedFrom(baton, { ...message, conversationId })).toEqual({
        event: { ...message, at: nowText },
        hasSenderId: true,
      });
    },
  );

  it.each([
    ["a key it does not know", { colour: "red" }, {}, ["colour"]],
    ["a field of another type", { reason: "asked" }, {}, ["reason"]],
    ["a time it cannot read", { at: "yesterday" }, { at: nowText }, ["at"]],
    ["a conversation id that cannot be one", { conversationId: ".." }, {}, ["conversationId"]],
    [
      "a member of the customer",
      { customer: { name: "Ana", vip: true } },
      { customer: { name: "Ana" } },
      ["customer.vip"],
    ],
    ["a language that is none", { language: "x".repeat(36), channel: { a: 1 } }, {}, ["language", "channel"]],
  ])("goes on without %s, and names it", (_, change, read, leftOut) => {
    const reported = reportedFrom(baton, { ...message, ...change });
    expect(reported).toEqual({ event: { ...message, at: nowText, ...read }, hasSenderId: true, leftOut });
  });

  it.each([
    [
      "an attribute",
      { attributes: { note: "x".repeat(4_001) } },
      { attributes: { note: "x".repeat(4_000) } },
      "attributes.note",
    ],
    ["what is nested", { attributes: { cart: { id: 1 } } }, { attributes: { "cart.id": 1 } }, "attributes.cart"],
    ["a list", { attributes: { items: ["a", "b"] } }, { attributes: { items: "a, b" } }, "attributes.items"],
    [
      "a confidence",
      { intent: { name: "x", confidence: -2 } },
      { intent: { name: "x", confidence: 0 } },
      "intent.confidence",
    ],
    ["a sentiment", { sentiment: -4 }, { sentiment: -1 }, "sentiment"],
    ["a text", { text: "x".repeat(25_001) }, { text: "x".repeat(25_001) }, "text"],
  ])("keeps what it can of %s, and names it", (_, change, read, field) => {
    const reported = reportedFrom(baton, { ...message, ...change });
    expect(reported).toEqual({ event: { ...message, at: nowText, ...read }, hasSenderId: true, leftOut: [field] });
  });

  it.each([
    [
      { customer: { name: "Ana", email: null, phone: 385911234567 } },
      { customer: { name: "Ana", phone: "385911234567" } },
    ],
    [{ customer: { name: "", email: "N/A" }, language: null, channel: "" }, {}],
    [{ attributes: { orderId: null, plan: "" } }, { attributes: { orderId: null } }],
    [{ intent: "refund" }, { intent: { name: "refund" } }],
    [{ intent: { name: "refund" } }, { intent: { name: "refund" } }],
    [{ intent: { name: "", confidence: 0 } }, { intent: { confidence: 0 } }],
    [{ intent: { name: "x", confidence: 1.0000001192092896 } }, { intent: { name: "x", confidence: 1 } }],
    [{ intent: { name: "x", confidence: 87 } }, { intent: { name: "x", confidence: 0.87 } }],
    [{ sentiment: -1.0000001 }, { sentiment: -1 }],
    [{ sentiment: null, intent: null }, {}],
    [{ at: 1_764_240_000 }, { at: "2025-11-27T10:40:00.000Z" }],
    [{ at: "2026-01-01T10:00:00" }, { at: "2026-01-01T10:00:00.000Z" }],
    [{ id: 42 }, { id: "42" }],
    [{ session: 123456789 }, { session: "123456789" }],
    [{ type: "CUSTOMER_MESSAGE" }, {}],
    [{ text: "null" }, { text: "null" }],
    [
      { text: null, contentType: "IMAGE" },
      { text: "", contentType: "IMAGE" },
    ],
    [{ text: undefined }, { text: "" }],
    [{ text: undefined, message: "agent" }, { text: "agent" }],
    [{ text: [{ type: "text", text: "agent" }] }, { text: "agent" }],
  ])("reads %j and leaves nothing out", (change, read) => {
    expect(reportedFrom(baton, { ...message, ...change })).toEqual({
      event: { ...message, at: nowText, ...read },
      hasSenderId: true,
    });
  });

  it("makes an id of the content where there is none", () => {
    const { hasSenderId, event } = reportedFrom(baton, { ...message, id: null });
    expect([hasSenderId, event.id]).toEqual([false, expect.stringMatching(/^content-/)]);
  });

  it.each([
    ["type", { type: "customer.sang" }],
    ["type", { type: undefined }],
    ["session", { session: undefined }],
    ["session", { session: ".." }],
    ["session", { session: "{{sessionId}}" }],
    ["session", { session: "[object Object]" }],
    ["session", { session: { id: 1 } }],
  ])("refuses an event without a %s it can use: %j", (field, change) => {
    expect(problemFrom(baton, { ...message, ...change }).issues.map((issue) => issue.field)).toEqual([field]);
  });

  it("repeats nothing of what was sent", () => {
    const secret = "+385 91 555-01-23";
    expect(JSON.stringify(problemFrom(baton, { id: `${secret} ž`, session: { secret }, type: secret }))).not.toContain(
      secret,
    );
    const { leftOut } = reportedFrom(baton, {
      ...message,
      [`x (${secret})`]: 1,
      attributes: { [`y (${secret})`]: [], ok: { a: 1 } },
    });
    expect(leftOut).toEqual(["attributes.ok", "*"]);
  });

  it("takes an event with anything at all in its optional fields", () => {
    const optional = fc.dictionary(
      fc.constantFrom(
        ...["id", "at", "conversationId", "channel", "customer", "attributes", "language", "text", "contentType"],
        ...["intent", "sentiment", "reason", "summary", "transcript", "messages", "tags", "priority", "queue", "error"],
      ),
      anyJson,
    );
    fc.assert(
      fc.property(optional, fc.constantFrom(...eventTypes), (fields, type) => {
        const { event, leftOut = [] } = reportedFrom(baton, { ...fields, type, session: "s1" });
        expect(eventSchema.safeParse(event)).toEqual({ success: true, data: event });
        const says = new Set<string>([...Object.keys(event), ...leftOut.map((field) => field.split(".")[0] ?? "")]);
        const places: Record<string, string[]> = {
          messages: ["transcript", "summary"],
          transcript: ["summary"],
          text: ["transcript"],
        };
        for (const [name, value] of Object.entries(fields)) {
          const isEmpty = isAbsentLabel(value) || (typeof value === "object" && JSON.stringify(value).length < 60);
          if (!isEmpty) expect([name, ...(places[name] ?? [])].some((it) => says.has(it))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps any scalar attribute", () => {
    const attributes = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }).filter((key) => key !== "__proto__"),
      fc.oneof(
        fc.string().filter((text) => !isAbsent(text)),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
      ),
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
      value: {
        event: { type: "handoff.requested", id: "made-here", session: "s1", at: nowText, reason: "asked" },
        hasSenderId: true,
      },
    });
  });

  it("is known by its content, and not by its time, where nobody names it", () => {
    const idOf = (body: object) => toHandoffRequest({ session: "s1", ...body }, { now });
    const first = idOf({ reason: "asked", at: "2026-11-23T10:00:00Z" });
    expect(first).toMatchObject({ value: { hasSenderId: false } });
    const again = idOf({ at: "2026-11-23T10:00:05Z", reason: "asked" });
    expect(again.ok && first.ok && again.value.event.id).toBe(first.ok && first.value.event.id);
    expect(idOf({ reason: "another" })).not.toMatchObject({
      value: { event: { id: first.ok && first.value.event.id } },
    });
  });

  it("keeps an id that was given", () => {
    expect(toHandoffRequest({ id: "e1", session: "s1" }, context)).toMatchObject({ value: { event: { id: "e1" } } });
  });

  it("may come as a list of one", () => {
    expect(toHandoffRequest([{ session: "s1" }], context)).toMatchObject({ ok: true });
  });

  it("may say its type, and asks for a handoff whatever else it calls itself", () => {
    const typed = (type: unknown) => toHandoffRequest({ type, session: "s1" }, context);
    for (const type of ["handoff.requested", "handoff_requested", null, "N/A"]) {
      const read = typed(type);
      expect(read).toMatchObject({ ok: true, value: { event: { type: "handoff.requested" } } });
      expect(read.ok && read.value.leftOut, String(type)).toBeUndefined();
    }
    for (const type of ["customer.message", "escalation", 7, {}]) {
      expect(typed(type), String(type)).toMatchObject({
        value: { event: { type: "handoff.requested" }, leftOut: ["type"] },
      });
    }
  });

  it("refuses what is no object, and one without a session", () => {
    expect(toHandoffRequest([], context)).toMatchObject({ ok: false, error: { issues: [{ field: "(body)" }] } });
    expect(toHandoffRequest({}, context)).toMatchObject({ ok: false, error: { issues: [{ field: "session" }] } });
  });
});

describe("a call of a tool", () => {
  const said = { session: "s1", reason: "asked" };
  it.each<[string, Record<string, unknown>, string | null]>([
    [
      "OpenAI chat",
      { id: "c1", type: "function", function: { name: "hand_over", arguments: '{"reason":"asked"}' } },
      "c1",
    ],
    [
      "OpenAI responses",
      { type: "function_call", call_id: "c2", name: "hand_over", arguments: '{"reason":"asked"}' },
      "c2",
    ],
    ["Anthropic", { type: "tool_use", id: "c3", name: "hand_over", input: { reason: "asked" } }, "c3"],
    ["AI SDK", { type: "tool-call", toolCallId: "c4", toolName: "hand_over", args: { reason: "asked" } }, "c4"],
  ])("is read with its arguments and its id (%s)", (_, call, id) => {
    const read = toHandoffRequest({ ...call, session: "s1" }, { now });
    expect(read).toMatchObject({ ok: true, value: { event: { type: "handoff.requested", ...said, id } } });
  });

  it("without arguments that can be read asks for a person all the same", () => {
    const read = toHandoffRequest({ session: "s1", name: "Ana", arguments: "{" }, { now });
    expect(read).toMatchObject({ ok: true, value: { event: { session: "s1", customer: { name: "Ana" } } } });
  });
});

describe("a request whose fields a model filled in", () => {
  it("loses the event and the conversation that a model invents", () => {
    const read = toModelRequest(
      { session: 7, id: "1", Type: "session.ended", conversation_id: "C", at: null, toolCallId: "x" },
      { now },
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        event: { type: "handoff.requested", session: "7" },
        hasSenderId: false,
        leftOut: ["id", "Type", "conversation_id", "toolCallId"],
      },
    });
  });

  it("is as it is sent otherwise", () => {
    const read = toModelRequest({ session: "s1", reason: "asked", queue: ["x"] }, { now });
    expect(read).toMatchObject({ ok: true, value: { event: { reason: "asked" }, leftOut: ["queue"] } });
    expect(toModelRequest({ session: "s1", id: "1", queue: {} }, { now })).toMatchObject({ ok: true });
    expect(toModelRequest({ id: "1" }, { now })).toMatchObject({ ok: false });
  });
});

it.each([
  { id: "none", type: "session.started", session: "s1" },
  { id: "e1", type: "bot.message", session: "s1", text: "Hello" },
  { id: "e1", type: "session.ended", session: "s1" },
])("reads an id that says nothing as none: %j", (sent) => {
  expect(reportedFrom(baton, sent).hasSenderId).toBe(sent.id !== "none");
});
