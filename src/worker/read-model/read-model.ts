/** Handoffs of all sessions, in D1, for lists and for look-ups by id. It may lag behind the sessions. */
import { z } from "zod";
import type { AtPlatform } from "../../handoff/jobs/poll-conversations.ts";
import type { Handoff } from "../../model/handoff.ts";
import { toPortion } from "../../store/platform-watch.ts";
import type { HandoffFilter, HandoffPage } from "../../store/tables/handoffs/handoff-pages.ts";
import { readListedHandoff } from "./listed-handoff.ts";
import handoffsSchema from "./migrations/0001_handoffs.sql";
import auditSchema from "./migrations/0002_audit.sql";
import platformWatchSchema from "./migrations/0003_platform_watch.sql";
import flowVersionsSchema from "./migrations/0004_flow_versions.sql";
import { toPageQueries } from "./page-queries.ts";

/** A handoff as its session's object projects it. */
interface Projection {
  handoff: Handoff;
  version: number;
}

/** A chat that a person has or had without a handoff. */
export interface Held {
  sessionId: number;
  bot: string;
  account: string;
  conversationId: string;
  agentId: string | null;
  since: number;
  isHeld: boolean;
}

export interface ReadModel extends AtPlatform {
  /** Writes all or none. Older projections than those in the table change nothing. */
  write(object: string, projections: readonly Projection[]): Promise<void>;
  writeHeld(object: string, held: readonly Held[]): Promise<void>;
  /** Removes handoffs that their object has forgotten. */
  remove(object: string, handoffIds: readonly string[]): Promise<void>;
  /** Removes all rows of an object that forgets itself. */
  forget(object: string): Promise<void>;
  /** Finds the object that has a handoff. */
  objectOf(handoffId: string): Promise<string | null>;
  /** A page of a search, the newest first. */
  page(filter: HandoffFilter, limit: number): Promise<HandoffPage>;
}

/** The first condition is the index's own. */
const WITH_AGENT = `SELECT id, body FROM handoffs WHERE account = ? AND state IN ('routed', 'assigned') AND state = 'assigned'
  ORDER BY id LIMIT ?`;
/** Goes by columns, and by fields that every release had in the body: rows of older releases count too. */
const WATCHED = `bot, state, conversation_id AS conversationId, json_extract(body, '$.agentId') AS agentId,
  returned_because AS returnedBecause, coalesce(json_extract(body, '$.decision.handBack.when'), 'closed') AS handBackWhen,
  coalesce(json_extract(body, '$.routedAt'), created_at) AS since`;
const AT_PLATFORM = `SELECT ${WATCHED}, 0 AS "at", id AS "after" FROM handoffs
  WHERE account = ? AND state IN ('routed', 'assigned') AND conversation_id IS NOT NULL AND id > ? ORDER BY id LIMIT ?`;
/** The conditions on the state are the index's own. */
const RETURNED = `SELECT ${WATCHED}, updated_at AS "at", id AS "after" FROM handoffs
  WHERE account = ? AND state = 'returned' AND (returned_because IS NULL OR returned_because NOT IN ('closed', 'deleted'))
    AND conversation_id IS NOT NULL AND (updated_at, id) > (?, ?) ORDER BY updated_at, id LIMIT ?`;
const WITHOUT_HANDOFF = `SELECT bot, 'assigned' AS state, conversation_id AS conversationId, agent_id AS agentId,
    NULL AS returnedBecause, 'solved' AS handBackWhen, since, 0 AS "at", conversation_id AS "after"
  FROM held WHERE account = ? AND conversation_id > ? ORDER BY conversation_id LIMIT ?`;
const WRITE_HELD = `INSERT OR REPLACE INTO held (object, session_id, bot, account, conversation_id, agent_id, since)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

const WRITE = `INSERT INTO handoffs (id, object, bot, flow, account, state, is_late, conversation_id, returned_because,
    created_at, updated_at, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET object = excluded.object, state = excluded.state, is_late = excluded.is_late,
    conversation_id = excluded.conversation_id, returned_because = excluded.returned_because,
    updated_at = excluded.updated_at, version = excluded.version, body = excluded.body
  WHERE excluded.version >= handoffs.version`;
const rows = z.array(z.object({ id: z.string(), body: z.string() }));
/** Leaves out handoffs that cannot be read: they come back once their session's object projects them again. */
const toHandoffs = (results: unknown): Handoff[] =>
  rows.parse(results).flatMap(({ body }) => readListedHandoff(body) ?? []);
const idRows = z.array(z.object({ id: z.string() }));
const objectRow = z.object({ object: z.string() }).nullable();

const isLate = ({ alertedAt, state }: Handoff): boolean =>
  alertedAt !== null && (state === "pending" || state === "routed");

/** Creates missing tables. A deployment uses `wrangler d1 migrations apply` for that. */
export async function prepareReadModel(d1: D1Database): Promise<void> {
  const statements = [handoffsSchema, auditSchema, platformWatchSchema, flowVersionsSchema]
    .flatMap((schema) => schema.split(/;\s*$/m))
    .filter((statement) => /^\s*(CREATE|DROP)/m.test(statement));
  await d1.batch(statements.map((statement) => d1.prepare(statement)));
}

export function createReadModel(d1: D1Database): ReadModel {
  return {
    async write(object, projections) {
      const write = d1.prepare(WRITE);
      await d1.batch(
        projections.map(({ handoff, version }) =>
          write.bind(
            handoff.id,
            object,
            handoff.bot,
            handoff.flow,
            handoff.account,
            handoff.state,
            isLate(handoff) ? 1 : 0,
            handoff.conversationId,
            handoff.returnedBecause,
            handoff.createdAt,
            handoff.updatedAt,
            version,
            JSON.stringify(handoff),
          ),
        ),
      );
    },

    async writeHeld(object, held) {
      const take = d1.prepare(WRITE_HELD);
      const giveBack = d1.prepare("DELETE FROM held WHERE object = ? AND session_id = ?");
      await d1.batch(
        held.map(({ sessionId, bot, account, conversationId, agentId, since, isHeld }) =>
          isHeld
            ? take.bind(object, sessionId, bot, account, conversationId, agentId, since)
            : giveBack.bind(object, sessionId),
        ),
      );
    },

    async remove(object, handoffIds) {
      const remove = d1.prepare("DELETE FROM handoffs WHERE id = ? AND object = ?");
      await d1.batch(handoffIds.map((id) => remove.bind(id, object)));
    },

    async forget(object) {
      for (const table of ["handoffs", "held"]) {
        await d1.prepare(`DELETE FROM ${table} WHERE object = ?`).bind(object).run();
      }
    },

    async objectOf(handoffId) {
      const row = await d1.prepare("SELECT object FROM handoffs WHERE id = ?").bind(handoffId).first();
      return objectRow.parse(row)?.object ?? null;
    },

    async page(filter, limit) {
      const { found, last } = toPageQueries(filter, limit + 1);
      const asked = [found, ...(last === null ? [] : [last])];
      const answers = await d1.batch(asked.map(({ sql, given }) => d1.prepare(sql).bind(...given)));
      const all = rows.parse(answers[0]?.results);
      const page = all.slice(0, limit);
      const stop = all.length > limit ? page.at(-1) : idRows.parse(answers[1]?.results ?? [])[0];
      return { handoffs: toHandoffs(page), next: stop?.id ?? null };
    },

    async watched(account, place, returnedAfter, limit) {
      const read = async (sql: string, ...values: (string | number)[]): Promise<unknown[]> =>
        (
          await d1
            .prepare(sql)
            .bind(account, ...values, limit)
            .all()
        ).results;
      const isNew = place.at < returnedAfter;
      const rows =
        place.list === 0
          ? await read(AT_PLATFORM, place.after)
          : place.list === 1
            ? await read(RETURNED, isNew ? returnedAfter : place.at, isNew ? "" : place.after)
            : await read(WITHOUT_HANDOFF, place.after);
      return toPortion(rows, { place, limit });
    },

    async withAgent(account, limit) {
      const { results } = await d1.prepare(WITH_AGENT).bind(account, limit).all();
      return toHandoffs(results);
    },
  };
}
