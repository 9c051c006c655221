import { err, ok, type Result } from "../../result.ts";
import { checkBasic, checkBearer } from "./authorization.ts";
import type { Check, SentRequest } from "./check.ts";
import { createCheckHmacHeader, type HmacSettings } from "./hmac-header.ts";
import type { SecretKeys } from "./secret-keys.ts";
import { createCheckStandardWebhooks } from "./standard-webhooks.ts";

export type Method = "bearer" | "basic" | "standard-webhooks" | "hmac";

export interface Unauthenticated {
  reason: "no-credentials" | "wrong-credentials" | "stale";
}

type Verified = { method: Method; key: SecretKeys };
type Verify = (keys: readonly SecretKeys[], request: SentRequest) => Result<Verified, Unauthenticated>;

/** Whether a request proves one of the given secrets, by whatever method. Several credentials: any valid one is enough. */
export function createVerify({ hmac, now }: { hmac: HmacSettings; now: () => number }): Verify {
  const checks: readonly [Method, Check][] = [
    ["bearer", checkBearer],
    ["basic", checkBasic],
    ["standard-webhooks", createCheckStandardWebhooks(now, "webhook")],
    ["standard-webhooks", createCheckStandardWebhooks(now, "svix")],
    ["hmac", createCheckHmacHeader(hmac)],
  ];
  return (keys, request) => {
    let reason: Unauthenticated["reason"] = "no-credentials";
    for (const [method, check] of checks) {
      const outcome = check(keys, request);
      if (typeof outcome === "object") return ok({ method, key: outcome });
      if (outcome !== "absent") reason = outcome === "stale" ? "stale" : "wrong-credentials";
    }
    return err({ reason });
  };
}
