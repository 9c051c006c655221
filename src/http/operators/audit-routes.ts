import { Hono } from "hono";
import { z } from "zod";
import { type Env, json } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { readQuery } from "../query.ts";
import { showAudit } from "../views/audit-view.ts";

export const auditFilterSchema = z.object({
  operator: z.string().optional(),
  act: z.string().optional(),
  handoff: z.string().optional(),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Shows the actions of operators. */
export function auditRoutes({ audit }: Pick<AppDeps, "audit">): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/", readQuery(auditFilterSchema), async (c) => {
    const { limit, handoff, ...filter } = c.req.valid("query");
    const entries = await audit.list({ ...filter, handoffId: handoff }, limit);
    return json(c, showAudit(entries, entries.length === limit ? (entries.at(-1)?.seq ?? null) : null));
  });
  return app;
}
