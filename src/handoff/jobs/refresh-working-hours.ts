/** Opening hours of flows: from their own schedule, or from the working hours that their account has at Infobip. */
import type { Flow } from "../../escalation/flow.ts";
import { isSchedule, type KnownHours, nextOpening } from "../../escalation/hours.ts";
import type { Log } from "../../log.ts";
import { createRepetition, type Job } from "../../scheduler.ts";
import type { Gate } from "../account/gate.ts";
import type { DispatcherDeps } from "../run/dispatcher.ts";
import type { Account } from "../steps/step-context.ts";

export interface WorkingHoursDeps {
  flows: readonly Flow[];
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  setTimer: DispatcherDeps["setTimer"];
  log: Log;
}

const READ_EVERY_MS = 60_000;
const WAIT_AT_MOST_MS = 2_000;
/** An older status does not count: Baton assumes that the office is open. */
const BELIEVED_FOR_MS = 10 * 60_000;

interface Status {
  isInside: boolean;
  at: number;
}

export function createWorkingHours({ flows, accounts, steady, setTimer, log }: WorkingHoursDeps) {
  const statuses = new Map<string, Status>();
  const keyOf = (account: string, id: string): string => `${account}\n${id}`;
  const used = new Map(
    flows.flatMap(({ account, hours }) =>
      hours === undefined || isSchedule(hours)
        ? []
        : [[keyOf(account, hours.workingHoursId), { account, id: hours.workingHoursId }] as const],
    ),
  );
  const untold = new Set<string>();

  async function read({ account: name, id }: { account: string; id: string }): Promise<void> {
    const account = accounts.get(name);
    if (account === undefined || account.gate.heldUntil() !== null) return;
    const key = keyOf(name, id);
    const outcome = await account.client.workingHoursStatus(id);
    if (outcome.kind === "ok") {
      untold.delete(key);
      statuses.set(key, { isInside: outcome.value.status !== "OUTSIDE_OF_WORKING_HOURS", at: steady() });
    } else if (!untold.has(key)) {
      untold.add(key);
      log.warn({ account: name }, "working hours could not be read; people are taken to be there");
    }
  }

  /** Never rejects: no timer ends the process, and the next read may succeed. */
  async function readEach(which: Iterable<{ account: string; id: string }>): Promise<void> {
    for (const ended of await Promise.allSettled([...which].map(read))) {
      if (ended.status === "rejected") log.error({ err: ended.reason }, "working hours could not be read");
    }
  }

  const reading = createRepetition({
    run: () => readEach(used.values()),
    waitMs: () => READ_EVERY_MS,
    setTimer,
    onFailure: (err) => log.error({ err }, "working hours could not be read"),
  });

  /** A platform that is silent holds nobody up. */
  const briefly = (reads: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = setTimer(resolve, WAIT_AT_MOST_MS);
      void reads.finally(() => {
        cancel();
        resolve();
      });
    });

  const isOld = ({ account, id }: { account: string; id: string }): boolean =>
    steady() - (statuses.get(keyOf(account, id))?.at ?? Number.NEGATIVE_INFINITY) >= READ_EVERY_MS;

  const known =
    (account: string): KnownHours =>
    (id) => {
      const status = statuses.get(keyOf(account, id));
      return status !== undefined && steady() - status.at < BELIEVED_FOR_MS ? status.isInside : null;
    };

  return {
    known,
    /** Next opening of a flow; not later than `at`: it is open, or nothing says when it opens. */
    opensAt({ account, hours }: Pick<Flow, "account" | "hours">, at: number): number {
      if (hours === undefined) return at;
      if (isSchedule(hours)) return nextOpening(hours, at) ?? at;
      // The platform tells whether it is open, not when it opens: the status is read again.
      return known(account)(hours.workingHoursId) === false ? at + READ_EVERY_MS : at;
    },
    job: {
      name: "refresh-working-hours",
      // A deferred handoff that waits for the hours has a time of its own.
      dueAt: () => null,
      /** Resolves with the first reading. */
      begin: () => (used.size === 0 ? undefined : briefly(reading.runNow())),
      /** Reads what has become old, where no timer did. */
      run: () => briefly(readEach([...used.values()].filter(isOld))),
      stop: reading.stop,
    } satisfies Job,
  };
}
