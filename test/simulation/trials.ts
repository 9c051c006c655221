/**
 * What only some schedules have. Each is drawn from a generator of its own, so that a schedule without it stays as it was.
 */
import type { Pushing } from "./profile.ts";
import { createRandom } from "./random.ts";
import type { OperatorAct, PersonAct } from "./script.ts";

export interface Trials {
  /** Operators end what is routed or with an agent. */
  operators: OperatorAct[];
  /** Agents put a conversation into another queue, or have it for a moment only. */
  people: PersonAct[];
  /** Two bots name one conversation, and the flow of the first shares it with the second. */
  isSharing: boolean;
  /** How long a session is kept after its last word; null: for longer than a schedule takes. */
  retentionMs: number | null;
  /** By session: when it comes back after that. */
  returnsAtMs: number[];
  /** How the platform pushes there. */
  pushing: Partial<Pushing>;
}

const ENDS = 0.2;
const TRANSFERS = 0.15;
const BRIEF = 0.1;
const SHARING = 0.08;
const RETENTION = 0.12;
const MOST_SESSIONS = 3;
/** Before it is calm: the platform is asked once before the last push is there. */
const LATE_MS = 20_000;

export function trialsOf(seed: number, calmAfterMs: number): Trials {
  const ends = createRandom(seed, 11);
  const operators = Array.from(
    { length: ends.chance(ENDS) ? ends.int(1, 3) : 0 },
    (): OperatorAct => ({
      atMs: ends.int(10_000, calmAfterMs),
      act: ends.pick(["end", "end", "end-and-close"]),
      which: ends.next(),
    }),
  );
  const moves = createRandom(seed, 12);
  const transfers = Array.from(
    { length: moves.chance(TRANSFERS) ? moves.int(1, 3) : 0 },
    (): PersonAct => ({ atMs: moves.int(5_000, calmAfterMs), act: "transfer", which: moves.next() }),
  );
  const moments = createRandom(seed, 13);
  const briefly = Array.from(
    { length: moments.chance(BRIEF) ? moments.int(1, 3) : 0 },
    (): PersonAct => ({ atMs: moments.int(calmAfterMs - LATE_MS, calmAfterMs), act: "look-in", which: moments.next() }),
  );
  const forgetting = createRandom(seed, 15);
  const retentionMs = forgetting.chance(RETENTION) ? forgetting.int(60_000, 180_000) : null;
  const returnsAtMs = Array.from({ length: retentionMs === null ? 0 : MOST_SESSIONS }, () =>
    forgetting.int(calmAfterMs, calmAfterMs + 3 * (retentionMs ?? 0)),
  );
  return {
    operators,
    retentionMs,
    returnsAtMs,
    people: [...transfers, ...briefly],
    isSharing: createRandom(seed, 14).chance(SHARING),
    pushing: briefly.length === 0 ? {} : { pushDropRate: 0.3, pushDelayMs: { min: 0, max: 180_000 } },
  };
}
