/** Handoffs over all sessions, in D1: what lists and look-ups by id read. It may lag behind the sessions. */
import { z } from "zod";
import type { AtPlatform } from "../handoff/poll.ts";
import type { HandoffFilter } from "../sessions/handoff-table.ts";
import type { Handoff } from "../sessions/ledger.ts";
import { readListedHandoff } from "./listed-handoff.ts";
import handoffsSchema from "./read-model/0001_handoffs.sql";
import auditSchema from "./read-model/0002_audit.sql";

/** A handoff as its session's object tells it. */
interface Projection {
  handoff: Handoff;
  version: number;
}

export interface ReadModel extends AtPlatform {
  /** All or none; what is older than what is there changes nothing. */
  write(object: string, projections: readonly Projection[]): Promise<void>;
  /** Of an object that forgets itself. */
  forget(object: string): Promise<void>;
  /** The object that has a handoff. */
  objectOf(handoffId: string): Promise<string | null>;
  /** Newest first. */
  list(filter: HandoffFilter, limit: number): Promise<Handoff[]>;
}

const SINCE = `SELECT min(since) AS since FROM (
  SELECT min(created_at) AS since FROM handoffs WHERE account = ?1 AND state IN ('routed', 'assigned')
  UNION ALL SELECT min(updated_at) FROM handoffs WHERE account = ?1 AND returned_because = 'solved' AND updated_at > ?2)`;
/** The first condition is the index's own. */
const WITH_AGENT = `SELECT id, body FROM handoffs WHERE account = ? AND state IN ('routed', 'assigned') AND state = 'assigned'
  ORDER BY created_at LIMIT ?`;
const sinceRow = z.object({ since: z.number().int().nullable() });
/** D1 binds a hundred values at most. */
const IDS_AT_ONCE = 90;

const WRITE = `INSERT INTO handoffs (id, object, bot, flow, account, state, is_late, conversation_id, returned_because,
    created_at, updated_at, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET object = excluded.object, state = excluded.state, is_late = excluded.is_late,
    conversation_id = excluded.conversation_id, returned_because = excluded.returned_because,
    updated_at = excluded.updated_at, version = excluded.version, body = excluded.body
  WHERE excluded.version >= handoffs.version`;
const rows = z.array(z.object({ id: z.string(), body: z.string() }));
/** A handoff that cannot be read is left out: it is there again once its session's object tells of it. */
const toHandoffs = (results: unknown): Handoff[] =>
  rows.parse(results).flatMap(({ body }) => readListedHandoff(body) ?? []);
const objectRow = z.object({ object: z.string() }).nullable();

const isLate = ({ alertedAt, state }: Handoff): boolean =>
  alertedAt !== null && (state === "pending" || state === "routed");

/** Makes the tables where there are none. A deployment does that by `wrangler d1 migrations apply`. */
export async function prepareReadModel(d1: D1Database): Promise<void> {
  const statements = [handoffsSchema, auditSchema]
    .flatMap((schema) => schema.split(/;\s*$/m))
    .filter((statement) => /^\s*CREATE/m.test(statement));
  await d1.batch(statements.map((statement) => d1.prepare(statement)));
}

export function createReadModel(d1: D1Database): ReadModel {
  async function select({ bot, flow, state, before, isLate: late }: HandoffFilter, limit: number): Promise<unknown[]> {
    const wanted: [string, string | number | undefined][] = [
      ["bot = ?", bot],
      ["state = ?", state],
      ["flow = ?", flow],
      ["id < ?", before],
      ["is_late = ?", late ? 1 : undefined],
    ];
    const given = wanted.filter((clause): clause is [string, string | number] => clause[1] !== undefined);
    const where = given.length === 0 ? "" : `WHERE ${given.map(([clause]) => clause).join(" AND ")}`;
    const { results } = await d1
      .prepare(`SELECT id, body FROM handoffs ${where} ORDER BY id DESC LIMIT ?`)
      .bind(...given.map(([, value]) => value), limit)
      .all();
    return results;
  }

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

    async forget(object) {
      await d1.prepare("DELETE FROM handoffs WHERE object = ?").bind(object).run();
    },

    async objectOf(handoffId) {
      const row = await d1.prepare("SELECT object FROM handoffs WHERE id = ?").bind(handoffId).first();
      return objectRow.parse(row)?.object ?? null;
    },

    async list(filter, limit) {
      const found: Handoff[] = [];
      // A page is full though some of its rows cannot be read: a short one says that it is the last.
      for (let { before } = filter; found.length < limit; ) {
        const wanted = limit - found.length;
        const page = rows.parse(await select({ ...filter, before }, wanted));
        found.push(...toHandoffs(page));
        if (page.length < wanted) break;
        before = page.at(-1)?.id;
      }
      return found;
    },

    async since(account, solvedAfter) {
      return sinceRow.parse(await d1.prepare(SINCE).bind(account, solvedAfter).first()).since;
    },

    async withAgent(account, limit) {
      const { results } = await d1.prepare(WITH_AGENT).bind(account, limit).all();
      return toHandoffs(results);
    },

    async ofConversations(account, ids) {
      const newest = new Map<string, Handoff>();
      const open: Handoff[] = [];
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
        const some = ids.slice(at, at + IDS_AT_ONCE);
        const { results } = await d1
          .prepare(
            `SELECT id, body FROM handoffs WHERE account = ? AND conversation_id IN (${some.map(() => "?").join(", ")}) ORDER BY id`,
          )
          .bind(account, ...some)
          .all();
        for (const handoff of toHandoffs(results)) {
          newest.set(handoff.conversationId ?? "", handoff);
          if (handoff.state !== "returned" && handoff.state !== "cancelled") open.push(handoff);
        }
      }
      return [...new Set([...newest.values(), ...open])];
    },
  };
}
