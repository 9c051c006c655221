import { expect } from "vitest";
import { createAuthenticate } from "../../../src/auth/authenticate.ts";
import { hmacSettingsSchema } from "../../../src/auth/hmac-header.ts";

export const nowSeconds = 1_800_000_000;
export const bytes = (text: string): Uint8Array => Buffer.from(text);
export const body = bytes('{"session":"s1"}');

interface Options {
  secrets?: Record<string, string[]>;
  hmac?: object;
  nowMs?: number;
  onUse?: (bot: string, place: number) => void;
}

/** `ana` replaces a secret, `bruno` has one, `cora` has none yet. */
export function authenticateWith(options: Options = {}) {
  const secrets = options.secrets ?? { ana: ["new-secret", "old-secret"], bruno: ["žaba:lozinka"], cora: [] };
  return createAuthenticate({
    secrets: new Map(Object.entries(secrets)),
    hmac: hmacSettingsSchema.parse(options.hmac ?? {}),
    now: () => options.nowMs ?? nowSeconds * 1_000,
    ...(options.onUse && { onUse: options.onUse }),
  });
}

export const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

export const valid = (method: string) => ({ ok: true, value: expect.objectContaining({ method }) });
export const refused = (reason: string) => ({ ok: false, error: { reason } });
