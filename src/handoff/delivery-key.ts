import { createHash } from "node:crypto";

const SEPARATOR = "\u0000";
const BYTES = 16;

/** The identity of a delivery, by what tells it from others; none of the parts holds the separator. */
export const hashOf = (...parts: string[]): Uint8Array =>
  createHash("sha256").update(parts.join(SEPARATOR)).digest().subarray(0, BYTES);

/** The id of the event of a request with an `Idempotency-Key`: the key alone leads to it. */
export const keyedEventId = (key: string): string => `key-${createHash("sha256").update(key).digest("base64url")}`;
