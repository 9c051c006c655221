/** Operators' acts for operators. */
import { z } from "zod";
import type { AuditEntry } from "../../store/audit-log.ts";
import { showTime, timeSchema } from "./handoff-view.ts";

const entryViewSchema = z.object({
  id: z.string(),
  at: timeSchema,
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

export const showAudit = (entries: readonly AuditEntry[], next: number | null): z.infer<typeof auditViewSchema> => ({
  entries: entries.map((entry) => ({
    id: String(entry.seq),
    at: showTime(entry.at),
    operator: entry.operator,
    act: entry.act,
    bot: entry.bot,
    handoff: entry.handoffId,
    callback: entry.callbackId,
    requestId: entry.requestId,
    outcome: entry.outcome,
  })),
  next: next === null ? null : String(next),
});
