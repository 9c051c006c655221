/** Measures the cost of overwriting deleted data: the pruner and an intake on two files, with and without it, in turns. */
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { createSqliteRecord } from "../src/store/sqlite/sqlite-store.ts";
import { createTables } from "../src/store/tables.ts";
import { telling } from "./bot-requests.ts";
import { steadily } from "./load.ts";
import type { Options } from "./options.ts";
import { newFolder, removeFolder, startBaton, startStandIn } from "./process.ts";
import { median, ms, percentile, ratio } from "./statistics.ts";

const ROUNDS = 120;
const AT_ONCE = 100;
const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const TEXT = "I would like to know where my order is. ".repeat(12);

const STEADY_PER_SECOND = 100;
const STEADY_SECONDS = 8;
/** Baton prunes once a minute, counted from its start. */
const PRUNE_EVERY_MS = 60_000;
const MINUTES = 4;
/** Batches that expire each minute: more than it prunes in the measured seconds. */
const BATCHES_A_MINUTE = 400;

/** `ageOf`: age of a batch's events. */
async function open(
  path: string,
  secureDelete: "ON" | "FAST",
  now = NOW,
  batches = ROUNDS,
  ageOf: (batch: number) => number = () => 40 * DAY_MS,
) {
  await createSqliteRecord(path).close();
  const sqlite = new BetterSqlite3(path);
  for (const pragma of ["synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 4000"]) sqlite.pragma(pragma);
  sqlite.pragma(`secure_delete = ${secureDelete}`);
  const tables = createTables({
    all: (sql, ...given) => sqlite.prepare(sql).all(...given),
    first: (sql, ...given) => sqlite.prepare(sql).get(...given),
    run: (sql, ...given) => sqlite.prepare(sql).run(...given).changes,
  });
  const sessionId = tables.sessions.open("bot", "s", now).id;
  let events = 0;
  const add = (receivedAt: number): void => {
    events += 1;
    const key = Buffer.from(`${(events * 2_654_435_761) % 4_294_967_296}-${events}`);
    const eventId = `event-${events}`;
    const event = { key, contentKey: null, bot: "bot", source: "baton", sessionId, epoch: 1, eventId };
    const body = { id: eventId, session: "s", type: "customer.message", text: TEXT };
    const decided = { outcome: "accepted" as const, rule: null, why: null, handoffId: null, message: null };
    tables.events.add({ ...event, type: body.type, body, ...decided, occurredAt: receivedAt, receivedAt });
  };
  const timed = (work: () => void): number => {
    const started = performance.now();
    sqlite.transaction(work).immediate();
    return performance.now() - started;
  };
  for (let batch = 0; batch < batches; batch += 1) {
    timed(() => {
      for (let n = 0; n < AT_ONCE; n += 1) add(now - ageOf(batch));
    });
  }
  return {
    prune: () => timed(() => void tables.events.prune(now - 35 * DAY_MS, now + DAY_MS, AT_ONCE)),
    take: () =>
      timed(() => {
        for (let n = 0; n < 64; n += 1) add(now);
      }),
    close: () => sqlite.close(),
  };
}

const leftIn = (path: string): number => {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  const left = Number(
    sqlite
      .prepare("SELECT count(*) FROM events WHERE received_at < ?")
      .pluck()
      .get(Date.now() - DAY_MS),
  );
  sqlite.close();
  return left;
};

/** Measures events at a steady pace, in turns alone and while the service prunes the events that expired in the last minute. */
async function beside(folder: string): Promise<void> {
  const path = join(folder, "beside.db");
  // The first minute after the start prunes the first of them.
  const minuteOf = (batch: number): number => Math.floor(batch / BATCHES_A_MINUTE) - 0.5;
  const ageOf = (batch: number): number => 35 * DAY_MS - minuteOf(batch) * PRUNE_EVERY_MS;
  (await open(path, "ON", Date.now() + 5_000, BATCHES_A_MINUTE * MINUTES, ageOf)).close();
  const platform = await startStandIn();
  const baton = await startBaton(platform.url, { DATABASE_PATH: path });
  const startedAt = Date.now();
  const dispatcher = new Agent({ connections: 64 });
  const tell = telling(baton.url, dispatcher);
  const pace = (seconds: number) => steadily(STEADY_PER_SECOND, seconds, () => tell());
  const until = (time: number) => new Promise((done) => setTimeout(done, Math.max(0, time - Date.now())));
  await pace(2);
  const rounds: { alone: number[]; pruning: number[] }[] = [];
  let pruned = 0;
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    const prunesAt = startedAt + minute * PRUNE_EVERY_MS;
    await until(prunesAt - (STEADY_SECONDS + 2) * 1_000);
    const alone = await pace(STEADY_SECONDS);
    await until(prunesAt);
    const before = leftIn(path);
    rounds.push({ alone, pruning: await pace(STEADY_SECONDS) });
    pruned += before - leftIn(path);
  }
  await dispatcher.destroy();
  await baton.stop();
  await platform.stop();
  const row = (name: string, timesOf: (round: (typeof rounds)[number]) => number[]): string[] => {
    const of = (figure: (times: readonly number[]) => number): number =>
      median(rounds.map((round) => figure(timesOf(round))));
    const p99 = (times: readonly number[]): number => percentile(times, 0.99);
    const toAlone = median(rounds.map((round) => p99(timesOf(round)) / p99(round.alone)));
    return [
      name,
      ms(of((times) => percentile(times, 0.5))),
      ms(of(p99)),
      ratio(toAlone),
      ms(of((it) => Math.max(...it))),
    ];
  };
  console.log(`\nEvents at a steady ${STEADY_PER_SECOND}/s for ${STEADY_SECONDS} s each, medians of ${MINUTES} turns.`);
  const name = `while ${Math.round(pruned / MINUTES / STEADY_SECONDS).toLocaleString("en")} events a second are pruned`;
  printTable(
    ["", "p50", "p99", "to alone", "longest"],
    [row("alone", ({ alone }) => alone), row(name, ({ pruning }) => pruning)],
  );
}

export async function forgetting(options: Options): Promise<void> {
  const folder = newFolder();
  const rounds = Math.min(options.rounds ?? ROUNDS, ROUNDS) - 1;
  const fast = await open(join(folder, "fast.db"), "FAST");
  const on = await open(join(folder, "on.db"), "ON");
  const times = {
    prune: { fast: [] as number[], on: [] as number[] },
    take: { fast: [] as number[], on: [] as number[] },
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const what of ["prune", "take"] as const) {
      times[what].fast.push(fast[what]());
      times[what].on.push(on[what]());
    }
  }
  fast.close();
  on.close();
  console.log(`\nForgetting: medians of ${rounds} commits in turns, with secure_delete FAST and ON.`);
  const row = (name: string, { fast: without, on: with_ }: { fast: number[]; on: number[] }): string[] => {
    const [a, b] = [median(without), median(with_)];
    return [name, ms(a), ms(b), ratio(b / a)];
  };
  printTable(
    ["", "FAST", "ON", "ON to FAST"],
    [row(`a commit that prunes ${AT_ONCE} events`, times.prune), row("a commit that takes 64 events", times.take)],
  );
  await beside(folder);
  removeFolder(folder);
}
