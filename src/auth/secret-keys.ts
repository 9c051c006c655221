import { createSecretKey, type KeyObject } from "node:crypto";
import { sha256 } from "../sha256.ts";

/** Keys of a secret for each method, computed once: an HMAC with a ready key costs a fraction. */
export interface SecretKeys {
  /** SHA-256 of the secret. */
  bearer: Buffer;
  /** SHA-256 of `user:secret`. */
  basic: Buffer;
  /** The bytes that a `whsec_` secret encodes in base64; the UTF-8 bytes of any other. */
  standardWebhooks: KeyObject;
  /** Always the UTF-8 bytes: the platform takes its own setting that way. */
  hmac: KeyObject;
  /** A decoy costs as much as a secret and fits nothing. */
  isDecoy: boolean;
}

const WHSEC = "whsec_";

/** Returns the key that makes and checks a Standard Webhooks signature. */
export const signingKey = (secret: string): Buffer =>
  secret.startsWith(WHSEC) ? Buffer.from(secret.slice(WHSEC.length), "base64") : Buffer.from(secret);

/** `user` belongs to the secret in HTTP Basic. A secret with an empty key becomes a decoy: anybody could sign with it. */
export function toSecretKeys(user: string, secret: string): SecretKeys {
  const key = signingKey(secret);
  return {
    bearer: sha256(secret),
    basic: sha256(`${user}:${secret}`),
    standardWebhooks: createSecretKey(key),
    hmac: createSecretKey(Buffer.from(secret)),
    isDecoy: key.length === 0,
  };
}

export const createDecoy = (): SecretKeys => toSecretKeys("", "");
