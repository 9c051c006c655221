import { describe, expect, it } from "vitest";
import type { Item } from "../../src/events/batch.ts";
import { callbackId, isCallbackId } from "../../src/events/callback-types.ts";
import { withDeliveryId, withDeliveryIds } from "../../src/events/delivery-id.ts";
import type { ParsedEvent } from "../../src/events/source.ts";
import { message } from "../escalation/given.ts";

const reported = (id: string, hasSenderId = false): ParsedEvent => ({ event: message("hi", { id }), hasSenderId });
const idsOf = (items: Item[]) => items.map((item) => (item.ok ? item.value.event.id : "refused"));

describe("the id of a delivery", () => {
  it("is that of an event without one, which then counts as its own", () => {
    expect(withDeliveryId(reported("content-x"), "d1")).toEqual(reported("d1", true));
  });

  it.each([["an event with an id of its own", "own", true, "d1"]] as const)(
    "does not replace that of %s",
    (_, id, own, given) => {
      expect(withDeliveryId(reported(id, own), given)).toEqual(reported(id, own));
    },
  );

  it.each([undefined, "", "N/A"])("is none where it says nothing: %j", (given) => {
    expect(withDeliveryId(reported("content-x"), given)).toEqual(reported("content-x"));
  });

  it("has the place beside it where a delivery has several events", () => {
    const refused: Item = { ok: false, error: { issues: [] } };
    const items: Item[] = [{ ok: true, value: reported("a") }, refused, { ok: true, value: reported("b", true) }];
    expect(idsOf(withDeliveryIds(items, "d1"))).toEqual(["d1-0", "refused", "b"]);
    expect(idsOf(withDeliveryIds(items.slice(0, 1), "d1"))).toEqual(["d1"]);
    expect(withDeliveryIds(items, undefined)).toBe(items);
  });
});

describe("the id of a callback", () => {
  it("is known as one, with a number behind it too, and no other id is", () => {
    const id = callbackId("01M8H0T1", "handoff.routed", 1_795_868_458_085);
    expect(id).toBe("01M8H0T1-handoff-routed-1795868458085");
    expect([id, `${id}-2`].every(isCallbackId)).toBe(true);
    expect(["", "01M8H0T1", `${id}-2-3`, id.replace("routed", "lost"), `x ${id}`].some(isCallbackId)).toBe(false);
  });
});
