import type { Item } from "./batch.ts";
import { readId } from "./reading/session-name.ts";
import type { ParsedEvent } from "./source.ts";

/** Gives an event without an id the one of its delivery, so that the same delivery, sent again, is the same event. */
export function withDeliveryId(reported: ParsedEvent, deliveryId: string | undefined): ParsedEvent {
  const id = reported.hasSenderId ? undefined : readId(deliveryId);
  return id === undefined ? reported : { ...reported, event: { ...reported.event, id }, hasSenderId: true };
}

/** Gives each of a delivery's events its id; several have their place beside it. */
export function withDeliveryIds(items: Item[], deliveryId: string | undefined): Item[] {
  if (deliveryId === undefined) return items;
  const idAt = (place: number): string => (items.length === 1 ? deliveryId : `${deliveryId}-${place}`);
  return items.map((item, place) => (item.ok ? { ok: true, value: withDeliveryId(item.value, idAt(place)) } : item));
}
