/** Forgets everything that nobody can ask for any more, in short commits with pauses, so that no other commit waits long. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import { createRepetition } from "../../schedule/repetition.ts";
import type { Schedule, SchedulerDeps } from "../../schedule/scheduler.ts";
import { KEEP_AUDIT_MS } from "../../store/audit-log.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import { AHEAD_AT_MOST_MS } from "../../store/tables/retention.ts";
import { KNOWN_MS } from "../use-cases/repeats/recognise-event.ts";
import { createForgetWords } from "./forget-words.ts";

/** Default: as long as Baton recognises an event. */
export const RETENTION_MS = KNOWN_MS;
const EVERY_MS = 60_000;
/** Rows of a commit, of any kind: few enough to hardly delay an intake beside it, and enough to keep up with it. */
const AT_ONCE = 100;
const SHORTEST_PAUSE_MS = 20;
/** A busy disk or processor makes commits longer, and the pauses with them: the intake gets most of the time. */
const PAUSE_SHARE = 4;

export interface PruningDeps extends Pick<SchedulerDeps, "now" | "steady" | "setTimer"> {
  record: Pick<SessionRecord, "commit">;
  flows: Flows;
  /** A bot's account; null: no flow has the bot. */
  accountOf: (bot: string) => string | null;
  /** Time for which a session is kept after its last event, and a handoff after its end. */
  retentionMs: number;
  /** True: the owner of the record forgets its sessions as a whole. */
  keepsSessions: boolean;
  schedule: Schedule;
  isStopping: () => boolean;
  log: Log;
}

export function createPruning(deps: PruningDeps) {
  const { record, accountOf, retentionMs, keepsSessions, now, steady, setTimer, isStopping, log } = deps;
  const forgetWords = createForgetWords({ flows: deps.flows, now, steady });
  let pruning: Promise<void> | null = null;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimer(resolve, ms));

  /** Events and conversations stay for as long as Baton recognises deliveries. */
  const keptMs = Math.max(retentionMs, KNOWN_MS);

  /** Each forgets at most about `limit` rows, and returns their number. */
  const kinds = (tables: Tables, at: number, forgotten: (sessions: number) => void) => [
    (limit: number): number => {
      const before = at - retentionMs;
      const forgetting = { before, untoldSince: at - KNOWN_MS, now: at, accountOf, keepsSessions, limit };
      const gone = tables.retention.forget(forgetting);
      forgotten(gone.sessions);
      return gone.rows;
    },
    (limit: number): number => tables.events.prune(at - keptMs, at + AHEAD_AT_MOST_MS, limit),
    (limit: number): number => tables.conversations.prune(at - keptMs, limit),
    (limit: number): number => tables.idempotency.prune(at, limit),
    (limit: number): number => tables.callbacks.prune(at - retentionMs, limit),
    (limit: number): number => tables.audit.prune(at - KEEP_AUDIT_MS, limit),
  ];

  /** Begins with another kind each `turn`, so that none waits for all of another. Returns whether everything is done. */
  function pruneSome(tables: Tables, turn: number): { sessions: number; isDone: boolean } {
    let sessions = 0;
    const all = kinds(tables, now(), (gone) => {
      sessions += gone;
    });
    let left = AT_ONCE;
    for (let step = 0; step < all.length && left > 0; step += 1) left -= all[(turn + step) % all.length]?.(left) ?? 0;
    return { sessions, isDone: left > 0 };
  }

  async function pruneAll(): Promise<void> {
    let sessions = 0;
    try {
      await record.commit((tables) => tables.retention.setRight(now(), AT_ONCE));
      for (let turn = 0, isDone = false; !isDone && !isStopping(); turn += 1) {
        const begun = steady();
        const gone = await record.commit((tables) => ({
          ...pruneSome(tables, turn),
          isForgotten: forgetWords(tables),
        }));
        sessions += gone.sessions;
        isDone = gone.isDone && gone.isForgotten;
        if (!isDone) await pause(Math.max(SHORTEST_PAUSE_MS, PAUSE_SHARE * (steady() - begun)));
      }
    } finally {
      pruning = null;
      if (sessions > 0) log.info({ count: sessions }, "sessions were forgotten: their last word is long past");
    }
  }

  /** Prunes until nothing due is left. */
  const prune = (): Promise<void> => {
    pruning ??= pruneAll();
    return pruning;
  };
  deps.schedule(createRepetition({ name: "prune", run: prune, waitMs: () => EVERY_MS, now, steady }));
  return { prune };
}
