import { err, ok, type Result } from "../result.ts";
import { checkBasic, checkBearer } from "./authorization-header.ts";
import type { Check, SentRequest } from "./check.ts";
import { createCheckHmacHeader, type HmacSettings } from "./hmac-header.ts";
import type { SecretKeys } from "./secret-keys.ts";
import { createCheckStandardWebhooks } from "./standard-webhooks.ts";

export type Method = "bearer" | "basic" | "standard-webhooks" | "hmac";

export interface Unauthenticated {
  /** `body-needed`: the request has a signature, and the body is not read yet. */
  reason: "no-credentials" | "wrong-credentials" | "stale" | "body-needed";
}

interface Verified {
  method: Method;
  key: SecretKeys;
  /** The delivery's own id; undefined: no signature covers one. */
  deliveryId: string | undefined;
}
type Verify = (keys: readonly SecretKeys[], request: SentRequest) => Result<Verified, Unauthenticated>;

const REASONS = { stale: "stale", wrong: "wrong-credentials", "body-needed": "body-needed" } as const;

/** Checks a request against the given secrets, by every method. One valid credential of several is enough. */
export function createVerify({ hmac, now }: { hmac: HmacSettings; now: () => number }): Verify {
  const checks: readonly [method: Method, check: Check, idHeader?: string][] = [
    ["bearer", checkBearer],
    ["basic", checkBasic],
    ["standard-webhooks", createCheckStandardWebhooks(now, "webhook"), "webhook-id"],
    ["standard-webhooks", createCheckStandardWebhooks(now, "svix"), "svix-id"],
    ["hmac", createCheckHmacHeader(hmac)],
  ];
  return (keys, request) => {
    let reason: Unauthenticated["reason"] = "no-credentials";
    for (const [method, check, idHeader] of checks) {
      const outcome = check(keys, request);
      if (typeof outcome === "object") {
        const deliveryId = idHeader === undefined ? undefined : (request.headers.get(idHeader) ?? undefined);
        return ok({ method, key: outcome, deliveryId });
      }
      if (outcome !== "absent" && reason !== "body-needed") reason = REASONS[outcome];
    }
    return err({ reason });
  };
}
