import { existsSync } from "node:fs";
import { DEFAULT_DATABASE_PATH } from "../../config.ts";
import {
  type ComparedRound,
  changeKindOf,
  compareFlows,
  describeOutcome,
  flowToReplace,
} from "../../escalation/backtest.ts";
import { durationSchema } from "../../escalation/duration.ts";
import type { Flow } from "../../escalation/flow.ts";
import { readChats } from "../../store/sqlite/recorded-chats.ts";
import { Failure, faint, printJson, printTable } from "../support/print.ts";
import { flowOfFile, projectFlows } from "../support/project-flows.ts";

interface BacktestOptions {
  /** File of the changed flow. */
  flow: string;
  /** Duration such as 7d, or an ISO 8601 time. */
  since: string;
  database?: string;
  /** Most chats in the list. */
  limit: string;
  json?: boolean;
}

interface Changed extends ComparedRound {
  bot: string;
  session: string;
}

function timeOf(since: string, now: number): number {
  const duration = durationSchema.safeParse(since);
  if (duration.success) return now - duration.data * 1_000;
  const time = Date.parse(since);
  if (!Number.isNaN(time)) return time;
  throw new Failure(
    `--since ${since} is no time: write a duration such as 7d, or a time such as 2026-12-24T18:00:00Z.`,
    2,
  );
}

/** Finds the project's flow that a changed flow would replace. */
function flowInPlace(flows: readonly Flow[], changed: Flow): Flow {
  const current = flowToReplace(flows, changed);
  if (current !== undefined) return current;
  throw new Failure(
    `No flow of this project is named '${changed.name}' or has one of its bots (${changed.bots.join(", ")}): there is nothing to compare it with.`,
    2,
  );
}

/** Shows which recorded chats a changed flow would handle differently. Nothing is stored or sent. */
export async function backtestFlow(options: BacktestOptions): Promise<void> {
  const path = options.database ?? (process.env.DATABASE_PATH || DEFAULT_DATABASE_PATH);
  if (!existsSync(path)) {
    throw new Failure(`${path} is not there. DATABASE_PATH or --database says which file has the recorded chats.`, 2);
  }
  const changed = await flowOfFile(options.flow);
  const current = flowInPlace(await projectFlows(), changed);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 0) throw new Failure(`--limit ${options.limit} is no number of chats.`, 2);
  const since = timeOf(options.since, Date.now());
  const bots = current.bots.filter((bot) => changed.bots.includes(bot));

  const differences: Changed[] = [];
  let [chats, rounds, events, unlike] = [0, 0, 0, 0];
  for (const chat of readChats(path, bots, since)) {
    chats += 1;
    const compared = compareFlows(current, changed, chat);
    for (const [index, round] of chat.rounds.entries()) {
      const [last, comparison] = [round.events.at(-1), compared[index]];
      if (last === undefined || comparison === undefined || last.receivedAt < since) continue;
      rounds += 1;
      events += round.events.length;
      if (!comparison.isAsRecorded) unlike += 1;
      if (comparison.isChanged) differences.push({ bot: chat.bot, session: chat.session, ...comparison });
    }
  }
  const counts = Map.groupBy(differences, changeKindOf);
  if (options.json) {
    return printJson({
      flow: current.name,
      since: new Date(since).toISOString(),
      chats,
      rounds,
      events,
      decidedOtherwiseThanRecorded: unlike,
      changes: Object.fromEntries([...counts].map(([kind, all]) => [kind, all.length])),
      differences,
    });
  }
  const share = rounds === 0 ? "" : `, ${((differences.length / rounds) * 100).toFixed(1)} %`;
  console.log(
    `${current.name} as it is beside ${options.flow}, over ${events} events in ${rounds} rounds of ${chats} chats since ${new Date(since).toISOString()}`,
  );
  if (rounds === 0) console.log(`No bot of the flow (${bots.join(", ")}) reported anything in that time.`);
  else console.log(`${differences.length} rounds would come out differently${share}`);
  for (const [kind, all] of counts) console.log(`  ${String(all.length).padStart(6)}  ${kind}`);
  if (differences.length > 0 && limit > 0) {
    console.log();
    const rows = differences
      .slice(0, limit)
      .map((it) => [
        it.session,
        new Date((it.before ?? it.after)?.at ?? since).toISOString(),
        describeOutcome(it.before, it.fields),
        describeOutcome(it.after, it.fields),
      ]);
    printTable(["chat", "when", "now", "then"], rows);
    if (differences.length > limit)
      console.log(
        faint(`… and ${differences.length - limit} more: --limit ${differences.length} lists them, --json has all`),
      );
  }
  console.log();
  if (unlike > 0) {
    console.log(
      `In ${unlike} rounds the flow as it is decides otherwise today than was recorded: the flow has changed since, or the record lacks what a rule looked at.`,
    );
  }
  console.log(
    faint(
      "The record holds what redaction left of each event, for RETENTION_DAYS at most. Working hours at Infobip count as open. A round ends where a handoff was opened: what a customer would have said without it is not known.",
    ),
  );
}
