/** Handoffs of an account in the lists that somebody has to act on. Each query reads an index to a limit. */
import { z } from "zod";
import type { Condition } from "../../model/alert.ts";

const rows = z.array(z.object({ handoffId: z.string(), bot: z.string(), account: z.string() }));
const countRows = z.tuple([z.object({ count: z.number().int() })]);

const FOR = "json_extract(body, '$.parkedFor')";
const PARKED = `SELECT id AS handoffId, bot, account FROM handoffs
  WHERE state = 'parked' AND account = ? AND coalesce(${FOR}, 'person') = 'person' ORDER BY id LIMIT ?`;
const LATE = `SELECT id AS handoffId, bot, account FROM handoffs
  WHERE state IN ('pending', 'routed') AND is_late = 1 AND account = ? ORDER BY id LIMIT ?`;
const WAITING = `SELECT count(*) AS count FROM
  (SELECT 1 FROM handoffs WHERE state = 'parked' AND account = ? AND ${FOR} = 'credentials' LIMIT ?)`;

export interface NeedingPeople {
  parked: Condition[];
  late: Condition[];
  /** Number of handoffs that wait for the account's credentials. */
  waiting: number;
}

export async function readNeedingPeople(d1: D1Database, account: string, limit: number): Promise<NeedingPeople> {
  const all = await d1.batch([PARKED, LATE, WAITING].map((sql) => d1.prepare(sql).bind(account, limit)));
  const [parked, late, waiting] = all.map(({ results }) => results);
  const conditions = (code: Condition["code"], found: unknown): Condition[] =>
    rows.parse(found).map((row) => ({ code, ...row, count: 1 }));
  return {
    parked: conditions("handoff-parked", parked),
    late: conditions("handoff-late", late),
    waiting: countRows.parse(waiting)[0].count,
  };
}
