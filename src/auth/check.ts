import { timingSafeEqual } from "node:crypto";
import type { SecretKeys } from "./secret-keys.ts";

/**
 * Outcome of one method: no credentials of its kind, the key that fits, valid credentials out of their time, wrong ones, or
 * credentials that need the body.
 */
type Outcome = "absent" | SecretKeys | "stale" | "wrong" | "body-needed";

export interface SentRequest {
  headers: Headers;
  /** The bytes as received: a signature covers these, not the decoded body. Null: not read yet. */
  body: Uint8Array | null;
}

export type Check = (keys: readonly SecretKeys[], request: SentRequest) => Outcome;

/** Finds the key that fits. A caller with a secret may learn which one it is; a caller without one is compared with all. */
export function opens(keys: readonly SecretKeys[], fits: (key: SecretKeys) => boolean): Outcome {
  return keys.find((key) => fits(key) && !key.isDecoy) ?? "wrong";
}

/** Compares in a time that depends on the lengths alone; the lengths compared here are no secret. */
export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Turns a header into the bytes that were received. */
export const headerBytes = (value: string): Buffer => Buffer.from(value, "latin1");
