import { describe, expect, it } from "vitest";
import { toItems } from "../../src/events/batch.ts";
import { answers } from "../../src/events/sources/answers.ts";
import { baton } from "../../src/events/sources/baton.ts";
import { now } from "./support/payloads.ts";

const message = { id: "e1", type: "customer.message", session: "s1", text: "hello" };

describe("toItems", () => {
  it("judges each event of an array for itself, in its order", () => {
    const items = toItems(baton, [message, { ...message, session: "s 1" }, 7, [message], { ...message, id: "e2" }], {
      now,
    });
    const seen = items.ok && items.value.map((item) => (item.ok ? item.value.event.id : item.error.issues[0]?.field));
    expect(seen).toEqual(["e1", "session", "(body)", "(body)", "e2"]);
  });

  it("refuses an array of which no event is good, and says where each is wrong", () => {
    const items = toItems(baton, [{ ...message, session: "s 1" }, 7], { now });
    expect(!items.ok && items.error.issues.map(({ field }) => field)).toEqual(["0.session", "1"]);
  });

  it("refuses an array that is too long as a whole, and takes an empty one", () => {
    expect(toItems(baton, Array(101).fill(message), { now }).ok).toBe(false);
    expect(toItems(baton, [], { now })).toEqual({ ok: true, value: [] });
  });

  it("takes no array for another source's payload", () => {
    expect(toItems(answers, [{ session: "s1" }], { now }).ok).toBe(false);
  });
});
