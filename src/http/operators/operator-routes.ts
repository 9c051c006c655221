import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Flow } from "../../escalation/flow.ts";
import { firstFound, sessionNamesOf } from "../../events/reading/session-name.ts";
import type { Source } from "../../events/source.ts";
import type { HandoffApi, Operated, Resent } from "../../handoff/api.ts";
import { readHistory } from "../../handoff/read-history.ts";
import { findHandoffs, stateChoices } from "../../handoff/search-handoffs.ts";
import { createOperatorAccess } from "../access/operator-access.ts";
import { readDecoded } from "../access/read-decoded.ts";
import { type Env, json } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { parseBody } from "../body.ts";
import { isActOnMany } from "../methods.ts";
import { problem } from "../problem.ts";
import { afterSchema, readQuery } from "../query.ts";
import { tailRoutes } from "../tail/tail-routes.ts";
import { type rebuiltViewSchema, showHandoff, showLedger } from "../views/handoff-view.ts";
import { showHistory } from "../views/history-view.ts";
import { showErased, showExport } from "../views/session-view.ts";
import { auditRoutes } from "./audit-routes.ts";
import { registerExplain } from "./explain-route.ts";
import { createRetryAll, retryFilterSchema, searchFilterSchema } from "./retry-all.ts";

type OperatorsDeps = Pick<
  AppDeps,
  "core" | "flows" | "operators" | "tails" | "audit" | "now" | "log" | "refusals" | "readBody"
> & { sources: ReadonlyMap<string, Source> };

export const handoffFilterSchema = searchFilterSchema.extend({
  state: z.enum(stateChoices).optional().describe("`waiting`: pending or routed."),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const pageSchema = z.object({ after: afterSchema });
/** `close`: closes the conversation too. */
export const endSchema = z.object({ close: z.enum(["true", "false"]).optional().catch(undefined) });

export const rebuildSchema = z.strictObject({
  objects: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(100),
});

/** Routes for operators. */
export function operatorRoutes(deps: OperatorsDeps): Hono<Env> {
  const { core } = deps;
  const { tellAgain } = core;
  const app = new Hono<Env>();
  const access = createOperatorAccess(deps);
  for (const path of ["/handoffs/*", "/flows/*", "/audit/*", "/tail/*"]) app.use(path, access);

  function performed(c: Context<Env>, result: Operated): Response {
    if (result.ok) return json(c, showLedger(result.value));
    const { error } = result;
    if (error.reason === "no-such-handoff") return problem(c, { kind: "not-found" });
    return problem(c, { kind: "wrong-state", state: error.state, allowed: error.allowed });
  }

  function resent(c: Context<Env>, result: Resent): Response {
    if (result.ok) return json(c, showLedger(result.value));
    const { error } = result;
    if (error.reason !== "not-resendable") return problem(c, { kind: "not-found" });
    return problem(c, { kind: "callback-not-resendable", state: error.state });
  }

  async function rebuild(c: Context<Env>, tellAgain: NonNullable<HandoffApi["tellAgain"]>): Promise<Response> {
    const bytes = await readDecoded(c, deps.readBody);
    if (!bytes.ok) return problem(c, bytes.error);
    const body = parseBody(bytes.value);
    if (!body.ok) return problem(c, { kind: "unreadable-body", detail: body.error });
    const { data } = rebuildSchema.safeParse(body.value);
    if (data !== undefined) {
      return json(c, { told: await tellAgain(data.objects) } satisfies z.infer<typeof rebuiltViewSchema>);
    }
    const message = "must be 1 to 100 ids of objects, each of 64 hexadecimal digits";
    return problem(c, { kind: "invalid-event", issues: [{ field: "objects", message }] });
  }

  app.get("/handoffs", readQuery(handoffFilterSchema), async (c) => {
    const { limit, ...search } = c.req.valid("query");
    const { handoffs, next } = await findHandoffs(core, search, limit, deps.now());
    return json(c, { handoffs: handoffs.map(showHandoff), next });
  });
  app.get("/handoffs/:id", async (c) => {
    const ledger = await core.handoff(c.req.param("id"));
    return ledger === null ? problem(c, { kind: "not-found" }) : json(c, showLedger(ledger));
  });
  app.post("/handoffs/:id/retry", async (c) => performed(c, await core.retry(c.req.param("id"))));
  app.post("/handoffs/:id/cancel", async (c) => performed(c, await core.cancel(c.req.param("id"))));
  app.post("/handoffs/:id/end", readQuery(endSchema), async (c) =>
    performed(c, await core.end(c.req.param("id"), c.req.valid("query").close === "true")),
  );
  app.post("/handoffs/:id/resend", async (c) => resent(c, await core.resend(c.req.param("id"), null)));
  app.post("/handoffs/:id/callbacks/:callback/resend", async (c) =>
    resent(c, await core.resend(c.req.param("id"), c.req.param("callback"))),
  );
  // It comes first, so that it is not taken for another act.
  if (tellAgain !== undefined) app.post("/handoffs/rebuild", (c) => rebuild(c, tellAgain));
  const retryAll = createRetryAll(deps);
  app.post(
    "/handoffs/:act",
    async (c, next) => (isActOnMany(c.req.param("act")) ? next() : c.notFound()),
    readQuery(retryFilterSchema),
    (c) => retryAll(c, c.req.valid("query")),
  );
  app.get("/bots/:bot/sessions/:session/export", access, readQuery(pageSchema), async (c) => {
    const found = await firstFound(sessionNamesOf(c.req.param("session")), (name) =>
      core.exportSession(c.req.param("bot"), name, c.req.valid("query").after),
    );
    return found === null ? problem(c, { kind: "not-found" }) : json(c, showExport(found));
  });
  app.get("/bots/:bot/sessions/:session/history", access, async (c) => {
    const found = await firstFound(sessionNamesOf(c.req.param("session")), (name) =>
      readHistory(core, c.req.param("bot"), name),
    );
    return found === null ? problem(c, { kind: "not-found" }) : json(c, showHistory(found));
  });
  app.delete("/bots/:bot/sessions/:session", access, async (c) => {
    const bot = c.req.param("bot");
    const names = sessionNamesOf(c.req.param("session"));
    const known = await firstFound(names, async (name) => ((await core.session(bot, name)) === null ? null : name));
    const result = await core.eraseSession(bot, known ?? c.req.param("session"));
    if (result.ok) return json(c, showErased(result.value));
    const { error } = result;
    if (error.reason === "no-such-session") return problem(c, { kind: "not-found" });
    return problem(c, { kind: "handoff-open", handoffId: error.handoffId, state: error.state });
  });
  app.route("/audit", auditRoutes(deps));
  if (deps.tails !== undefined) app.route("/tail", tailRoutes(deps.tails));
  app.get("/flows", (c) => json(c, { flows: [...new Set<Flow>(deps.flows.values())] }));
  registerExplain(app, deps);
  return app;
}
