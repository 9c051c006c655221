/** Opening hours of flows: from their own schedule, or from the working hours that their account has at Infobip. */
import type { Flow } from "../../escalation/flow.ts";
import { isSchedule, type KnownHours, nextOpening } from "../../escalation/hours.ts";
import type { Log } from "../../log.ts";
import { earliest, type Schedule, type SchedulerDeps } from "../../schedule/scheduler.ts";
import type { Gate } from "../account/gate.ts";
import type { Account } from "../steps/step-context.ts";

export interface WorkingHoursDeps extends Pick<SchedulerDeps, "now" | "steady" | "setTimer"> {
  flows: readonly Flow[];
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  schedule: Schedule;
  log: Log;
}

const READ_EVERY_MS = 60_000;
const WAIT_AT_MOST_MS = 2_000;
/** An older status does not count: Baton assumes that the office is open. */
const BELIEVED_FOR_MS = 10 * 60_000;

interface WorkingHours {
  account: string;
  id: string;
}

interface Status {
  isInside: boolean;
  at: number;
}

export function createWorkingHours(deps: WorkingHoursDeps) {
  const { flows, accounts, now, steady, setTimer, schedule, log } = deps;
  const statuses = new Map<string, Status>();
  const keyOf = (account: string, id: string): string => `${account}\n${id}`;
  const used = new Map(
    flows.flatMap(({ account, hours }) =>
      hours === undefined || isSchedule(hours)
        ? []
        : [[keyOf(account, hours.workingHoursId), { account, id: hours.workingHoursId }] as const],
    ),
  );
  /** Time of the last reading of each, whatever came of it. */
  const readAt = new Map<string, number>();
  const untold = new Set<string>();

  async function ask({ account: name, id }: WorkingHours): Promise<void> {
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

  /** Never rejects: the next reading may succeed. */
  async function read(hours: WorkingHours): Promise<void> {
    const key = keyOf(hours.account, hours.id);
    readAt.set(key, steady());
    try {
      await ask(hours);
    } catch (err) {
      log.error({ account: hours.account, err }, "working hours could not be read");
    } finally {
      readAt.set(key, steady());
    }
  }

  /** A platform that is silent holds nobody up. */
  const briefly = (reads: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = setTimer(resolve, WAIT_AT_MOST_MS);
      void reads.finally(() => {
        cancel();
        resolve();
      });
    });

  /** Milliseconds until these are to be read again. */
  const waitOf = (key: string): number => (readAt.get(key) ?? Number.NEGATIVE_INFINITY) + READ_EVERY_MS - steady();

  const readOld = (): Promise<void> =>
    briefly(Promise.all([...used].filter(([key]) => waitOf(key) <= 0).map(([, hours]) => read(hours))));

  schedule({
    name: "refresh-working-hours",
    // A deferred handoff that waits for the hours has a time of its own.
    isPeriodic: true,
    dueAt: () => earliest([...used.keys()].map((key) => now() + Math.max(0, waitOf(key)))),
    begin: readOld,
    run: readOld,
  });

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
  };
}
