import { timingSafeEqual } from "node:crypto";
import type { SecretKeys } from "./secret-keys.ts";

/** The verdict of one method: no credentials of its kind, the key that is proved, a right proof out of its time, a wrong one, or one that only the body can tell. */
type Outcome = "absent" | SecretKeys | "stale" | "wrong" | "body-needed";

export interface SentRequest {
  headers: Headers;
  /** The bytes as received: a signature is over these, not over what they decode to. Null: they are not read yet. */
  body: Uint8Array | null;
}

export type Check = (keys: readonly SecretKeys[], request: SentRequest) => Outcome;

/** A caller with a secret may learn which one it is; a caller without one is compared with them all. */
export function opens(keys: readonly SecretKeys[], fits: (key: SecretKeys) => boolean): Outcome {
  return keys.find((key) => fits(key) && !key.isDecoy) ?? "wrong";
}

/** In a time that depends on the lengths alone; the lengths compared here are no secret. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A header's characters are the bytes that were received. */
export const headerBytes = (value: string): Buffer => Buffer.from(value, "latin1");
