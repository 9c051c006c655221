import { Hono } from "hono";
import { z } from "zod";
import type { AuditEntry } from "../../store/audit-log.ts";
import { type Env, json } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { problem } from "../problem.ts";

export const auditFilterSchema = z.object({
  operator: z.string().optional(),
  act: z.string().optional(),
  handoff: z.string().optional(),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const entryViewSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  operator: z.string(),
  act: z.string(),
  bot: z.string().nullable(),
  handoff: z.string().nullable(),
  callback: z.string().nullable(),
  requestId: z.string(),
  outcome: z
    .string()
    .nullable()
    .describe("`done`, or the kind of the problem that was answered; null: it has not ended, or broke off."),
});

/** A page of the audit log. */
export const auditViewSchema = z.object({
  entries: z.array(entryViewSchema),
  next: z.string().nullable().describe("Where the next page begins, as `before`; null: this is the last."),
});

const showEntry = (entry: AuditEntry): z.infer<typeof entryViewSchema> => ({
  id: String(entry.seq),
  at: new Date(entry.at).toISOString(),
  operator: entry.operator,
  act: entry.act,
  bot: entry.bot,
  handoff: entry.handoffId,
  callback: entry.callbackId,
  requestId: entry.requestId,
  outcome: entry.outcome,
});

/** Shows the actions of operators. */
export function auditRoutes({ audit }: Pick<AppDeps, "audit">): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/", async (c) => {
    const query = auditFilterSchema.safeParse(c.req.query());
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
