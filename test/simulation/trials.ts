/** Trials that only some schedules have. Each draws from a generator of its own, so that a schedule without it stays the same. */
import type { Pushing } from "./profile.ts";
import { createRandom } from "./random.ts";
import type { OperatorAct, PersonAct } from "./scenario.ts";

export interface Trials {
  /** Operators end handoffs that are routed or with an agent. */
  operators: OperatorAct[];
  /** Agents move a conversation to another queue, or have it for a moment only. */
  people: PersonAct[];
  /** Two bots name one conversation, and the flow of the first shares it with the second. */
  isSharing: boolean;
  /** Time at which a customer asks whose chat is solved, goes on in another session, and comes back to the first; null: nobody. */
  comesBackMs: number | null;
  /** Time for which a session is kept after its last change; null: for longer than a schedule takes. */
  retentionMs: number | null;
  /** Times after that at which each session comes back. */
  returnsAtMs: number[];
  /**
   * Changes of the service's clock: while it runs, and each time that no service is left. It is right again once the schedule is
   * calm.
   */
  jumps: { atMs: number; ms: number }[];
  jumpsWhileDownMs: number[];
  /** Time without a service before it is calm, so that nobody looks and each push is lost; null: no longer than after a crash. */
  awayMs: number | null;
  /** Settings of the platform's pushes. */
  pushing: Partial<Pushing>;
}

const ENDS = 0.2;
const TRANSFERS = 0.15;
const BRIEF = 0.1;
const SHARING = 0.08;
const COMES_BACK = 0.15;
const RETENTION = 0.12;
const MOST_SESSIONS = 3;
const JUMPS = 0.1;
const AWAY = 0.03;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Brief looks come this late before the calm: one poll runs before their last push arrives. */
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
  const clocks = createRandom(seed, 16);
  const jumpMs = (): number =>
    clocks.pick([-1, 1]) *
    clocks.pick([clocks.int(1, 90) * SECOND_MS, clocks.int(2, 50) * 60_000, clocks.int(1, 3) * HOUR_MS]);
  const isJumping = clocks.chance(JUMPS);
  const jumps = Array.from({ length: isJumping ? clocks.int(0, 2) : 0 }, () => ({
    atMs: clocks.int(1_000, calmAfterMs),
    ms: jumpMs(),
  }));
  const jumpsWhileDownMs = Array.from({ length: isJumping ? clocks.int(jumps.length === 0 ? 1 : 0, 2) : 0 }, jumpMs);
  const outage = createRandom(seed, 17);
  const isAway = outage.chance(AWAY) && !isJumping && retentionMs === null;
  const awayMs = isAway ? outage.int(25 * HOUR_MS, 60 * HOUR_MS) : null;
  const meanwhile = Array.from(
    { length: isAway ? outage.int(1, 4) : 0 },
    (): PersonAct => ({
      atMs: calmAfterMs + outage.int(0, awayMs ?? 0),
      act: outage.pick(["take", "take", "solve", "close", "close", "unassign", "delete"]),
      which: outage.next(),
    }),
  );
  const back = createRandom(seed, 18);
  const comesBackMs = back.chance(COMES_BACK) ? back.int(0, 60_000) : null;
  return {
    awayMs,
    comesBackMs,
    operators,
    jumps,
    jumpsWhileDownMs,
    retentionMs,
    returnsAtMs,
    people: [...transfers, ...briefly, ...meanwhile],
    isSharing: createRandom(seed, 14).chance(SHARING),
    pushing: briefly.length === 0 ? {} : { pushDropRate: 0.3, pushDelayMs: { min: 0, max: 180_000 } },
  };
}
