import { describe, expect, it } from "vitest";
import { readCloudEvents } from "../../../src/events/cloud-events/read-cloud-events.ts";

const event = (more: object = {}) => ({
  specversion: "1.0",
  id: "7",
  source: "/shop",
  type: "customer.message",
  subject: "chat-1",
  ...more,
});
const inHeaders = (more: Record<string, string> = {}) =>
  new Headers({ "ce-specversion": "1.0", "ce-id": "7", "ce-source": "/shop", "ce-type": "customer.message", ...more });
const structured = (payload: unknown) => readCloudEvents(payload, new Headers());
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("readCloudEvents", () => {
  it("makes of an event its data, with the attributes in the places of our schema", () => {
    expect(structured(event({ time: "2026-11-23T10:00:00Z", data: { text: "hi", session: "other" } }))).toEqual({
      ok: true,
      value: { text: "hi", type: "customer.message", session: "chat-1", id: "/shop|7", at: "2026-11-23T10:00:00Z" },
    });
  });

  it.each([
    ["com.example.customer.message", "customer.message"],
    ["COM.EXAMPLE.BOT.ERROR", "bot.error"],
    ["customer_message", "customer_message"],
    ["com.example.order", "com.example.order"],
    [7, 7],
  ])("takes the type %j for %j", (type, expected) => {
    expect(structured(event({ type }))).toMatchObject({ value: { type: expected } });
  });

  it.each([
    ["a text", { data: "hi" }, { text: "hi" }],
    ["nothing", {}, {}],
    ["JSON in base64", { data_base64: base64('{"text":"hi"}') }, { text: "hi" }],
    [
      "JSON that says to be text",
      { data_base64: base64('{"text":"hi"}'), datacontenttype: "text/plain" },
      { text: "hi" },
    ],
    ["a text in base64", { data_base64: base64("hi"), datacontenttype: "text/plain" }, { text: "hi" }],
    ["nothing in base64", { data_base64: "", datacontenttype: "text/plain" }, {}],
    ["XML, which is named as left out", { data_base64: base64("<a/>"), datacontenttype: "text/xml" }, { data: true }],
    ["bytes that are no text", { data_base64: "/w==", datacontenttype: "text/plain" }, { data: true }],
  ])("reads data that is %s", (_, more, expected) => {
    const { type, session, id, ...said } = (structured(event(more)) as { value: Record<string, unknown> }).value;
    expect([type, session, id, said]).toEqual(["customer.message", "chat-1", "/shop|7", expected]);
  });

  it("takes the session of the data where there is no subject, and no id that is no text", () => {
    expect(structured(event({ subject: "", id: 7, data: { session: "chat-2" } }))).toEqual({
      ok: true,
      value: { session: "chat-2", type: "customer.message" },
    });
  });

  it("leaves what is no event of the kind as it came, also within a batch", () => {
    const own = { type: "customer.message", session: "chat-1", text: "hi" };
    expect(structured(own)).toEqual({ ok: true, value: own });
    expect(structured("text")).toEqual({ ok: true, value: "text" });
    expect(structured([own, event()])).toMatchObject({ value: [own, { id: "/shop|7" }] });
  });

  it("reads attributes in headers, decoded, with the body as the data", () => {
    const headers = inHeaders({ "ce-subject": "chat%20%C4%87", "content-type": "application/json" });
    expect(readCloudEvents({ text: "hi" }, headers)).toEqual({
      ok: true,
      value: { text: "hi", type: "customer.message", session: "chat ć", id: "/shop|7" },
    });
  });

  it("refuses a header that is no UTF-8, and names it", () => {
    expect(readCloudEvents({}, inHeaders({ "ce-subject": "%ff" }))).toEqual({
      ok: false,
      error: { issues: [{ field: "ce-subject", message: "must be percent-encoded UTF-8" }] },
    });
  });
});
