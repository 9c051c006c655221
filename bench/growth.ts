/**
 * Measures the cost of an event and a handoff with a past in the file and with an empty file, and waits during a backup and a
 * pruning.
 */
import { spawn } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, telling } from "./bot-requests.ts";
import { steadily } from "./load.ts";
import type { Options } from "./options.ts";
import { newFolder, type Running, removeFolder, startBaton, startStandIn } from "./process.ts";
import { seedDatabase, TEMPLATE } from "./seed-database.ts";
import { type Measured, sideBySide } from "./side-by-side.ts";
import { megabytes, ms, percentile, perSecond, ratio } from "./statistics.ts";

const EVENTS = 1_000_000;
const EVENTS_OF_A_SESSION = 10;
const ROUNDS = 7;
const ROUND_MS = 1_500;
const STEADY_PER_SECOND = 500;
const STEADY_SECONDS = 5;
/** Baton prunes once a minute, counted from its start. */
const PRUNE_EVERY_MS = 60_000;
/** See backup.ts. A backup that takes longer than its patience is given up. */
const BACKUPS = [
  { how: "at-once", name: "in one step", patienceMs: 600_000 },
  { how: "paced", name: "in paced steps of one snapshot", patienceMs: 600_000 },
  { how: "steps", name: "in steps of 100 pages", patienceMs: 10_000 },
];

/** Lets a real Baton record the chat to copy. */
async function begin(platform: Running, path: string): Promise<void> {
  const baton = await startBaton(platform.url, { DATABASE_PATH: path });
  const dispatcher = new Agent();
  for (let said = 1; said < EVENTS_OF_A_SESSION; said += 1) await telling(baton.url, dispatcher)(TEMPLATE);
  await handingOver(baton.url, dispatcher)({ session: TEMPLATE });
  await dispatcher.destroy();
  await baton.stop();
}

/** Returns the largest size of the write-ahead log while `work` runs. */
async function walDuring<T>(path: string, work: () => Promise<T>): Promise<{ result: T; walBytes: number }> {
  let walBytes = 0;
  const looking = setInterval(() => {
    walBytes = Math.max(walBytes, statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  }, 20);
  try {
    return { result: await work(), walBytes };
  } finally {
    clearInterval(looking);
  }
}

/** Null: it had not ended in time. */
async function backup(path: string, how: string, patienceMs: number): Promise<number | null> {
  const started = performance.now();
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "backup.ts")], {
    env: { PATH: process.env.PATH, FROM: path, TO: `${path}-copy`, HOW: how },
    stdio: ["ignore", "ignore", "inherit"],
    timeout: patienceMs,
  });
  const code = await new Promise<number | null>((done) => child.once("exit", (status) => done(status)));
  rmSync(`${path}-copy`, { force: true });
  if (code !== 0 && code !== null) throw new Error(`the backup ended with ${code}`);
  return code === null ? null : (performance.now() - started) / 1_000;
}

const oldest = (path: string): number => {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  const seq = Number(sqlite.prepare("SELECT min(seq) FROM events").pluck().get());
  sqlite.close();
  return seq;
};

/** Measures events at a steady pace: alone, beside backups, and while the service prunes. */
async function beside(path: string, baton: Running, startedAt: number, dispatcher: Agent): Promise<void> {
  const tell = telling(baton.url, dispatcher);
  const pace = () => steadily(STEADY_PER_SECOND, STEADY_SECONDS, () => tell());
  const rows: string[][] = [];
  let alone = Number.NaN;
  const add = (name: string, times: readonly number[], walBytes: number): void => {
    const p99 = percentile(times, 0.99);
    const to = Number.isNaN(alone) ? "" : ratio(p99 / alone);
    rows.push([name, ms(percentile(times, 0.5)), ms(p99), to, ms(Math.max(...times)), megabytes(walBytes)]);
  };

  await pace();
  const quiet = await walDuring(path, async () => [...(await pace()), ...(await pace())]);
  alone = percentile(quiet.result, 0.99);
  add("alone", quiet.result, quiet.walBytes);

  for (const { how, name, patienceMs } of BACKUPS) {
    let took: number | null | undefined;
    const copying = backup(path, how, patienceMs).then((seconds) => {
      took = seconds;
    });
    const { result, walBytes } = await walDuring(path, async () => {
      const times: number[] = [];
      while (took === undefined) times.push(...(await steadily(STEADY_PER_SECOND, 1, () => tell())));
      return times;
    });
    await copying;
    const end = took == null ? `given up after ${patienceMs / 1_000} s` : `done in ${took.toFixed(1)} s`;
    add(`a backup ${name}: ${end}`, result, walBytes);
  }

  const sincePrune = (Date.now() - startedAt) % PRUNE_EVERY_MS;
  const lead = (STEADY_SECONDS * 1_000) / 2;
  await new Promise((done) => setTimeout(done, (2 * PRUNE_EVERY_MS - sincePrune - lead) % PRUNE_EVERY_MS));
  const before = oldest(path);
  const pruned = await walDuring(path, pace);
  add(`pruning ${(oldest(path) - before).toLocaleString("en")} events`, pruned.result, pruned.walBytes);

  console.log(
    `\nEvents at a steady ${STEADY_PER_SECOND}/s on the full file. WAL: the largest it got; Baton folds it from 4 MB on, and cuts it to 64 MB.`,
  );
  printTable(["beside", "p50", "p99", "to alone", "longest", "WAL"], rows);
}

const row = (name: string, [empty, full]: readonly Measured[]): string[] => {
  const cpu = (one: Measured | undefined): string => (one?.cpuMs == null ? "-" : ms(one.cpuMs));
  const cpuRatio = empty?.cpuMs == null || full?.cpuMs == null ? "-" : ratio(full.cpuMs / empty.cpuMs);
  const [a = 1, b = 1] = [empty?.perSecond, full?.perSecond];
  return [name, perSecond(a), perSecond(b), ratio(a / b), cpu(empty), cpu(full), cpuRatio];
};

export async function growth(options: Options): Promise<void> {
  const events = options.events ?? EVENTS;
  const sessions = options.sessions ?? Math.ceil(events / EVENTS_OF_A_SESSION);
  const rounds = options.rounds ?? ROUNDS;
  const folder = newFolder();
  const path = join(folder, "baton.db");
  const platform = await startStandIn();
  const dispatcher = new Agent({ connections: 64 });
  await begin(platform, path);
  const past = seedDatabase(path, { events, sessions });
  const count = (n: number): string => n.toLocaleString("en");
  console.log(
    `\nGrowth: a file with ${count(events)} events of ${count(sessions)} sessions and ${count(past.handoffs)} handoffs, ${megabytes(past.bytes)}, filled in ${past.seconds.toFixed(1)} s.`,
  );
  const full = await startBaton(platform.url, { DATABASE_PATH: path });
  const startedAt = Date.now();
  const empty = await startBaton(platform.url);
  try {
    const both = [empty, full];
    const told = both.map((running) => ({ running, send: telling(running.url, dispatcher) }));
    const handed = both.map((running) => ({ running, send: handingOver(running.url, dispatcher) }));
    const course = { rounds, roundMs: ROUND_MS, others: [] };
    const rows = [
      row("an event", await sideBySide(told, { ...course, atOnce: 64 })),
      row("a handoff", await sideBySide(handed, { ...course, atOnce: 16 })),
    ];
    console.log(
      `Medians of ${rounds} rounds of ${ROUND_MS / 1_000} s in turns; events 64 at once, handoffs 16. Cost: the time of one, by the clock and in CPU.`,
    );
    printTable(["", "empty", "full", "cost by the clock", "CPU empty", "CPU full", "cost in CPU"], rows);
    await empty.stop();
    await beside(path, full, startedAt, dispatcher);
  } finally {
    await dispatcher.destroy();
    await Promise.all([empty.stop(), full.stop()]);
    await platform.stop();
    removeFolder(folder);
  }
}
