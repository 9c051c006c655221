import { signingKey } from "../auth/secret-keys.ts";

/** Bytes of a secret that nobody can guess. */
export const GOOD_SECRET_BYTES = 16;
/** Secrets of the examples. */
const FROM_EXAMPLES = /^(whsec_)?development/i;

/** Reason why a secret is weak; null: it is strong. */
export function weaknessOf(secret: string): string | null {
  if (FROM_EXAMPLES.test(secret)) return "is the one of the examples, which everybody knows";
  // A `whsec_` secret is base64: its decoded bytes count.
  return signingKey(secret).length < GOOD_SECRET_BYTES ? `is shorter than ${GOOD_SECRET_BYTES} bytes` : null;
}
