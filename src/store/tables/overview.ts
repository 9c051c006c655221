/** Figures over all sessions, for whoever watches. Each query reads an index to a limit, however much is recorded. */
import { z } from "zod";
import { attemptSchema, type HandoffState, handoffStateSchema } from "../../model/handoff.ts";
import type { Database } from "../database.ts";
import type { KeptCounts } from "./handoffs/kept-counts.ts";

/** More are shown as "more than". */
export const MOST_COUNTED = 10_000;
/** The newest of them stand for the hour. */
const MOST_RECENT = 3_000;
const RECENT_AT_ONCE = 500;
/** The newest handoffs of a flow, by which its rules are counted. */
export const MOST_FIRED = 1_000;
const MOST_LISTED = 200;

const countRow = z.object({ count: z.number().int() });
const sinceRow = z.object({ since: z.number().int().nullable() });
const parkedRow = z.object({
  because: z.string().nullable(),
  account: z.string(),
  count: z.number().int(),
  newest: z.string(),
});
const recentRow = z.object({
  id: z.string(),
  state: handoffStateSchema,
  reason: z.string(),
  createdAt: z.number().int(),
  routedAt: z.number().int().nullable(),
  assignedAt: z.number().int().nullable(),
});
const assignedRow = z.object({ at: z.number().int().nullable() });
const errorRow = z.object({
  handoffId: z.string(),
  step: z.string(),
  at: z.number().int(),
  outcome: attemptSchema.shape.outcome,
  status: attemptSchema.shape.status,
  code: attemptSchema.shape.code,
});
const failingRow = z.object({
  handoffId: z.string(),
  step: z.string(),
  tries: z.number().int(),
  nextAt: z.number().int(),
});
const setAsideRow = z.object({
  because: z.string(),
  bot: z.string(),
  type: z.string(),
  count: z.number().int(),
  handoffId: z.string().nullable(),
});

const firedRow = z.object({ rule: z.string(), count: z.number().int(), newestAt: z.number().int() });
export type FiredRule = z.infer<typeof firedRow>;
export const toFiredRules = (rows: unknown): FiredRule[] => z.array(firedRow).parse(rows);

export type ParkedGroup = z.infer<typeof parkedRow>;
export type RecentHandoff = z.infer<typeof recentRow>;
export type AttemptError = z.infer<typeof errorRow>;
export type FailingStep = z.infer<typeof failingRow>;
export type SetAsideGroup = z.infer<typeof setAsideRow>;

const OPEN_STATES = handoffStateSchema.options.filter((state) => state !== "returned");
// The first condition is the index's own.
const COUNT = `SELECT count(*) AS count FROM (SELECT 1 FROM handoffs WHERE state NOT IN ('returned') AND state = ? LIMIT ?)`;
const COUNT_LATE = `SELECT count(*) AS count FROM (SELECT 1 FROM handoffs
  WHERE alerted_at IS NOT NULL AND state IN ('pending', 'routed') LIMIT ?)`;
const COUNT_SET_ASIDE = `SELECT count(*) AS count FROM
  (SELECT 1 FROM callbacks WHERE state = 'refused' AND set_aside_because <> 'overtaken' ORDER BY seq DESC LIMIT ?)`;
const WAITING = `SELECT min(since) AS since FROM (SELECT coalesce(waiting_since, created_at) AS since FROM handoffs
  WHERE state NOT IN ('returned') AND state = ? ORDER BY id LIMIT ?)`;
const PARKED = `SELECT because, account, count(*) AS count, max(id) AS newest FROM
    (SELECT parked_because AS because, account, id FROM handoffs WHERE state NOT IN ('returned') AND state = 'parked'
     ORDER BY id DESC LIMIT ?)
  GROUP BY because, account ORDER BY count(*) DESC LIMIT 50`;
const RECENT = `SELECT id, state, reason, created_at AS createdAt, routed_at AS routedAt, assigned_at AS assignedAt
  FROM handoffs WHERE id < ? ORDER BY id DESC LIMIT ?`;
const FIRED = `SELECT rule, count(*) AS count, max(createdAt) AS newestAt FROM
    (SELECT rule, created_at AS createdAt FROM handoffs WHERE flow = ? ORDER BY id DESC LIMIT ?)
  WHERE createdAt >= ? GROUP BY rule`;
const NEWEST_ERROR = `SELECT a.handoff_id AS handoffId, s.name AS step, a.sent_at AS at, a.outcome, a.status, a.code
  FROM attempts AS a JOIN steps AS s ON s.handoff_id = a.handoff_id AND s.position = a.position
  WHERE a.handoff_id = ? AND a.outcome <> 'ok' AND s.state NOT IN ('done', 'skipped') ORDER BY a.sent_at DESC LIMIT 1`;
const FAILING = `SELECT handoff_id AS handoffId, name AS step, tries, next_at AS nextAt FROM steps
  WHERE handoff_id IN (SELECT id FROM handoffs WHERE state NOT IN ('returned') AND state = 'pending' ORDER BY id LIMIT ?)
    AND tries > 0 AND state IN ('ready', 'unknown') LIMIT ?`;
const SET_ASIDE = `SELECT because, bot, type, count(*) AS count, max(handoff_id) AS handoffId FROM
    (SELECT set_aside_because AS because, bot, type, handoff_id FROM callbacks
     WHERE state = 'refused' AND set_aside_because <> 'overtaken' ORDER BY seq DESC LIMIT ?)
  GROUP BY because, bot, type ORDER BY count(*) DESC LIMIT 50`;

export function createOverviewTable(db: Database, kept: KeptCounts) {
  const count = (sql: string, ...given: (string | number)[]): number => countRow.parse(db.first(sql, ...given)).count;

  /** Goes through the handoffs of a state once; from then on the number is kept. */
  function countOf(state: HandoffState, atMost: number): number {
    const known = kept.get(state);
    if (known !== undefined) return Math.min(known, atMost);
    const found = count(COUNT, state, atMost);
    if (found < atMost) kept.set(state, found);
    return found;
  }

  return {
    /** Handoffs in each state but `returned`, each up to the most that is counted. */
    countStates: (atMost = MOST_COUNTED): Map<HandoffState, number> =>
      new Map(OPEN_STATES.map((state) => [state, countOf(state, atMost)])),
    countLate: (): number => count(COUNT_LATE, MOST_COUNTED),
    /** Start of the longest wait for an agent; null: nobody waits. */
    longestWaitSince(): number | null {
      const times = ["pending", "routed"].map((state) => sinceRow.parse(db.first(WAITING, state, MOST_LISTED)).since);
      const known = times.filter((time) => time !== null);
      return known.length === 0 ? null : Math.min(...known);
    },
    parkedGroups: (): ParkedGroup[] => db.all(PARKED, MOST_COUNTED).map((row) => parkedRow.parse(row)),
    setAsideGroups: (): SetAsideGroup[] => db.all(SET_ASIDE, MOST_COUNTED).map((row) => setAsideRow.parse(row)),
    countSetAside: (): number => count(COUNT_SET_ASIDE, MOST_COUNTED),
    failingSteps: (): FailingStep[] => db.all(FAILING, 1_000, MOST_LISTED).map((row) => failingRow.parse(row)),

    /** Handoffs that were opened since then, the newest first. */
    recent(since: number): { handoffs: RecentHandoff[]; isWhole: boolean } {
      const handoffs: RecentHandoff[] = [];
      for (let before = "~"; handoffs.length < MOST_RECENT; ) {
        const rows = db.all(RECENT, before, RECENT_AT_ONCE).map((row) => recentRow.parse(row));
        const fresh = rows.filter(({ createdAt }) => createdAt >= since);
        handoffs.push(...fresh);
        if (fresh.length < RECENT_AT_ONCE) return { handoffs, isWhole: true };
        before = rows.at(-1)?.id ?? "";
      }
      return { handoffs, isWhole: false };
    },

    /** Rules of a flow that opened a handoff since then, among its newest. */
    firedRules: (flow: string, since: number): FiredRule[] => toFiredRules(db.all(FIRED, flow, MOST_FIRED, since)),

    /** When an agent first had it. */
    assignedAt: (handoffId: string): number | null =>
      assignedRow.parse(db.first("SELECT assigned_at AS at FROM handoffs WHERE id = ?", handoffId) ?? { at: null }).at,

    /** The newest attempt of each handoff that did not end well; those without one are not in the list. */
    newestErrors: (handoffIds: readonly string[]): AttemptError[] =>
      handoffIds.flatMap((id) => {
        const row = db.first(NEWEST_ERROR, id);
        return row === undefined ? [] : [errorRow.parse(row)];
      }),
  };
}
export type OverviewTable = ReturnType<typeof createOverviewTable>;
