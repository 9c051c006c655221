/** Admits requests with a secret of the bot or account in their URL. */
import type { Context } from "hono";
import type { Authenticate } from "../../auth/authenticate.ts";
import { isCallbackId } from "../../events/callback-types.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Env } from "../answer.ts";
import type { Problem } from "../problem.ts";
import { hintOf } from "./credentials-hint.ts";
import type { ReadBody } from "./read-body.ts";
import { peerOf, type Refusals, type Surface } from "./refusals.ts";

interface AdmitDeps {
  surface: Exclude<Surface, "operator">;
  authenticate: Authenticate;
  /** True: the bot or account exists. */
  isConfigured: (name: string) => boolean;
  readBody: ReadBody;
  refusals: Refusals;
}

export interface Admitted {
  /** The bytes as received. */
  body: Uint8Array;
  /** The delivery's own id, if its signature covers one. */
  deliveryId: string | undefined;
}

/** Credentials that need no body are checked before it is read, and a body that nobody signed is not read. */
export function createAdmit(deps: AdmitDeps) {
  const { surface, authenticate, isConfigured, readBody, refusals } = deps;

  function refuse(c: Context<Env>, name: string, reason: string): Problem {
    const known = isConfigured(name) ? name : null;
    const wait = refusals.refuse({ surface, name: known, peer: peerOf(c), reason, requestId: c.get("requestId") });
    return wait === null
      ? { kind: "unauthenticated", hint: hintOf(c.req.raw) }
      : { kind: "too-many-refusals", retryAfterSeconds: wait };
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
    // The secret that signs callbacks to a bot is also valid at the bot's own routes, so a callback sent back must be refused.
    if (deliveryId !== undefined && isCallbackId(deliveryId)) return err({ kind: "own-callback" });
    return ok({ body: body.value, deliveryId });
  };
}
