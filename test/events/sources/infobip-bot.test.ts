import { describe, expect, it } from "vitest";
import { infobipBot } from "../../../src/events/sources/infobip-bot.ts";
import { eventFrom, now, nowText, problemFrom, reportedFrom } from "../support/payloads.ts";

const conversationId = "37B93F4D2BA3C58B58526EAEAA1AB35C";

/** A push of the platform, with an invented text and ids. */
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
      hasSenderId: true,
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
    ["IMAGE", { url: "https://example.com/i.png" }, ""],
    ["IMAGE", { url: "https://example.com/i.png", caption: "my stolen card" }, "my stolen card"],
    ["DOCUMENT", { url: "https://example.com/b.pdf", text: "the bill" }, "the bill"],
    ["LOCATION", { latitude: 45.8, longitude: 15.9 }, "45.8, 15.9"],
    ["LOCATION", { name: "Main square", address: "Zagreb", latitude: 45.8, longitude: 15.9 }, "Main square, Zagreb"],
    ["CONTACT", { contacts: [{ name: { formattedName: "Iva K" }, phones: [{ phone: "+385911" }] }] }, "Iva K +385911"],
    ["BUTTON", { text: "Talk to an adviser", payload: "ADVISER" }, "Talk to an adviser"],
    ["INTERACTIVE_BUTTON_REPLY", { id: "1", title: "Talk to an adviser" }, "Talk to an adviser"],
    ["POSTBACK", { payload: "ADVISER" }, "ADVISER"],
    ["RCS_TEXT", { text: "hello" }, "hello"],
    ["WHATSAPP_TEXT_WITH_ADDITIONAL_DATA", { text: "hello" }, "hello"],
    ["EMAIL", { subject: "My card", text: "It is gone" }, "My card\nIt is gone"],
    ["STICKER", "https://example.com/s.webp", ""],
    ["UNSUPPORTED", null, ""],
  ])("keeps the words of %s with %j, and its type", (contentType, content, text) => {
    const { singleSendMessage: _, ...bare } = push;
    expect(eventFrom(infobipBot, { ...bare, contentType, content })).toMatchObject({ text, contentType });
  });

  it.each([
    ["a text alone", { content: "hello" }],
    ["what was sent to the channel", { content: null }],
    ["content without its type", { contentType: undefined, content: { text: "hello" } }],
    ["a direction in lower case", { content: { text: "hello" }, direction: "inbound" }],
  ])("reads the words of %s", (_, change) => {
    const sent = { ...push, singleSendMessage: { content: { type: "TEXT", text: "hello" } }, ...change };
    expect(eventFrom(infobipBot, sent)).toMatchObject({ text: "hello" });
  });

  it("has no words where nothing has", () => {
    expect(eventFrom(infobipBot, { ...push, content: {}, singleSendMessage: null })).toMatchObject({ text: "" });
  });

  it("takes the customer's address for the session of a message without a conversation", () => {
    expect(eventFrom(infobipBot, { ...push, conversationId: undefined }).session).toBe("385911234567");
    const { event, leftOut } = reportedFrom(infobipBot, { ...push, conversationId: "../x" });
    expect([event.session, event.conversationId, leftOut]).toEqual(["385911234567", undefined, ["conversationId"]]);
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
    expect(reportedFrom(infobipBot, withoutId).hasSenderId).toBe(false);
    expect(reportedFrom(infobipBot, { ...push, id: null }).hasSenderId).toBe(false);
    expect(reportedFrom(infobipBot, { ...push, id: 1 })).toMatchObject({ hasSenderId: true, event: { id: "1" } });
  });

  it.each(["OUTBOUND", "SIDEWAYS"])("has no use for the direction %s", (direction) => {
    expect(infobipBot.toEvents({ ...push, direction }, { now })).toEqual({ ok: true, value: [] });
  });

  it.each([
    { id: "m-1", conversationId, channel: "VIBER" },
    { conversationId, content: null },
  ])("has no use for what holds no message: %j", (payload) => {
    expect(infobipBot.toEvents(payload, { now })).toEqual({ ok: true, value: [] });
  });

  it("takes a message without a direction for the customer's", () => {
    const { direction: _, ...withoutDirection } = push;
    expect(eventFrom(infobipBot, withoutDirection).type).toBe("customer.message");
  });

  it.each([
    ["a conversation event", { type: "INBOUND_MESSAGE", timestamp: push.createdAt, payload: push }],
    ["a list", [push]],
    ["a message of nobody", { ...push, conversationId: undefined, from: null, singleSendMessage: null }],
  ])("refuses %s", (_, payload) => {
    problemFrom(infobipBot, payload);
  });
});
