import { signingKey } from "../auth/secret-keys.ts";

/** Bytes of a secret that nobody guesses. */
export const GOOD_SECRET_BYTES = 16;
/** As examples have it. */
const FROM_EXAMPLES = /^(whsec_)?development/i;

/** Why a secret is none; null: it is a good one. */
export function weaknessOf(secret: string): string | null {
  if (FROM_EXAMPLES.test(secret)) return "is the one of the examples, which everybody knows";
  // A `whsec_` secret is base64: its decoded bytes count.
  return signingKey(secret).length < GOOD_SECRET_BYTES ? `is shorter than ${GOOD_SECRET_BYTES} bytes` : null;
}
