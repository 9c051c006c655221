import { describe, expect, it } from "vitest";
import { answers } from "../../../src/events/sources/answers.ts";
import { eventFrom, nowText, problemFrom, reportedFrom } from "../support/payloads.ts";

/** The recommended body as it arrives, with one attribute of the chatbot's own and one that was never set. */
const recommended = {
  uniqueSessionId: "0b1e9a36-62a7-4b0e-9c2b-6c1f6b7c7f10",
  conversationId: "37B93F4D2BA3C58B58526EAEAA1AB35C",
  sourceType: "WHATSAPP",
  phoneNumber: "385911234567",
  displayName: "Ana Horvat",
  lastReceivedTextMessage: "I want to talk to a person",
  reason: "the customer asked",
  tags: "returns, web",
  orderId: "A-1042",
  loyaltyId: "{{loyaltyId}}",
};

describe("answers", () => {
  it("reads the recommended body as a request for a handoff", () => {
    const { event, hasSenderId } = reportedFrom(answers, recommended);
    expect(hasSenderId).toBe(false);
    expect(event).toEqual({
      type: "handoff.requested",
      id: expect.stringMatching(/^content-/),
      session: recommended.uniqueSessionId,
      at: nowText,
      conversationId: recommended.conversationId,
      channel: "WHATSAPP",
      customer: { name: "Ana Horvat", phone: "385911234567" },
      reason: "the customer asked",
      tags: ["returns", "web"],
      transcript: [{ author: "customer", text: "I want to talk to a person" }],
      attributes: { orderId: "A-1042" },
    });
  });

  it("puts what an AI agent answered behind the words that it answered", () => {
    const { transcript, attributes } = eventFrom(answers, { ...recommended, agentAnswer: "Let me get somebody." }) as {
      transcript?: unknown;
      attributes?: unknown;
    };
    expect(transcript).toEqual([
      { author: "customer", text: "I want to talk to a person" },
      { author: "bot", text: "Let me get somebody." },
    ]);
    expect(attributes).toEqual({ orderId: "A-1042" });
  });

  it("makes the same id of the same content", () => {
    const { reason, ...others } = recommended;
    expect(eventFrom(answers, { reason, ...others }).id).toBe(eventFrom(answers, recommended).id);
    expect(eventFrom(answers, others).id).not.toBe(eventFrom(answers, recommended).id);
  });

  it("keeps the id and the time it is given", () => {
    const body = { session: "s1", id: "e1", timestamp: "2026-01-01T10:00:00.000+0100" };
    expect(reportedFrom(answers, body)).toMatchObject({
      hasSenderId: true,
      event: { id: "e1", at: "2026-01-01T09:00:00.000Z" },
    });
  });

  it("makes a hash of an id that cannot be one", () => {
    const { hasSenderId, event } = reportedFrom(answers, { session: "s1", id: "order žaba" });
    expect([hasSenderId, event.id]).toEqual([true, expect.stringMatching(/^sha256-/)]);
    expect(reportedFrom(answers, { session: "s1", id: "N/A" }).hasSenderId).toBe(false);
  });

  it.each([
    [{ uniqueSessionId: "u", sessionId: "s", session: "x" }, "u"],
    [{ uniqueSessionId: "{{uniqueSessionId}}", sessionId: "s" }, "s"],
    [{ uniqueSessionId: "[object Object]", session: "x" }, "x"],
    [{ UNIQUE_SESSION_ID: "u" }, "u"],
    [{ session_id: "first", sessionId: "second" }, "first"],
    [{ "session-id": " s " }, "s"],
    [{ sessionId: 42 }, "42"],
  ])("finds the session in %j", (body, session) => {
    const event = eventFrom(answers, body);
    expect(event.session).toBe(session);
    expect(event.attributes).toBeUndefined();
  });

  it.each([
    "text",
    null,
    7,
    [],
    {},
    { session: "" },
    { session: "{{s}}" },
    { sessionId: { id: "s" } },
    { sessionId: 2 ** 60 },
    { phoneNumber: "385911234567" },
  ])("refuses %j, which names no session", (body) => {
    problemFrom(answers, body);
  });

  it.each([".", "..", "a/b", "a\\b", "a b", { id: 1 }, ["c"]])(
    "leaves out the conversation id %j",
    (conversationId) => {
      const { event, leftOut } = reportedFrom(answers, { session: "s1", conversationId });
      expect(event.conversationId).toBeUndefined();
      expect(leftOut).toEqual(["conversationId"]);
    },
  );

  it.each(["", "{{conversationId}}", "null", null, "N/A", "undefined", "[object Object]"])(
    "takes the conversation id %j for none",
    (conversationId) => {
      expect(eventFrom(answers, { session: "s1", conversationId }).conversationId).toBeUndefined();
    },
  );

  it.each([
    [{ endUserDestination: "+385911234567" }, { externalId: "+385911234567", phone: "+385911234567" }],
    [
      { endUserDestination: "+385911234567", phone_number: 385917654321 },
      { externalId: "+385911234567", phone: "385917654321" },
    ],
    [{ endUserDestination: "fb-user-7" }, { externalId: "fb-user-7" }],
    [{ displayName: "null", email: "ana@example.com" }, { email: "ana@example.com" }],
    [{ customer: { name: "Ana", phone: "1", externalId: { x: 1 } } }, { name: "Ana", phone: "1" }],
    [{ displayName: "x".repeat(501) }, { name: "x".repeat(500) }],
    [{ displayName: "None", email: "N/A", phone: 385911234567 }, { phone: "385911234567" }],
  ])("reads the customer from %j", (body, customer) => {
    expect(eventFrom(answers, { session: "s1", ...body })).toEqual(expect.objectContaining({ customer }));
  });

  it.each([
    [{ type: "TEXT", content: "help" }, "help"],
    [{ type: "TEXT", content: { text: "help" } }, "help"],
    ['{"type":"TEXT","content":"help"}', "help"],
    ["help", "help"],
    [42, "42"],
    ["{not json", "{not json"],
    ['{"half":1}', '{"half":1}'],
  ])("takes the last words from %j", (lastReceivedMessage, text) => {
    expect(eventFrom(answers, { session: "s1", lastReceivedMessage })).toMatchObject({
      transcript: [{ author: "customer", text }],
    });
  });

  it.each([
    [{ type: "IMAGE", content: "https://example.com/i.png" }, "(image)"],
    [
      { type: "IMAGE", content: { url: "https://example.com/i.png", caption: "my stolen card" } },
      "(image) my stolen card",
    ],
    [{ type: "BUTTON", content: { text: "Talk to an agent", payload: "AGENT" } }, "Talk to an agent"],
    [{ type: "INTERACTIVE_LIST_REPLY", content: { id: "7", title: "I lost my card" } }, "I lost my card"],
    [{ type: "LOCATION", content: { name: "Main square", latitude: 45.8, longitude: 15.9 } }, "(location) Main square"],
    ["null", "null"],
  ])("shows what the customer sent last: %j", (lastReceivedMessage, text) => {
    expect(eventFrom(answers, { session: "s1", lastReceivedMessage })).toMatchObject({
      transcript: [{ author: "customer", text }],
    });
  });

  it.each([{ type: "TEXT" }, '{"type":"TEXT","content":""}', {}])("finds no words in %j", (lastReceivedMessage) => {
    expect(eventFrom(answers, { session: "s1", lastReceivedMessage })).not.toHaveProperty("transcript");
  });

  it("ends the transcript with the last words", () => {
    const transcript = [
      { author: "bot", text: "How can I help?", at: "2026-01-01T10:00:00+0000" },
      { role: "user", content: "My order", timestamp: 1_767_261_601 },
      { author: "nobody we know", text: "left out" },
      { role: "system", content: "never shown" },
      { author: "bot" },
    ];
    const expected = [
      { author: "bot", text: "How can I help?", at: "2026-01-01T10:00:00.000Z" },
      { author: "customer", text: "My order", at: "2026-01-01T10:00:01.000Z" },
      { author: "customer", text: "A person" },
    ];
    const body = { session: "s1", text: "A person" };
    expect(eventFrom(answers, { ...body, transcript })).toMatchObject({ transcript: expected });
    expect(eventFrom(answers, { ...body, transcript: JSON.stringify(transcript) })).toMatchObject({
      transcript: expected,
    });
  });

  it("does not say twice what the transcript already ends with", () => {
    const transcript = [
      { author: "customer", text: "A person" },
      { author: "bot", text: "One moment" },
    ];
    expect(eventFrom(answers, { session: "s1", text: "A person", transcript })).toMatchObject({ transcript });
  });

  it("keeps the end of a transcript that is too long", () => {
    const transcript = Array.from({ length: 1_200 }, (_, line) => ({ author: "bot", text: `${line}` }));
    const event = eventFrom(answers, { session: "s1", text: "last", transcript });
    if (event.type !== "handoff.requested") throw new Error(event.type);
    expect(event.transcript).toHaveLength(1_000);
    expect(event.transcript?.at(-1)?.text).toBe("last");
  });

  it("carries the beginning of a text that is too long", () => {
    const event = eventFrom(answers, { session: "s1", summary: `${"x".repeat(100_000)}y`, reason: "r" });
    expect(event).toMatchObject({ summary: "x".repeat(100_000), reason: "r" });
  });
});
