/**
 * Finds handoffs, the newest first, by an index of one condition. Where a search has more, the index of the fewest leads, and a page
 * looks through a bounded number of them: so it costs the same however much is recorded.
 */
import { z } from "zod";
import type { Handoff, HandoffState } from "../../../model/handoff.ts";
import type { Database, Value } from "../../database.ts";
import { firstIdOf } from "../../handoff-ids.ts";

export interface HandoffFilter {
  bot?: string | undefined;
  state?: HandoffState | undefined;
  flow?: string | undefined;
  reason?: string | undefined;
  /** A tag that the platform has, or is to get. */
  tag?: string | undefined;
  /** Opened at this time or later, and earlier. */
  openedFrom?: number | undefined;
  openedUntil?: number | undefined;
  /** Only handoffs older than this one: ids sort by creation time. */
  before?: string | undefined;
  /** Only handoffs that are late and have still reached no agent. */
  isLate?: boolean | undefined;
}

export interface HandoffPage {
  handoffs: Handoff[];
  /** The `before` of the next page; null: this is the last. A page may hold fewer than asked for although there is a next one. */
  next: string | null;
}

/** Handoffs that a page looks through where no index has all of its conditions. */
const LOOKED_THROUGH = 1_000;
/** Ids of handoffs that were opened in the same moment may differ from their times by so much. */
const SLACK_MS = 60_000;
const AFTER_ALL_IDS = "~";

const idRows = z.array(z.object({ id: z.string() }));
const countRow = z.object({ count: z.number().int() });

const REST = `h.state = coalesce(?, h.state) AND h.bot = coalesce(?, h.bot) AND h.flow = coalesce(?, h.flow)
  AND h.reason = coalesce(?, h.reason) AND h.created_at >= ? AND h.created_at <= ?
  AND (? = 0 OR (h.alerted_at IS NOT NULL AND h.state IN ('pending', 'routed')))`;
const TAGGED = "AND EXISTS (SELECT 1 FROM handoff_tags AS t WHERE t.tag = ? AND t.handoff_id = h.id)";

/** Statements that go through the index of one condition. Built once: the engine finds a statement by its text. */
function throughIndex(ids: string) {
  const searched = (
    more: string,
  ): string => `SELECT h.id FROM (${ids}) AS looked CROSS JOIN handoffs AS h ON h.id = looked.id
    WHERE ${REST} ${more} ORDER BY looked.id DESC LIMIT ?`;
  return {
    ids,
    count: `SELECT count(*) AS count FROM (${ids})`,
    last: `${ids} OFFSET ?`,
    searched: searched(""),
    searchedByTag: searched(TAGGED),
  };
}
const handoffsWhere = (condition: string) =>
  throughIndex(`SELECT id FROM handoffs WHERE ${condition} id < ? AND id >= ? ORDER BY id DESC LIMIT ?`);

// Conditions without a value are the index's own.
const LATE = handoffsWhere("alerted_at IS NOT NULL AND state IN ('pending', 'routed') AND");
const OF_STATE = handoffsWhere("state NOT IN ('returned') AND state = ? AND");
const OF_TAG = throughIndex(
  "SELECT handoff_id AS id FROM handoff_tags WHERE tag = ? AND handoff_id < ? AND handoff_id >= ? ORDER BY handoff_id DESC LIMIT ?",
);
const OF_REASON = handoffsWhere("reason = ? AND");
const OF_BOT = handoffsWhere("bot = ? AND");
const OF_FLOW = handoffsWhere("flow = ? AND");
const ALL = handoffsWhere("");

/** A condition of a search that has an index. */
interface Lead {
  through: ReturnType<typeof throughIndex>;
  given: readonly Value[];
}

function leadsOf({ bot, state, flow, reason, tag, isLate }: HandoffFilter): Lead[] {
  const by = (through: Lead["through"], value: string | undefined): Lead[] =>
    value === undefined ? [] : [{ through, given: [value] }];
  return [
    ...(isLate ? [{ through: LATE, given: [] }] : []),
    ...by(OF_STATE, state === "returned" ? undefined : state),
    ...by(OF_TAG, tag),
    ...by(OF_REASON, reason),
    ...by(OF_BOT, bot),
    ...by(OF_FLOW, flow),
  ];
}

/** Ids of a search: below the first, from the second on. */
function rangeOf({ before, openedFrom, openedUntil }: HandoffFilter): [string, string] {
  const below = openedUntil === undefined ? AFTER_ALL_IDS : firstIdOf(openedUntil + 1);
  return [
    before !== undefined && before < below ? before : below,
    openedFrom === undefined ? "" : firstIdOf(openedFrom - SLACK_MS),
  ];
}

const restOf = ({ bot, state, flow, reason, isLate, openedFrom, openedUntil }: HandoffFilter): Value[] => [
  ...[state ?? null, bot ?? null, flow ?? null, reason ?? null],
  ...[openedFrom ?? 0, openedUntil ?? Number.MAX_SAFE_INTEGER, isLate ? 1 : 0],
];

export function createHandoffPages(db: Database, each: (rows: readonly unknown[]) => Handoff[]) {
  const idsOf = (sql: string, ...given: Value[]): string[] => idRows.parse(db.all(sql, ...given)).map(({ id }) => id);
  const page = (ids: readonly string[], next: string | null): HandoffPage => ({
    handoffs: each(ids.map((id) => ({ id }))),
    next,
  });

  /** Counts no further than a page looks. */
  function leadOfFewest(leads: readonly Lead[], range: readonly Value[]): Lead {
    const [first = { through: ALL, given: [] }] = leads;
    if (leads.length <= 1) return first;
    const counted = leads.map((lead) => {
      const { count } = countRow.parse(db.first(lead.through.count, ...lead.given, ...range, LOOKED_THROUGH));
      return { lead, count };
    });
    return counted.reduce((one, other) => (other.count < one.count ? other : one)).lead;
  }

  return (filter: HandoffFilter, limit: number): HandoffPage => {
    const leads = leadsOf(filter);
    const range = rangeOf(filter);
    const { through, given } = leadOfFewest(leads, range);
    const { tag, state, openedFrom, openedUntil } = filter;
    const isAnswered =
      leads.length <= 1 && state !== "returned" && openedFrom === undefined && openedUntil === undefined;
    const ids = isAnswered
      ? idsOf(through.ids, ...given, ...range, limit + 1)
      : idsOf(
          tag === undefined ? through.searched : through.searchedByTag,
          ...[...given, ...range, LOOKED_THROUGH, ...restOf(filter), ...(tag === undefined ? [] : [tag]), limit + 1],
        );
    if (ids.length > limit) return page(ids.slice(0, limit), ids[limit - 1] ?? null);
    const [last] = isAnswered ? [] : idsOf(through.last, ...given, ...range, 1, LOOKED_THROUGH - 1);
    return page(ids, last ?? null);
  };
}
