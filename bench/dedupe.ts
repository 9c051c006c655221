/**
 * Compares keys for the recognition of deliveries, on files filled with as many events: pages of the WAL and pages read for an
 * event, distinct pages that a checkpoint writes, CPU, and bytes of the file. Run: node bench/dedupe.ts [events]
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { printTable } from "../src/cli/support/print.ts";
import { createSqliteRecord } from "../src/store/sqlite/sqlite-store.ts";
import { median, ratio } from "./statistics.ts";

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const OF_A_SESSION = 10;
const ALIVE = 1_000;
const DAYS = 35;
const BATCH = 64;
const BATCHES = 40;
const ROUNDS = 7;
const FRAME = 24 + 4_096;
const WAL_HEADER = 32;

interface Variant {
  name: string;
  /** Key of the event `n` of a session, in SQL. */
  filled: string;
  keyOf: (session: number) => Buffer;
  /** Keys to look up for an event. */
  lookUps: (key: Buffer) => Buffer[];
  schema?: string;
}

const big = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const day = `(n * ${DAYS} / ${EVENTS})`;
const session = `(n / ${ALIVE * OF_A_SESSION} * ${ALIVE} + n % ${ALIVE} + 1)`;
const bySession: Omit<Variant, "name"> = {
  filled: `unhex(printf('%010x', ${session}) || hex(randomblob(16)))`,
  keyOf: (id) => Buffer.concat([big(id, 5), randomBytes(16)]),
  lookUps: (key) => [key, key.subarray(5)],
};
const VARIANTS: Variant[] = [
  { name: "hash", filled: "randomblob(16)", keyOf: () => randomBytes(16), lookUps: (key) => [key] },
  {
    name: "day and hash",
    filled: `unhex(printf('%04x', ${day}) || hex(randomblob(16)))`,
    keyOf: () => Buffer.concat([big(DAYS, 2), randomBytes(16)]),
    lookUps: (key) => Array.from({ length: DAYS + 1 }, (_, n) => Buffer.concat([big(n, 2), key.subarray(2)])),
  },
  { name: "session and hash", ...bySession },
  {
    name: "the same, fewer indexes",
    ...bySession,
    schema: "DROP INDEX events_of_nobody;",
  },
  {
    name: "the same, without rowid",
    ...bySession,
    schema: `DROP TABLE events; CREATE TABLE events (key BLOB PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, session_id INTEGER,
      bot TEXT, source TEXT, event_id TEXT, type TEXT, body TEXT, outcome TEXT, occurred_at INTEGER, received_at INTEGER,
      epoch INTEGER) STRICT, WITHOUT ROWID; CREATE INDEX events_of_session ON events (session_id, seq);`,
  },
];

const FACTS = JSON.stringify({
  customer: {},
  attributes: { orderId: "4711" },
  language: "en",
  channel: null,
  fallbacks: 0,
});
const BODY = JSON.stringify({ id: "e-000000000000", session: "old-00000000", text: "Where is my order? ".repeat(6) });
const INSERT = `INSERT INTO events (seq, key, bot, source, session_id, event_id, type, body, outcome, occurred_at, received_at, epoch)
  VALUES (?, ?, 'shop-assistant', 'baton', ?, 'e-000000000000', 'customer.message', ?, 'accepted', 1700000000000, 1700000000000, 1)`;

async function create(folder: string, { name, filled, keyOf, lookUps, schema }: Variant) {
  const path = join(folder, `${name}.db`);
  await createSqliteRecord(path).close();
  const sqlite = new BetterSqlite3(path);
  for (const pragma of ["journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"])
    sqlite.pragma(pragma);
  if (schema !== undefined) sqlite.exec(schema);
  const sessions = EVENTS / OF_A_SESSION + 10 * ALIVE;
  sqlite.exec(`WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < ${sessions})
    INSERT INTO sessions (id, bot, session, epoch, control, facts, version, created_at, updated_at)
    SELECT n, 'shop-assistant', printf('old-%08d', n), 1, 'bot', '${FACTS}', 1, 1700000000000, 1700000000000 FROM t`);
  sqlite.exec(`WITH RECURSIVE t (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < ${EVENTS - 1})
    INSERT INTO events (seq, key, bot, source, session_id, event_id, type, body, outcome, occurred_at, received_at, epoch)
    SELECT n + 1, ${filled}, 'shop-assistant', 'baton', ${session}, 'e-000000000000', 'customer.message', '${BODY}', 'accepted', 1700000000000, 1700000000000, 1 FROM t`);
  const bytes = Number(sqlite.pragma("page_count", { simple: true })) * 4_096;
  sqlite.close();
  const db = new BetterSqlite3(path);
  for (const pragma of [
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "cell_size_check = ON",
    "wal_autocheckpoint = 0",
  ])
    db.pragma(pragma);
  const find = db.prepare("SELECT session_id FROM events WHERE key = ?");
  const save = db.prepare("UPDATE sessions SET facts = ?, version = version + 1, updated_at = ? WHERE id = ?");
  const add = db.prepare(INSERT);
  let seq = EVENTS;
  let taken = 0;
  const batch = db.transaction(() => {
    for (let n = 0; n < BATCH; n += 1) {
      // A thousand chats talk in turns; the next thousand follow.
      const id =
        EVENTS / OF_A_SESSION -
        ALIVE +
        1 +
        Math.floor(taken / (ALIVE * OF_A_SESSION)) * ALIVE +
        Math.floor(Math.random() * ALIVE);
      const key = keyOf(id);
      for (const one of lookUps(key)) find.get(one);
      save.run(FACTS, 1700000000000 + taken, id);
      seq += 1;
      add.run(seq, key, id, BODY);
      taken += 1;
    }
  });
  const pages = () => Number(db.pragma("page_count", { simple: true }));
  return {
    name,
    bytes,
    round() {
      db.pragma("wal_checkpoint(TRUNCATE)");
      const before = { pages: pages(), cpu: process.cpuUsage(), read: readSoFar() };
      for (let n = 0; n < BATCHES; n += 1) batch.immediate();
      const { user, system } = process.cpuUsage(before.cpu);
      const read = readSoFar() - before.read;
      const wal = readFileSync(`${path}-wal`);
      const frames = (wal.length - WAL_HEADER) / FRAME;
      const written = new Set(
        Array.from({ length: Math.floor(frames) }, (_, n) => wal.readUInt32BE(WAL_HEADER + n * FRAME)),
      );
      const events = BATCH * BATCHES;
      const at = performance.now();
      db.pragma("wal_checkpoint(TRUNCATE)");
      return {
        wal: frames / events,
        distinct: written.size / events,
        read: read / 4_096 / events,
        cpu: (user + system) / events,
        checkpoint: ((performance.now() - at) * 1_000) / events,
        grown: ((pages() - before.pages) * 4_096) / events,
      };
    },
    close: () => db.close(),
  };
}

function readSoFar(): number {
  return Number(/rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0);
}

const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
try {
  const all: Awaited<ReturnType<typeof create>>[] = [];
  for (const variant of VARIANTS) all.push(await create(folder, variant));
  const found = all.map(() => [] as ReturnType<(typeof all)[number]["round"]>[]);
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [at, one] of all.entries()) {
      const measured = one.round();
      if (round >= 0) found[at]?.push(measured);
    }
  }
  const of = (at: number, what: keyof (typeof found)[number][number]): number =>
    median((found[at] ?? []).map((it) => it[what]));
  console.log(
    `\n${EVENTS.toLocaleString("en")} events; batches of ${BATCH}, medians of ${ROUNDS} rounds in turns, for one event.`,
  );
  printTable(
    ["key", "file to hash", "WAL pages", "distinct", "pages read", "CPU to hash", "checkpoint to hash", "grown bytes"],
    all.map(({ name, bytes }, at) => [
      name,
      ratio(bytes / (all[0]?.bytes ?? 1)),
      of(at, "wal").toFixed(2),
      of(at, "distinct").toFixed(2),
      of(at, "read").toFixed(2),
      `${ratio(of(at, "cpu") / of(0, "cpu"))} (${of(at, "cpu").toFixed(1)} µs)`,
      ratio(of(at, "checkpoint") / of(0, "checkpoint")),
      of(at, "grown").toFixed(0),
    ]),
  );
  for (const one of all) one.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
