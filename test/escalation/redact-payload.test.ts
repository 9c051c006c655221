import { describe, expect, it } from "vitest";
import { createPayloadRedaction, shapeOfText } from "../../src/escalation/redaction/redact-payload.ts";
import { message } from "./given.ts";

const ana = message("my kettle leaks", {
  session: "chat-4711",
  customer: { name: "Ana Horvat", phone: "+385911234567", email: "ana@example.com", externalId: "c-991" },
});

describe("a redacted payload", () => {
  it("has stand-ins for what its event says of the customer, wherever it stands, and keeps its shape", () => {
    const redact = createPayloadRedaction();
    const payload = {
      chat: { id: "chat-4711", path: "projects/shop/sessions/chat-4711" },
      name: "ana horvat",
      phone: 385_911_234_567,
      contact: "+385911234567",
      texts: ["I am Ana, write to ana@example.com", "c-991 is me"],
      "ana@example.com": true,
      count: 3,
      nothing: null,
    };
    expect(redact(payload, [ana], true)).toEqual({
      chat: { id: "session-1", path: "projects/shop/sessions/session-1" },
      name: "Customer 1",
      phone: expect.anything(),
      contact: "+999000000001",
      texts: ["I am Customer, write to customer-1@example.invalid", "customer-1 is me"],
      "customer-1@example.invalid": true,
      count: 3,
      nothing: null,
    });
  });

  it("keeps a chat one chat and two chats two", () => {
    const redact = createPayloadRedaction();
    const other = message("hi", { session: "chat-4712" });
    const shown = [ana, other, ana].map((event) => redact({ id: event.session }, [event], true));
    expect(shown).toEqual([{ id: "session-1" }, { id: "session-2" }, { id: "session-1" }]);
  });

  it("hides fields whose name says that they are personal, and what a text shows to be", () => {
    const redact = createPayloadRedaction();
    const payload = {
      date_of_birth: "1990-01-02",
      zip: 10_000,
      note: "card 4111 1111 1111 1111",
      order: "ORD-20260101",
    };
    expect(redact(payload, [message("hi", { session: "s-12345" })], true)).toEqual({
      date_of_birth: "(personal)",
      zip: 0,
      note: "card [card number]",
      order: "ORD-20260101",
    });
  });

  it("has no words where the flow keeps none", () => {
    const redact = createPayloadRedaction();
    const said = message("help", { session: "s-12345" });
    expect(redact({ a: "help", b: "two words", c: "one" }, [said], false)).toEqual({
      a: "(words)",
      b: "(words)",
      c: "one",
    });
  });

  it("hides what names a chat or a person where no event was read", () => {
    const redact = createPayloadRedaction();
    const payload = { sender_id: "385911234567", session: "projects/shop/sessions/web-7", color: "red" };
    expect(redact(payload, [], true)).toEqual({
      sender_id: "session-1",
      session: "projects/shop/sessions/session-2",
      color: "red",
    });
  });

  it("forgets people when there are too many of them to remember", () => {
    const redact = createPayloadRedaction();
    const chat = (n: number) => message("hi", { session: `chat-${n}` });
    const many = Array.from({ length: 2_000 }, (_, n) => chat(10_000 + n));
    expect(redact({ id: "chat-10000" }, many, true)).toEqual({ id: "session-1" });
    expect(redact({ id: "chat-20000" }, [chat(20_000)], true)).toEqual({ id: "session-1" });
    expect(redact({ id: "chat-10000" }, [chat(10_000)], true)).toEqual({ id: "session-2" });
  });
});

it("shows of an unreadable body its punctuation and the names of its fields", () => {
  expect(shapeOfText('{"session": "chat-4711", "text": "Ana Horvatincicevic')).toBe(
    '{"session": "xxxxxxxxx", "text": "xxx x…',
  );
});
