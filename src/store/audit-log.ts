/** The audit trail: its port, and the SQL that both engines run. */
import { z } from "zod";
import type { Value } from "./database.ts";

const auditEntrySchema = z.object({
  seq: z.number().int(),
  at: z.number().int(),
  operator: z.string(),
  act: z.string(),
  bot: z.string().nullable(),
  handoffId: z.string().nullable(),
  callbackId: z.string().nullable(),
  requestId: z.string(),
  /** `done`, or the kind of the problem that the operator got. Null: the action has not ended, or broke off. */
  outcome: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
/** An action that begins. */
export type Act = Omit<AuditEntry, "seq" | "outcome">;

export interface AuditFilter {
  operator?: string | undefined;
  act?: string | undefined;
  handoffId?: string | undefined;
  /** Only entries older than this one. */
  before?: number | undefined;
}

export interface AuditLog {
  /** Resolves with the entry's `seq` once it is durable: an act without a trace does not begin. */
  begin(act: Act): Promise<number>;
  end(seq: number, outcome: string): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, limit: number): Promise<AuditEntry[]>;
}

/** A year, and a month to look back at it. */
export const KEEP_AUDIT_MS = 400 * 24 * 3_600_000;

type Query = [sql: string, ...parameters: Value[]];

export const beginQuery = (act: Act): Query => [
  `INSERT INTO audit (at, operator, act, bot, handoff_id, callback_id, request_id)
   VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
  act.at,
  act.operator,
  act.act,
  act.bot,
  act.handoffId,
  act.callbackId,
  act.requestId,
];

export const endQuery = (seq: number, outcome: string): Query => [
  "UPDATE audit SET outcome = ? WHERE seq = ?",
  outcome,
  seq,
];

export const pruneQuery = (before: number, limit: number): Query => [
  "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE at < ? ORDER BY at LIMIT ?)",
  before,
  limit,
];

export function listQuery({ operator, act, handoffId, before }: AuditFilter, limit: number): Query {
  const wanted: [string, Value | undefined][] = [
    ["operator = ?", operator],
    ["act = ?", act],
    ["handoff_id = ?", handoffId],
    ["seq < ?", before],
  ];
  const given = wanted.filter((clause): clause is [string, Value] => clause[1] !== undefined);
  const where = given.length === 0 ? "" : `WHERE ${given.map(([clause]) => clause).join(" AND ")}`;
  return [
    `SELECT seq, at, operator, act, bot, handoff_id AS handoffId, callback_id AS callbackId, request_id AS requestId,
     outcome FROM audit ${where} ORDER BY seq DESC LIMIT ?`,
    ...given.map(([, value]) => value),
    limit,
  ];
}

const seqRow = z.object({ seq: z.number().int() });
export const toSeq = (row: unknown): number => seqRow.parse(row).seq;
export const toAuditEntry = (row: unknown): AuditEntry => auditEntrySchema.parse(row);
