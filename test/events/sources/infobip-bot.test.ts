import { describe, expect, it } from "vitest";
import { infobipBot } from "../../../src/events/sources/infobip-bot.ts";
import { eventFrom, now, nowText, problemFrom, reportedFrom } from "../support/payloads.ts";

const conversationId = "37B93F4D2BA3C58B58526EAEAA1AB35C";

/** As the platform pushes it; the ids and the text are made up. */
const push = {
  id: "B3C502BC20CB3EA6031F863991E1D3A3",
  channel: "VIBER",
  from: "385911234567",
  to: "447700900123",
  direction: "INBOUND",
  conversationId,
  createdAt: "2026-01-01T15:15:25.737+00:00",
  updatedAt: "2026-01-01T15:15:25.737+00:00",
  content: { text: "Is anybody there?", showUrlPreview: null },
  singleSendMessage: {
    from: { phoneNumber: "385911234567", type: "PHONE_NUMBER" },
    to: { phoneNumber: "447700900123", type: "PHONE_NUMBER" },
    content: { text: "Is anybody there?", trackingData: null, type: "TEXT" },
    channel: "VIBER",
    direction: "INBOUND",
  },
  contentType: "TEXT",
};

describe("infobip-bot", () => {
  it("reads a push as what the customer said", () => {
    expect(reportedFrom(infobipBot, push)).toEqual({
      hasOwnId: true,
      event: {
        type: "customer.message",
        id: push.id,
        session: conversationId,
        conversationId,
        at: "2026-01-01T15:15:25.737Z",
        channel: "VIBER",
        customer: { phone: "385911234567" },
        text: "Is anybody there?",
      },
    });
  });

  it.each([
    ["2026-01-01T15:15:25.737+0000", "2026-01-01T15:15:25.737Z"],
    [null, nowText],
    [undefined, nowText],
  ])("reads the time %j", (createdAt, at) => {
    expect(eventFrom(infobipBot, { ...push, createdAt }).at).toBe(at);
  });

  it.each([
    ["IMAGE", { url: "https://example.com/i.png", text: "a caption" }],
    ["LOCATION", { latitude: 45.8, longitude: 15.9 }],
    ["UNSUPPORTED", null],
  ])("names content that is not text: %s", (contentType, content) => {
    expect(eventFrom(infobipBot, { ...push, contentType, content })).toMatchObject({ text: "", contentType });
  });

  it.each([null, undefined, {}, { text: null }, "text"])("reads a text message whose content is %j", (content) => {
    expect(eventFrom(infobipBot, { ...push, content })).toMatchObject({ text: "" });
  });

  it.each([
    [{ from: "fb-7", singleSendMessage: null }, { externalId: "fb-7" }],
    [{ from: "385911234567", singleSendMessage: null }, { phone: "385911234567" }],
    [{ from: 385911234567 }, { phone: "385911234567" }],
    [
      {
        from: "999990000011111",
        singleSendMessage: { from: { id: "999990000011111", type: "SOCIAL_USER" }, socialContext: { username: "Ana" } },
      },
      { externalId: "999990000011111", name: "Ana" },
    ],
    [{ from: null, singleSendMessage: { socialContext: { username: "Ana" } } }, { name: "Ana" }],
    [{ from: null, singleSendMessage: { from: "385911234567" } }, undefined],
  ])("reads the customer from %j", (change, customer) => {
    expect(eventFrom(infobipBot, { ...push, ...change }).customer).toEqual(customer);
  });

  it("makes an id of the content where the push has none", () => {
    const { id: _, ...withoutId } = push;
    expect(reportedFrom(infobipBot, withoutId).hasOwnId).toBe(false);
    expect(reportedFrom(infobipBot, { ...push, id: null }).hasOwnId).toBe(false);
    expect(reportedFrom(infobipBot, { ...push, id: 1 })).toMatchObject({ hasOwnId: true, event: { id: "1" } });
  });

  it.each(["OUTBOUND", "SIDEWAYS"])("has no use for the direction %s", (direction) => {
    expect(infobipBot.toEvents({ ...push, direction }, { now })).toEqual({ ok: true, value: [] });
  });

  it("takes a message without a direction for the customer's", () => {
    const { direction: _, ...withoutDirection } = push;
    expect(eventFrom(infobipBot, withoutDirection).type).toBe("customer.message");
  });

  it.each([
    ["a conversation event", { type: "INBOUND_MESSAGE", timestamp: push.createdAt, payload: push }],
    ["a list", [push]],
    ["a message without a conversation", { ...push, conversationId: undefined }],
    ["a conversation id with a slash", { ...push, conversationId: "../x" }],
    ["a message without a type of content", { ...push, contentType: undefined }],
  ])("refuses %s", (_, payload) => {
    problemFrom(infobipBot, payload);
  });
});
