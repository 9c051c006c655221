/**
 * Measures pages of the list of handoffs on a file with many: the newest, and searches for what few have. Beside it the searches on
 * a file with a hundredth of them: a page costs the same.
 */
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { firstIdOf } from "../src/store/handoff-ids.ts";
import { handingOver, reading } from "./bot-requests.ts";
import type { Options } from "./options.ts";
import { newFolder, type Running, removeFolder, startBaton, startStandIn } from "./process.ts";
import { sideBySide } from "./side-by-side.ts";
import { megabytes, ms, ratio } from "./statistics.ts";

const HANDOFFS = 1_000_000;
const FEWER = 100;
const ROUNDS = 5;
const ROUND_MS = 500;
/** One of so many handoffs has the reason and the tag that few have. */
const FEW = 10_000;
const AT_ONCE = 100_000;
const SPAN_MS = 30 * 24 * 3_600_000;

const SEARCHES: [name: string, query: string][] = [
  ["the newest", ""],
  ["a reason that all have", "?reason=customer-asked"],
  ["a reason that few have", "?reason=rare"],
  ["a tag that few have", "?tag=rare"],
  ["both, of a bot", "?reason=rare&tag=rare&bot=shop-assistant"],
  ["a reason that all have, and a tag that few have", "?reason=customer-asked&tag=rare"],
  ["a state that few have", "?state=parked"],
  ["older than a day", "?age=older-1d"],
];

/** Copies the handoff that a Baton recorded. Returns the size of the file. */
function fillWithHandoffs(path: string, handoffs: number): number {
  const sqlite = new BetterSqlite3(path);
  for (const pragma of ["journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF"]) sqlite.pragma(pragma);
  const columns = (sqlite.pragma("table_info(handoffs)") as { name: string }[]).map(({ name }) => name);
  const begin = Date.now() - SPAN_MS;
  sqlite.function("id_at", { deterministic: true }, (n: unknown) => {
    const at = begin + Math.floor((SPAN_MS * Number(n)) / (handoffs + 1));
    return `${firstIdOf(at)}${String(n).padStart(16, "0")}`;
  });
  const isFew = `n % ${FEW} = 0`;
  const at = `${begin} + CAST(${SPAN_MS} * (CAST(n AS REAL) / ${handoffs + 1}) AS INTEGER)`;
  const given: Record<string, string> = {
    id: "id_at(n)",
    token: "'ho-' || id_at(n)",
    session_id: "-n",
    state: `CASE WHEN ${isFew} THEN 'parked' ELSE 'returned' END`,
    reason: `CASE WHEN ${isFew} THEN 'rare' ELSE t.reason END`,
    decision: `CASE WHEN n % ${FEW} < 2 THEN json_set(t.decision, '$.tags', json('["bot_handoff", "rare"]')) ELSE t.decision END`,
    // Nothing is left to do for them: work in the background would be measured too.
    ...{ late_at: "NULL", waiting_since: "NULL", due_at: "NULL" },
    ...{ created_at: at, updated_at: at, routed_at: at },
  };
  for (let from = 1; from <= handoffs; from += AT_ONCE) {
    const last = Math.min(handoffs, from + AT_ONCE - 1);
    sqlite.exec(
      `WITH RECURSIVE number (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM number WHERE n < ${last})
       INSERT INTO handoffs (${columns.join(", ")})
       SELECT ${columns.map((name) => given[name] ?? `t.${name}`).join(", ")} FROM number
       JOIN (SELECT * FROM handoffs WHERE session_id > 0 LIMIT 1) AS t`,
    );
  }
  const bytes = Number(sqlite.pragma("page_count", { simple: true })) * 4_096;
  sqlite.pragma("journal_mode = WAL");
  sqlite.close();
  return bytes;
}

async function startWith(platform: Running, path: string, handoffs: number) {
  const first = await startBaton(platform.url, { DATABASE_PATH: path });
  const dispatcher = new Agent();
  await handingOver(first.url, dispatcher)({});
  await dispatcher.destroy();
  await first.stop();
  const bytes = fillWithHandoffs(path, handoffs);
  return { bytes, running: await startBaton(platform.url, { DATABASE_PATH: path }) };
}

export async function lists(options: Options): Promise<void> {
  const handoffs = options.sessions ?? HANDOFFS;
  const rounds = options.rounds ?? ROUNDS;
  const folder = newFolder();
  const platform = await startStandIn();
  const many = await startWith(platform, join(folder, "many.db"), handoffs);
  const few = await startWith(platform, join(folder, "few.db"), Math.ceil(handoffs / FEWER));
  const dispatcher = new Agent();
  try {
    const contenders = SEARCHES.flatMap(([, query]) =>
      [many.running, few.running].map((running) => ({
        running,
        send: reading(`${running.url}/v1/handoffs${query}`, dispatcher),
      })),
    );
    const found = await sideBySide(contenders, { atOnce: 1, rounds, roundMs: ROUND_MS, others: [] });
    const cpuOf = (index: number): number => found[index]?.cpuMs ?? Number.NaN;
    console.log(
      `\nLists: CPU of a page of 50 of ${handoffs.toLocaleString("en")} handoffs (${megabytes(many.bytes)}), beside a hundredth of them; medians of ${rounds} rounds of ${ROUND_MS} ms in turns.`,
    );
    printTable(
      ["", "CPU", "to a hundredth"],
      SEARCHES.map(([name], index) => [name, ms(cpuOf(2 * index)), ratio(cpuOf(2 * index) / cpuOf(2 * index + 1))]),
    );
  } finally {
    await dispatcher.destroy();
    await Promise.all([many.running.stop(), few.running.stop()]);
    await platform.stop();
    removeFolder(folder);
  }
}
