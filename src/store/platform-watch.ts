/**
 * Lists the conversations to poll: those in the platform's hands, those that it may take back, and those that a person took
 * without a handoff. One round goes through all of them, a portion at a time.
 */
import { z } from "zod";
import { returnedBecauseSchema } from "../model/handoff.ts";
import type { Database } from "./database.ts";

const watchedSchema = z.object({
  conversationId: z.string(),
  bot: z.string(),
  /** State of its handoff; a chat without one counts as assigned. */
  state: z.enum(["routed", "assigned", "returned"]),
  agentId: z.string().nullable(),
  returnedBecause: returnedBecauseSchema.nullable(),
  handBackWhen: z.enum(["solved", "closed"]),
  /** Earliest time at which an agent may have written in it. */
  since: z.number().int(),
});
export type Watched = z.infer<typeof watchedSchema>;

/** Place at which a round goes on: its list, and the last row that was read. */
export const placeSchema = z.object({ list: z.number().int(), at: z.number().int(), after: z.string() });
export type Place = z.infer<typeof placeSchema>;
export const FIRST_PLACE: Place = { list: 0, at: 0, after: "" };

export interface Portion {
  watched: Watched[];
  /** Null: the round is over. */
  next: Place | null;
}

export interface WatchQuery {
  account: string;
  /** All bots of the account. */
  bots: readonly string[];
  place: Place;
  /** Conversations whose handoff returned earlier are not polled. */
  returnedAfter: number;
  limit: number;
}

const OF_HANDOFF = `bot, state, conversation_id AS conversationId, agent_id AS agentId, 
  CASE WHEN ended_at IS NULL THEN returned_because ELSE 'ended' END AS returnedBecause,
  coalesce(json_extract(decision, '$.handBack.when'), 'closed') AS handBackWhen, coalesce(routed_at, created_at) AS since`;
const AT_PLATFORM = `SELECT ${OF_HANDOFF}, 0 AS "at", id AS "after" FROM handoffs
  WHERE account = ? AND state IN ('routed', 'assigned') AND conversation_id IS NOT NULL AND id > ? ORDER BY id LIMIT ?`;
/** The conditions on the state are those of the index. */
const RETURNED = `SELECT ${OF_HANDOFF}, updated_at AS "at", id AS "after" FROM handoffs
  WHERE account = ? AND state = 'returned' AND (returned_because IS NULL OR returned_because NOT IN ('closed', 'deleted'))
    AND conversation_id IS NOT NULL AND (updated_at, id) > (?, ?) ORDER BY updated_at, id LIMIT ?`;
/** The hint keeps the engine from reading the sessions of all conversations. */
const WITHOUT_HANDOFF = `SELECT bot, 'assigned' AS state, conversation_id AS conversationId, agent_id AS agentId,
    NULL AS returnedBecause, 'solved' AS handBackWhen, updated_at AS since, 0 AS "at", conversation_id AS "after"
  FROM sessions INDEXED BY sessions_with_agent
  WHERE control = 'agent' AND conversation_id > ? AND bot IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM handoffs WHERE account = ? AND conversation_id = sessions.conversation_id
      AND state IN ('routed', 'assigned')) ORDER BY conversation_id LIMIT ?`;
const LISTS = 3;

const rowSchema = watchedSchema.extend({ at: z.number().int(), after: z.string() });

/** Builds a portion from the rows of one list. Fewer rows than the limit are the list's end. */
export function toPortion(rows: readonly unknown[], { place, limit }: Pick<WatchQuery, "place" | "limit">): Portion {
  const read = z.array(rowSchema).parse(rows);
  const last = read.at(-1);
  const isWhole = last === undefined || read.length < limit;
  const following = place.list + 1 < LISTS ? { ...FIRST_PLACE, list: place.list + 1 } : null;
  const next = isWhole ? following : { list: place.list, at: last.at, after: last.after };
  return { watched: read.map(({ at: _, after: __, ...watched }) => watched), next };
}

export function createPlatformWatch(db: Database) {
  function rowsAt({ account, bots, place, returnedAfter, limit }: WatchQuery): unknown[] {
    switch (place.list) {
      case 0:
        return db.all(AT_PLATFORM, account, place.after, limit);
      case 1: {
        const isNew = place.at < returnedAfter;
        return db.all(RETURNED, account, isNew ? returnedAfter : place.at, isNew ? "" : place.after, limit);
      }
      default:
        return db.all(WITHOUT_HANDOFF, place.after, JSON.stringify(bots), account, limit);
    }
  }
  return { watched: (query: WatchQuery): Portion => toPortion(rowsAt(query), query) };
}
export type PlatformWatch = ReturnType<typeof createPlatformWatch>;
