import type { Event } from "../../../events/event.ts";
import { sha256 } from "../../../sha256.ts";

const SEPARATOR = "\u0000";
const BYTES = 16;

/** Hashes what distinguishes a delivery from others. No part holds the separator. */
export const hashOf = (...parts: string[]): Uint8Array => sha256(parts.join(SEPARATOR)).subarray(0, BYTES);

export const isSameKey = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

/** Event id of a request with an `Idempotency-Key`. It is made of the key alone. */
export const keyedEventId = (key: string): string => `key-${sha256(key).toString("base64url")}`;

/** Type and words of an event. Its times are left out, since a second delivery may change them. */
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
