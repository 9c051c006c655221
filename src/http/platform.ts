import { type Context, Hono } from "hono";
import { toPushes } from "../events/sources/conversations.ts";
import { createAdmit } from "./access/admit.ts";
import { type Env, json } from "./answer.ts";
import type { AppDeps } from "./app-deps.ts";
import { parseBody } from "./body.ts";
import { decodeBody } from "./decode-body.ts";
import { problem } from "./problem.ts";

type PlatformDeps = Pick<
  AppDeps,
  "authenticatePlatform" | "accounts" | "core" | "pushed" | "now" | "refusals" | "readBody"
>;

/** Routes of the platform's pushes; each account authenticates with secrets of its own. */
export function platformRoutes(deps: PlatformDeps): Hono<Env> {
  const { refusals, readBody } = deps;
  const app = new Hono<Env>();
  const admit = createAdmit({
    surface: "push",
    authenticate: deps.authenticatePlatform,
    isConfigured: (account) => deps.accounts.has(account),
    readBody,
    refusals,
  });

  app.post("/:account/events", async (c: Context<Env>) => {
    const account = c.req.param("account") ?? "";
    const admitted = await admit(c, account);
    if (!admitted.ok) return problem(c, admitted.error);
    const { body } = admitted.value;
    const decoded = await decodeBody(body, c.req.header("content-encoding"), c.get("maxBodyBytes"));
    if (!decoded.ok) return problem(c, decoded.error);
    const parsed = parseBody(decoded.value);
    if (!parsed.ok) return problem(c, { kind: "unreadable-body", detail: parsed.error });
    const pushes = toPushes(parsed.value, { now: deps.now() });
    if (!pushes.ok) return problem(c, { kind: "invalid-event", issues: pushes.error.issues });
    deps.pushed(account, pushes.value);
    const outcomes = await deps.core.receivePushes(account, pushes.value);
    return json(c, Array.isArray(parsed.value) ? outcomes.map((outcome) => ({ outcome })) : { outcome: outcomes[0] });
  });

  return app;
}
