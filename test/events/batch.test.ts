import { describe, expect, it } from "vitest";
import { parseBatch } from "../../src/events/batch.ts";
import { answers } from "../../src/events/sources/answers.ts";
import { baton } from "../../src/events/sources/baton.ts";
import { infobipBot } from "../../src/events/sources/infobip-bot.ts";
import { now } from "./support/payloads.ts";

const message = { id: "e1", type: "customer.message", session: "s1", text: "hello" };

describe("parseBatch", () => {
  it("judges each event of an array for itself, in its order", () => {
    const items = parseBatch(baton, [message, { ...message, session: "" }, 7, [message], { ...message, id: "e2" }], {
      now,
    });
    const seen = items.ok && items.value.map((item) => (item.ok ? item.value.event.id : item.error.issues[0]?.field));
    expect(seen).toEqual(["e1", "session", "(body)", "(body)", "e2"]);
  });

  it("refuses an array of which no event is good, and says where each is wrong", () => {
    const items = parseBatch(baton, [{ ...message, session: "" }, 7], { now });
    expect(!items.ok && items.error.issues.map(({ field }) => field)).toEqual(["0.session", "1"]);
  });

  it("refuses an array that is too long as a whole, and takes an empty one", () => {
    expect(parseBatch(baton, Array(101).fill(message), { now }).ok).toBe(false);
    expect(parseBatch(baton, [], { now })).toEqual({ ok: true, value: [] });
  });

  it("takes a list of bodies for a source that gets one at a time", () => {
    const items = parseBatch(answers, [{ session: "s1" }, { orderId: 7 }], { now });
    expect(items.ok && items.value.map((item) => item.ok)).toEqual([true, false]);
  });

  it("reads each message of the envelope that Infobip's channels have", () => {
    const results = [
      { from: "385911234567", messageId: "m-1", message: { type: "TEXT", text: "hello" } },
      { from: "385911234567", messageId: "m-2", message: { type: "TEXT", text: "anybody?" } },
    ];
    const items = parseBatch(infobipBot, { results }, { now });
    expect(items).toMatchObject({
      value: [
        { value: { event: { id: "m-1", session: "385911234567", text: "hello" } } },
        { value: { event: { id: "m-2", session: "385911234567", text: "anybody?" } } },
      ],
    });
    expect(parseBatch(infobipBot, { results: [] }, { now })).toEqual({ ok: true, value: [] });
  });
});
