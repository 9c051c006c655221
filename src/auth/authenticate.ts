import { err, ok, type Result } from "../result.ts";
import type { HmacSettings } from "./hmac-header.ts";
import { createDecoy, type SecretKeys, toSecretKeys } from "./secret-keys.ts";
import { createVerify, type Method, type Unauthenticated } from "./verify.ts";

interface AuthenticateDeps {
  /** Active secrets of each bot: two while one is being replaced. */
  secrets: ReadonlyMap<string, readonly string[]>;
  hmac: HmacSettings;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Called with the bot, and with the index of the secret that authenticated the request. */
  onUse?: (bot: string, place: number) => void;
}

interface Authenticated {
  method: Method;
  /** The delivery's own id; absent: no signature covers one. */
  deliveryId?: string;
}

/**
 * Checks that a request comes from the bot that it names. `body` holds the bytes received; null: it is not read yet, and
 * credentials that need it are refused as `body-needed`.
 */
export type Authenticate = (
  bot: string,
  headers: Headers,
  body: Uint8Array | null,
) => Result<Authenticated, Unauthenticated>;

/**
 * Neither the refusal nor its time tells whether the bot is unknown or the secret wrong: every bot, known or not, has as many
 * keys as the one with the most. Only a signature for an unknown bot is refused before the body is read: a body that nobody can
 * have signed is not worth its memory.
 */
export function createAuthenticate({ secrets, hmac, now, onUse }: AuthenticateDeps): Authenticate {
  const verify = createVerify({ hmac, now });
  const keysEach = Math.max(1, ...[...secrets.values()].map((list) => list.length));
  const nobody = Array<SecretKeys>(keysEach).fill(createDecoy());
  const keysByBot = new Map(
    [...secrets].map(([bot, list]) => {
      const keys = list.map((secret) => toSecretKeys(bot, secret));
      return [bot, [...keys, ...nobody].slice(0, keysEach)];
    }),
  );
  return (bot, headers, body) => {
    const keys = keysByBot.get(bot) ?? nobody;
    const verified = verify(keys, { headers, body });
    if (!verified.ok) {
      const isNobodys = verified.error.reason === "body-needed" && keys === nobody;
      return isNobodys ? err({ reason: "wrong-credentials" }) : verified;
    }
    const { method, key, deliveryId } = verified.value;
    onUse?.(bot, keys.indexOf(key));
    return ok({ method, ...(deliveryId !== undefined && { deliveryId }) });
  };
}
