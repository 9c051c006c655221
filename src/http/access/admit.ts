/** Lets in who has the secret of the bot or account that an address names. */
import type { Context } from "hono";
import type { Authenticate } from "../../auth/authenticate.ts";
import { isCallbackId } from "../../events/callback-types.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Env } from "../answer.ts";
import type { Problem } from "../problem.ts";
import type { ReadBody } from "./read-body.ts";
import { peerOf, type Refusals, type Surface } from "./refusals.ts";

interface AdmitDeps {
  surface: Exclude<Surface, "operator">;
  authenticate: Authenticate;
  /** True: there is such a bot or account. */
  isConfigured: (name: string) => boolean;
  readBody: ReadBody;
  refusals: Refusals;
}

export interface Admitted {
  /** As received. */
  body: Uint8Array;
  /** The delivery's own id, where its signature covers one. */
  deliveryId: string | undefined;
}

/** Credentials that need no body are judged before it is read, and no body is read that nobody signed. */
export function createAdmit(deps: AdmitDeps) {
  const { surface, authenticate, isConfigured, readBody, refusals } = deps;

  function refuse(c: Context<Env>, name: string, reason: string): Problem {
    const known = isConfigured(name) ? name : null;
    const wait = refusals.refuse({ surface, name: known, peer: peerOf(c), reason, requestId: c.get("requestId") });
    return wait === null ? { kind: "unauthenticated" } : { kind: "too-many-refusals", retryAfterSeconds: wait };
  }

  return async (c: Context<Env>, name: string): Promise<Result<Admitted, Problem>> => {
    const { headers } = c.req.raw;
    const early = authenticate(name, headers, null);
    if (!early.ok && early.error.reason !== "body-needed") return err(refuse(c, name, early.error.reason));
    const body = await readBody(c, early.ok);
    if (!body.ok) return body;
    const verified = early.ok ? early : authenticate(name, headers, body.value);
    if (!verified.ok) return err(refuse(c, name, verified.error.reason));
    if (!isConfigured(name)) return err({ kind: "not-found" });
    const { deliveryId } = verified.value;
    // The secret that signs what a bot is told opens the bot's own addresses too: what was told must not.
    if (deliveryId !== undefined && isCallbackId(deliveryId)) return err({ kind: "own-callback" });
    return ok({ body: body.value, deliveryId });
  };
}
