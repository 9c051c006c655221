/**
 * Builds the queries of a page of handoffs in D1. One condition leads, through its index. There are indexes for few: each row of an
 * index that a handoff writes is paid for, a row that a page looks at costs a thousandth of it. So a page looks through a bounded
 * number of them.
 */
import { firstIdOf } from "../../store/handoff-ids.ts";
import type { HandoffFilter } from "../../store/tables/handoffs/handoff-pages.ts";

interface Query {
  sql: string;
  given: (string | number)[];
}

/** Handoffs that a page looks through. */
const LOOKED_THROUGH = 2_000;
/** See the record's own pages. */
const SLACK_MS = 60_000;

/** Conditions that have an index; the first one that is given leads. */
const leadOf = ({ isLate, state, bot }: HandoffFilter): Query => {
  if (isLate) return { sql: "state IN ('pending', 'routed') AND is_late = 1", given: [] };
  if (state !== undefined) return { sql: "state = ?", given: [state] };
  return bot === undefined ? { sql: "1", given: [] } : { sql: "bot = ?", given: [bot] };
};

function restOf({ isLate, state, bot, flow, reason, tag, openedFrom, openedUntil }: HandoffFilter): Query {
  const body = "iif(json_valid(h.body), h.body, '{}')";
  const all: [sql: string, value: string | number | undefined][] = [
    ["h.state = ?", isLate ? state : undefined],
    ["h.bot = ?", isLate || state !== undefined ? bot : undefined],
    ["h.flow = ?", flow],
    ["h.created_at >= ?", openedFrom],
    ["h.created_at <= ?", openedUntil],
    [`json_extract(${body}, '$.reason') = ?`, reason],
    [`EXISTS (SELECT 1 FROM json_each(${body}, '$.decision.tags') WHERE value = ?)`, tag],
  ];
  const given = all.filter((one): one is [string, string | number] => one[1] !== undefined);
  return { sql: given.map(([sql]) => sql).join(" AND "), given: given.map(([, value]) => value) };
}

/** `last`: finds the last handoff that the page looks at, if there are that many; null: it looks no further than it finds. */
export function toPageQueries(filter: HandoffFilter, limit: number): { found: Query; last: Query | null } {
  const lead = leadOf(filter);
  const rest = restOf(filter);
  const { before, openedFrom, openedUntil } = filter;
  const range: [sql: string, id: string | undefined][] = [
    ["id < ?", before],
    ["id < ?", openedUntil === undefined ? undefined : firstIdOf(openedUntil + 1)],
    ["id >= ?", openedFrom === undefined ? undefined : firstIdOf(openedFrom - SLACK_MS)],
  ];
  const within = range.filter((one): one is [string, string] => one[1] !== undefined);
  const where = [lead.sql, ...within.map(([sql]) => sql)].join(" AND ");
  const given = [...lead.given, ...within.map(([, id]) => id)];
  if (rest.given.length === 0) {
    const sql = `SELECT id, body FROM handoffs WHERE ${where} ORDER BY id DESC LIMIT ?`;
    return { found: { sql, given: [...given, limit] }, last: null };
  }
  const ids = `SELECT id FROM handoffs WHERE ${where} ORDER BY id DESC LIMIT ?`;
  const searched = `SELECT h.id, h.body FROM (${ids}) AS looked CROSS JOIN handoffs AS h ON h.id = looked.id
    WHERE ${rest.sql} ORDER BY looked.id DESC LIMIT ?`;
  return {
    found: { sql: searched, given: [...given, LOOKED_THROUGH, ...rest.given, limit] },
    last: { sql: `${ids} OFFSET ?`, given: [...given, 1, LOOKED_THROUGH - 1] },
  };
}
