import { createHash } from "node:crypto";
import type { Event } from "../../events/event.ts";

const SEPARATOR = "\u0000";
const BYTES = 16;

/** The identity of a delivery, by what tells it from others; none of the parts holds the separator. */
export const hashOf = (...parts: string[]): Uint8Array =>
  createHash("sha256").update(parts.join(SEPARATOR)).digest().subarray(0, BYTES);

export const isSameKey = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

/** The id of the event of a request with an `Idempotency-Key`: the key alone leads to it. */
export const keyedEventId = (key: string): string => `key-${createHash("sha256").update(key).digest("base64url")}`;

/** What an event says: its type and its words. Not its times, which a second delivery may change. */
export function saidIn(event: Event): [type: string, ...words: string[]] {
  switch (event.type) {
    case "customer.message":
    case "bot.message":
      return [event.type, event.text];
    case "bot.fallback":
      return [event.type, event.text ?? ""];
    case "bot.error":
      return [event.type, event.error ?? ""];
    case "handoff.requested":
      return [
        event.type,
        event.reason ?? "",
        event.summary ?? "",
        ...(event.transcript ?? []).flatMap(({ author, text }) => [author, text]),
      ];
    case "session.started":
    case "session.ended":
      return [event.type];
  }
}
