/** Reads states and sizes for a scrape. */
import type { GaugeReadings } from "../metrics/catalogue.ts";
import type { SessionRecord } from "../store/store.ts";
import type { AccountHealth } from "./account/account-health.ts";

interface GaugesDeps {
  record: Pick<SessionRecord, "read">;
  accountHealth: () => AccountHealth[];
  now: () => number;
  /** A clock that only moves forward. */
  steady: () => number;
}

/** A count of so many takes some 20 ms. It is made once, and again after a failed commit. */
const MOST_OF_A_STATE = 200_000;
const ACCOUNT_STATES = ["open", "held", "refused"] as const;
/** Figures of the record are kept for so many times as long as it took to read them: however many ask, it is a hundredth of the time. */
const KEPT_TIMES = 100;

export function createReadGauges({ record, accountHealth, now, steady }: GaugesDeps) {
  const read = () =>
    record.read(({ overview }) => ({
      states: overview.countStates(MOST_OF_A_STATE),
      late: overview.countLate(),
      since: overview.longestWaitSince(),
      setAside: overview.countSetAside(),
    }));
  let kept: { figures: ReturnType<typeof read>; until: number } | null = null;

  function figures() {
    const begunAt = steady();
    if (kept !== null && begunAt < kept.until) return kept.figures;
    const found = read();
    const endedAt = steady();
    kept = { figures: found, until: endedAt + KEPT_TIMES * (endedAt - begunAt) };
    return found;
  }

  return (): Omit<GaugeReadings, "databaseBytes"> => {
    const { states, late, since, setAside } = figures();
    const health = accountHealth();
    const alone = (value: number) => [{ labels: {}, value }];
    return {
      handoffs: [...states].map(([state, value]) => ({ labels: { state }, value })),
      late: alone(late),
      oldestWait: alone(since === null ? 0 : Math.max(0, now() - since) / 1_000),
      setAside: alone(setAside),
      accounts: health.flatMap(({ account, state }) =>
        ACCOUNT_STATES.map((one) => ({ labels: { account, state: one }, value: one === state ? 1 : 0 })),
      ),
      lastPush: health.map(({ account, lastPushAt }) => ({ labels: { account }, value: (lastPushAt ?? 0) / 1_000 })),
    };
  };
}
