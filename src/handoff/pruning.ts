/** Forgets all that nobody can ask for any more: in short commits with pauses, so that nobody waits long for one. */
import type { Log } from "../log.ts";
import type { SessionRecord, Tables } from "../sessions/record.ts";
import { AHEAD_AT_MOST_MS } from "../sessions/retention-table.ts";
import { KNOWN_MS } from "./known-delivery.ts";

/** Unless it is set: as long as an event is known. */
export const RETENTION_MS = KNOWN_MS;
/** Rows of a commit. Few enough for an intake beside it to notice little, and enough to keep up with it. */
const AT_ONCE = 250;
const PAUSE_MS = 20;

export interface PruningDeps {
  record: Pick<SessionRecord, "commit">;
  /** A bot's account; null: no flow has the bot. */
  accountOf: (bot: string) => string | null;
  /** How long a session is kept after its last word; null: sessions are not forgotten here. */
  retentionMs: number | null;
  now: () => number;
  setTimer: (wake: () => void, ms: number) => void;
  isStopping: () => boolean;
  log: Log;
}

export function createPruning({ record, accountOf, retentionMs, now, setTimer, isStopping, log }: PruningDeps) {
  let isPruning = false;
  const pause = (): Promise<void> => new Promise((resolve) => void setTimer(resolve, PAUSE_MS));

  /** Events and conversations may be asked for as long as deliveries are known. */
  const keptMs = Math.max(retentionMs ?? KNOWN_MS, KNOWN_MS);

  /** Returns how many sessions went, and how many rows of the kind of which most did. */
  function pruneSome(tables: Tables): { sessions: number; rows: number } {
    const at = now();
    const before = at - (retentionMs ?? KNOWN_MS);
    const untoldSince = at - KNOWN_MS;
    const gone =
      retentionMs === null
        ? { sessions: 0, rows: 0 }
        : tables.retention.forget({ before, untoldSince, now: at, accountOf, limit: AT_ONCE });
    const rows = Math.max(
      gone.rows,
      tables.events.prune(at - keptMs, at + AHEAD_AT_MOST_MS, AT_ONCE),
      tables.conversations.prune(at - keptMs, AT_ONCE),
      tables.idempotency.prune(at, AT_ONCE),
      tables.callbacks.prune(before, AT_ONCE),
    );
    return { sessions: gone.sessions, rows };
  }

  return {
    /** Until nothing is left that is due. */
    async prune(): Promise<void> {
      if (isPruning) return;
      isPruning = true;
      let sessions = 0;
      try {
        await record.commit((tables) => tables.retention.setRight(now(), AT_ONCE));
        for (let isDone = false; !isDone && !isStopping(); ) {
          const gone = await record.commit(pruneSome);
          sessions += gone.sessions;
          isDone = gone.rows < AT_ONCE;
          if (!isDone) await pause();
        }
      } finally {
        isPruning = false;
        if (sessions > 0) log.info({ count: sessions }, "sessions were forgotten: their last word is long past");
      }
    },
  };
}
