/** Figures over all sessions on Workers, from the lists in D1. What only sessions and accounts know is not among them. */
import { z } from "zod";
import { type Overview, RECENT_MS } from "../../handoff/overview.ts";
import { type HandoffState, handoffStateSchema } from "../../model/handoff.ts";
import { type FiredRule, MOST_COUNTED, MOST_FIRED, toFiredRules } from "../../store/tables/overview.ts";

const MOST_RECENT = 1_000;
const countRows = z.array(z.object({ count: z.number().int() }));
const sinceRow = z.array(z.object({ since: z.number().int().nullable() }));
const parkedRows = z.array(
  z.object({ because: z.string().nullable(), account: z.string(), count: z.number().int(), newest: z.string() }),
);
const recentRows = z.array(
  z.object({
    id: z.string(),
    state: handoffStateSchema,
    reason: z.string(),
    createdAt: z.number().int(),
    routedAt: z.number().int().nullable(),
    assignedAt: z.null(),
  }),
);

const COUNT = "SELECT count(*) AS count FROM (SELECT 1 FROM handoffs WHERE state = ? LIMIT ?)";
const COUNT_LATE = `SELECT count(*) AS count FROM (SELECT 1 FROM handoffs
  WHERE state IN ('pending', 'routed') AND is_late = 1 LIMIT ?)`;
const WAITING = `SELECT min(since) AS since FROM
  (SELECT coalesce(json_extract(body, '$.waitingSince'), created_at) AS since FROM handoffs WHERE state = ? ORDER BY id LIMIT 200)`;
const PARKED = `SELECT because, account, count(*) AS count, max(id) AS newest FROM
    (SELECT json_extract(body, '$.parkedBecause') AS because, account, id FROM handoffs WHERE state = 'parked'
     ORDER BY id DESC LIMIT 1000)
  GROUP BY because, account ORDER BY count(*) DESC LIMIT 50`;
const RECENT = `SELECT id, state, json_extract(body, '$.reason') AS reason, created_at AS createdAt,
    json_extract(body, '$.routedAt') AS routedAt, NULL AS assignedAt
  FROM handoffs ORDER BY id DESC LIMIT ?`;

const FIRED = `SELECT rule, count(*) AS count, max(createdAt) AS newestAt FROM
    (SELECT json_extract(body, '$.rule') AS rule, created_at AS createdAt FROM handoffs WHERE flow = ? ORDER BY id DESC LIMIT ?)
  WHERE createdAt >= ? GROUP BY rule`;

const OPEN_STATES: readonly HandoffState[] = handoffStateSchema.options.filter((state) => state !== "returned");

export async function readOverview(d1: D1Database, now: number): Promise<Omit<Overview, "accounts" | "alerts">> {
  const since = now - RECENT_MS;
  const all = await d1.batch([
    d1.prepare(COUNT_LATE).bind(MOST_COUNTED),
    d1.prepare(WAITING).bind("pending"),
    d1.prepare(WAITING).bind("routed"),
    d1.prepare(PARKED),
    d1.prepare(RECENT).bind(MOST_RECENT),
    ...OPEN_STATES.map((state) => d1.prepare(COUNT).bind(state, MOST_COUNTED)),
  ]);
  const [late, pending, routed, parked, recent, ...states] = all.map(({ results }) => results);
  const countOf = (rows: unknown): number => countRows.parse(rows)[0]?.count ?? 0;
  const waits = [pending, routed].flatMap((rows) => sinceRow.parse(rows)[0]?.since ?? []);
  const rows = recentRows.parse(recent);
  const handoffs = rows.filter(({ createdAt }) => createdAt >= since);
  return {
    states: new Map(OPEN_STATES.map((state, at) => [state, countOf(states[at])])),
    late: countOf(late),
    longestWaitSince: waits.length === 0 ? null : Math.min(...waits),
    parked: parkedRows.parse(parked),
    recent: { since, handoffs, isWhole: rows.length < MOST_RECENT || handoffs.length < rows.length },
    failing: null,
    setAside: null,
  };
}

/** Rules of a flow that opened a handoff since then, among its newest. */
export async function readFiredRules(d1: D1Database, flow: string, since: number): Promise<FiredRule[]> {
  const { results } = await d1.prepare(FIRED).bind(flow, MOST_FIRED, since).all();
  return toFiredRules(results);
}
