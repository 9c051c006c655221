/** Fills a record with a past: copies of a chat that a real Baton recorded, written straight into the file. */
import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";

export interface Past {
  events: number;
  sessions: number;
  /** One of so many chats has a handoff. Default: 10. */
  handedOver?: number;
}

/** Session of the copied chat; its copies have names of the same length. */
export const TEMPLATE = "old-00000000";
/** Number of chats alive at the same time. */
const ALIVE = 1_000;
/** Somewhat longer than events are kept, so that some have to be forgotten. */
const DAYS = 36;
const AT_ONCE = 200_000;

const sessionName = (n: string): string => `printf('old-%08d', ${n})`;
/** Builds an id as long as a ULID, and older than any new one. */
const handoffId = (n: string): string => `printf('01A%023d', ${n})`;

/**
 * Fills the file up to `events` and `sessions`. It must hold the chat `TEMPLATE` of a Baton that has stopped. Returns the time
 * and the size.
 */
export function seedDatabase(
  path: string,
  { events, sessions, handedOver = 10 }: Past,
): { seconds: number; bytes: number; handoffs: number } {
  const started = performance.now();
  const sqlite = new BetterSqlite3(path);
  for (const pragma of ["journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -2000000"]) {
    sqlite.pragma(pragma);
  }
  const one = (sql: string): unknown => sqlite.prepare(sql).pluck().get();
  const session = Number(one(`SELECT id FROM sessions WHERE session = '${TEMPLATE}'`));
  const handoff = String(one(`SELECT id FROM handoffs WHERE session_id = ${session}`));
  const spanMs = DAYS * 24 * 3_600_000;
  const begin = Date.now() - spanMs;

  /** Copies the template's columns, except those in `given`. `n` counts from `from`. */
  function copy(table: string, source: string, from: number, count: number, given: Record<string, string>): void {
    const columns = (sqlite.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    for (let next = from; next < from + count; next += AT_ONCE) {
      const last = Math.min(from + count, next + AT_ONCE) - 1;
      sqlite.exec(
        `WITH RECURSIVE number (n) AS (SELECT ${next} UNION ALL SELECT n + 1 FROM number WHERE n < ${last})
         INSERT INTO ${table} (${columns.join(", ")})
         SELECT ${columns.map((name) => given[name] ?? `t.${name}`).join(", ")} FROM number JOIN ${source} ORDER BY n`,
      );
    }
  }

  const at = (share: string): string => `${begin} + CAST(${spanMs} * ${share} AS INTEGER)`;
  const ofSession = (n: string): string => at(`(CAST(${n} AS REAL) / ${sessions})`);
  const firstSession = Number(one("SELECT max(id) FROM sessions"));
  copy("sessions", `sessions t ON t.id = ${session}`, 1, sessions, {
    id: `${firstSession} + n`,
    session: sessionName("n"),
    created_at: ofSession("n"),
    updated_at: ofSession("n"),
    quiet_since: ofSession("n"),
  });

  // The chat itself is the oldest, also by its time: pruning looks from there on.
  sqlite.exec(`UPDATE events SET received_at = ${begin} WHERE session_id = ${session}`);
  // A thousand chats talk in turns; when they are over, the next thousand begin.
  const each = Math.max(1, Math.floor(events / sessions));
  const chat = `(n / ${ALIVE * each} * ${ALIVE} + n % ${ALIVE}) % ${sessions} + 1`;
  sqlite.exec(
    `CREATE TEMP TABLE said AS SELECT row_number() OVER (ORDER BY seq) - 1 AS turn, * FROM events WHERE session_id = ${session}`,
  );
  const turns = Number(one("SELECT count(*) FROM said"));
  const hasHandoff = `(${chat}) % ${handedOver} = 0`;
  const received = at(`(CAST(n AS REAL) / ${events})`);
  const firstSeq = Number(one("SELECT max(seq) FROM events")) + 1;
  copy("events", `said t ON t.turn = n / ${ALIVE} % ${turns}`, 0, events, {
    seq: `${firstSeq} + n`,
    key: "randomblob(16)",
    session_id: `${firstSession} + ${chat}`,
    event_id: "printf('e-%012d', n)",
    body: `replace(t.body, '${TEMPLATE}', ${sessionName(chat)})`,
    handoff_id: `CASE WHEN t.handoff_id IS NOT NULL AND ${hasHandoff} THEN ${handoffId(chat)} END`,
    occurred_at: received,
    received_at: received,
  });

  const handoffs = Math.floor(sessions / handedOver);
  const times = { created_at: ofSession("n"), updated_at: ofSession("n"), routed_at: ofSession("n") };
  const number = `n * ${handedOver}`;
  copy("handoffs", `handoffs t ON t.id = '${handoff}'`, 1, handoffs, {
    id: handoffId(number),
    session_id: `${firstSession} + ${number}`,
    session: sessionName(number),
    token: `'ho-' || ${handoffId(number)}`,
    ...times,
  });
  const ofHandoff = (table: string): string => `${table} t ON t.handoff_id = '${handoff}'`;
  copy("steps", ofHandoff("steps"), 1, handoffs, {
    handoff_id: handoffId(number),
    arguments: `replace(t.arguments, '${handoff}', ${handoffId(number)})`,
  });
  copy("attempts", ofHandoff("attempts"), 1, handoffs, { handoff_id: handoffId(number) });

  // A Baton of many days has this mode.
  sqlite.pragma("journal_mode = WAL");
  sqlite.close();
  // Syncs now: the system's pending writes would disturb later measurements.
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
  return { seconds: (performance.now() - started) / 1_000, bytes: statSync(path).size, handoffs };
}
