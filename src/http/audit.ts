import { Hono } from "hono";
import { z } from "zod";
import type { AuditEntry } from "../sessions/audit-log.ts";
import { type Env, json } from "./answer.ts";
import type { AppDeps } from "./app.ts";
import { problem } from "./problem.ts";

const filterSchema = z.object({
  operator: z.string().optional(),
  act: z.string().optional(),
  handoff: z.string().optional(),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const showEntry = ({ seq, at, operator, act, bot, handoffId, callbackId, requestId, outcome }: AuditEntry) => ({
  id: String(seq),
  at: new Date(at).toISOString(),
  operator,
  act,
  bot,
  handoff: handoffId,
  callback: callbackId,
  requestId,
  outcome,
});

/** Shows who did what as an operator. */
export function auditRoutes({ audit }: Pick<AppDeps, "audit">): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/", async (c) => {
    const query = filterSchema.safeParse(c.req.query());
    if (!query.success) {
      const issues = query.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
      return problem(c, { kind: "invalid-event", issues });
    }
    const { limit, handoff, ...filter } = query.data;
    const entries = await audit.list({ ...filter, handoffId: handoff }, limit);
    const next = entries.length === limit ? (entries.at(-1)?.seq ?? null) : null;
    return json(c, { entries: entries.map(showEntry), next: next === null ? null : String(next) });
  });
  return app;
}
