/**
 * Runs a changed flow beside the one in place over the newest recorded chats, in the running service: in short slices, one
 * backtest at a time, up to a number of events. Nothing is stored or sent.
 */
import { type ChangeKind, type ComparedRound, changeKindOf, comparingFlows } from "../escalation/backtest.ts";
import type { Flow } from "../escalation/flow.ts";
import { err, ok, type Result } from "../result.ts";
import type { SessionRecord } from "../store/store.ts";

interface BacktestQuestion {
  current: Flow;
  changed: Flow;
  /** Chats with an event since then, in milliseconds since the epoch. */
  since: number;
  signal: AbortSignal;
}

interface ChangedRound extends ComparedRound {
  bot: string;
  session: string;
}

export interface Backtest {
  chats: number;
  rounds: number;
  events: number;
  /** Rounds in which the flow in place decides otherwise today than was recorded. */
  unlike: number;
  changes: [kind: ChangeKind, count: number][];
  /** The newest changed rounds, up to a number. */
  differences: ChangedRound[];
  /** The time back to which chats were compared, where the limit ended it; null: all since the time that was asked for. */
  cutAt: number | null;
}

export type RunBacktest = (question: BacktestQuestion) => Promise<Result<Backtest, "busy">>;

interface BacktestDeps {
  record: Pick<SessionRecord, "read">;
  steady: () => number;
  /** Resolves after other work had its turn. */
  pause: () => Promise<void>;
  isStopping: () => boolean;
  limits?: Partial<typeof LIMITS>;
}

const LIMITS = {
  /** A second or two of CPU. */
  events: 20_000,
  /** Events of one chat, the newest. */
  eventsOfChat: 2_000,
  /** Places of events, of whatever bot, that the search for chats goes along. */
  places: 200_000,
  ms: 20_000,
  differences: 200,
};
const PLACES_AT_ONCE = 500;
/** Work between two pauses: an event that arrives meanwhile waits no longer. */
const SLICE = { ms: 5, steps: 100 };

export function createBacktest({ record, steady, pause, isStopping, limits }: BacktestDeps): RunBacktest {
  const most = { ...LIMITS, ...limits };
  let isRunning = false;

  async function run({ current, changed, since, signal }: BacktestQuestion): Promise<Backtest> {
    const bots = new Set(current.bots.filter((bot) => changed.bots.includes(bot)));
    const begunAt = steady();
    let [slice, steps] = [begunAt, 0];
    async function breathe(count = 1): Promise<void> {
      steps += count;
      if (steps < SLICE.steps && steady() - slice < SLICE.ms) return;
      await pause();
      [slice, steps] = [steady(), 0];
    }

    const found: Omit<Backtest, "changes" | "cutAt"> = { chats: 0, rounds: 0, events: 0, unlike: 0, differences: [] };
    const changes = new Map<ChangeKind, number>();

    async function compare(sessionId: number): Promise<void> {
      const chat = record.read(({ recordedChats }) => recordedChats.find(sessionId, most.eventsOfChat));
      if (chat === null) return;
      found.chats += 1;
      const comparing = comparingFlows(current, changed, chat);
      let step = comparing.next();
      for (; !step.done; step = comparing.next()) await breathe();
      for (const [index, round] of chat.rounds.entries()) {
        found.events += round.events.length;
        const [last, compared] = [round.events.at(-1), step.value[index]];
        if (last === undefined || compared === undefined || last.receivedAt < since) continue;
        found.rounds += 1;
        if (!compared.isAsRecorded) found.unlike += 1;
        if (!compared.isChanged) continue;
        const kind = changeKindOf(compared);
        changes.set(kind, (changes.get(kind) ?? 0) + 1);
        if (found.differences.length < most.differences)
          found.differences.push({ bot: chat.bot, session: chat.session, ...compared });
      }
    }

    const seen = new Set<number>();
    const isOver = (): boolean =>
      found.events >= most.events || steady() - begunAt > most.ms || signal.aborted || isStopping();
    let [before, places, cutAt]: [number, number, number | null] = [Number.MAX_SAFE_INTEGER, 0, null];
    search: for (;;) {
      const page = record.read(({ recordedChats }) => recordedChats.placesBefore(before, PLACES_AT_ONCE));
      for (const { seq, sessionId, bot, receivedAt } of page) {
        if (receivedAt < since) break search;
        if (isOver() || places >= most.places) {
          cutAt = receivedAt;
          break search;
        }
        before = seq;
        places += 1;
        if (sessionId === null || !bots.has(bot) || seen.has(sessionId)) continue;
        seen.add(sessionId);
        await compare(sessionId);
      }
      if (page.length < PLACES_AT_ONCE) break;
      await breathe(SLICE.steps);
    }
    return { ...found, changes: [...changes], cutAt };
  }

  return async (question) => {
    if (isRunning) return err("busy");
    isRunning = true;
    try {
      return ok(await run(question));
    } finally {
      isRunning = false;
    }
  };
}
