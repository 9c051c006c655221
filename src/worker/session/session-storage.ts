/** Reads a session's object from its storage alone: the core cannot be opened for a bot that is not configured any more. */
import { z } from "zod";
import { createObjectDatabase } from "../../store/durable-object-store.ts";
import { createErasureTable } from "../../store/tables/erasure.ts";
import { KEEP_MS } from "../objects/object-expiry.ts";

const timeRow = z.tuple([z.object({ at: z.number().nullable() })]);
const botRows = z.array(z.object({ bot: z.string() }));
const sessionRows = z.array(z.object({ id: z.number().int() }));
const keyRows = z.array(z.object({ bot: z.string(), id: z.string() }));
const KEYED = `SELECT s.bot, e.event_id AS id FROM events AS e JOIN sessions AS s ON s.id = e.session_id
  WHERE e.event_id GLOB 'key-*'`;
const QUIET_SINCE = "SELECT min(quiet_since) AS at FROM sessions AS s";
const WITH_HANDOFF =
  "WHERE EXISTS (SELECT 1 FROM handoffs AS h WHERE h.session_id = s.id AND h.state IN ('returned', 'cancelled'))";
const idRows = z.array(z.object({ id: z.string() }));

export function createSessionStorage(
  storage: Pick<DurableObjectStorage, "sql" | "transactionSync">,
  retentionMs: number,
) {
  const { sql } = storage;
  const isThere = (query: string): boolean => sql.exec(query).toArray().length > 0;
  const ids = (query: string): string[] => idRows.parse(sql.exec(query).toArray()).map(({ id }) => id);
  const latest = (query: string): number | null => timeRow.parse(sql.exec(query).toArray())[0].at;

  let wasThere = false;
  function hasTables(): boolean {
    wasThere ||= isThere("SELECT 1 FROM sqlite_schema WHERE name = 'sessions'");
    return wasThere;
  }
  /**
   * True if nothing was ever written here, its first event came to nothing, or all sessions were erased. Reading never writes.
   */
  const isBlank = (): boolean => !hasTables() || !isThere("SELECT 1 FROM sessions LIMIT 1");

  const isAnyOpen = (): boolean =>
    isThere("SELECT 1 FROM handoffs WHERE state NOT IN ('returned', 'cancelled') LIMIT 1");

  return {
    isBlank,

    /** Its sessions may belong to several bots that share conversations. */
    bots: (): string[] =>
      hasTables() ? botRows.parse(sql.exec("SELECT DISTINCT bot FROM sessions").toArray()).map(({ bot }) => bot) : [],

    /** Time until which it is kept: 0 if there is nothing, `Infinity` while a handoff is open. */
    keptUntil(): number {
      if (!hasTables()) return 0;
      if (isAnyOpen()) return Number.POSITIVE_INFINITY;
      const updatedAt = latest("SELECT max(updated_at) AS at FROM sessions");
      if (updatedAt !== null && retentionMs >= KEEP_MS) return updatedAt + retentionMs;
      // Events stay without their words, so that a repetition is recognised.
      const receivedAt = latest("SELECT max(received_at) AS at FROM events");
      return Math.max(updatedAt === null ? 0 : updatedAt + retentionMs, receivedAt === null ? 0 : receivedAt + KEEP_MS);
    },

    /** Time at which its sessions may be forgotten, though the keys of their deliveries are still needed; `Infinity`: not now. */
    forgetAt(): number {
      const isKept = isBlank() || retentionMs >= KEEP_MS || isAnyOpen();
      const updatedAt = isKept ? null : latest("SELECT max(updated_at) AS at FROM sessions");
      return updatedAt === null ? Number.POSITIVE_INFINITY : updatedAt + retentionMs;
    },

    /** Time at which one of its handoffs, or some of its words, may be old enough to go before the rest; `Infinity`: not now. */
    lookAt(): number {
      const query = retentionMs < KEEP_MS ? QUIET_SINCE : `${QUIET_SINCE} ${WITH_HANDOFF}`;
      const quietSince = isBlank() ? null : latest(query);
      return quietSince === null ? Number.POSITIVE_INFINITY : quietSince + retentionMs;
    },

    /** Events of the bots' requests with an `Idempotency-Key`. */
    keyedEvents: () => keyRows.parse(sql.exec(KEYED).toArray()),

    /** Forgets everything but the keys of deliveries. */
    forgetSessions(): void {
      const db = createObjectDatabase(storage);
      const erasure = createErasureTable(db);
      storage.transactionSync(() => {
        for (const { id } of sessionRows.parse(sql.exec("SELECT id FROM sessions").toArray())) {
          erasure.erase({ id }, null, erasure.conversationsOf(id));
        }
        for (const table of ["conversations", "projections", "claims"]) sql.exec(`DELETE FROM ${table}`);
      });
    },

    /** Records that all of it is deleted. */
    forgotten(): void {
      wasThere = false;
    },

    /** Conversations whose objects may know this one. */
    claimed: (): string[] => (hasTables() ? ids("SELECT conversation_id AS id FROM claims") : []),
    /** Accounts of its conversations. */
    accounts: (): string[] =>
      hasTables() ? ids("SELECT account AS id FROM handoffs UNION SELECT account FROM conversations") : [],
  };
}
export type SessionStorage = ReturnType<typeof createSessionStorage>;
