/** When people are there: by a flow's own schedule, or by the working hours that its account has at Infobip. */
import type { Flow } from "../../escalation/flow.ts";
import { isSchedule, type KnownHours, nextOpening } from "../../escalation/hours.ts";
import type { Log } from "../../log.ts";
import type { Gate } from "../account/gate.ts";
import type { DispatcherDeps } from "../run/dispatcher.ts";
import type { Account } from "../steps/step-context.ts";

export interface WorkingHoursDeps {
  flows: readonly Flow[];
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  /** Time that passes, however the clock is set. */
  steady: () => number;
  setTimer: DispatcherDeps["setTimer"];
  log: Log;
}

const READ_EVERY_MS = 60_000;
/** A status older than this says nothing of now: then people are taken to be there. */
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
  let cancel: (() => void) | undefined;
  let isStopped = false;

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

  /** Never rejects: no timer ends the process, and the next reading may do better. */
  async function readEach(which: Iterable<{ account: string; id: string }>): Promise<void> {
    for (const ended of await Promise.allSettled([...which].map(read))) {
      if (ended.status === "rejected") log.error({ err: ended.reason }, "working hours could not be read");
    }
  }

  async function readAll(): Promise<void> {
    await readEach(used.values());
    cancel?.();
    if (!isStopped && used.size > 0) cancel = setTimer(() => void readAll(), READ_EVERY_MS);
  }

  const known =
    (account: string): KnownHours =>
    (id) => {
      const status = statuses.get(keyOf(account, id));
      return status !== undefined && steady() - status.at < BELIEVED_FOR_MS ? status.isInside : null;
    };

  return {
    known,
    /** When people of a flow are there; not later than `at`: they are, or nothing says when. */
    opensAt({ account, hours }: Pick<Flow, "account" | "hours">, at: number): number {
      if (hours === undefined) return at;
      if (isSchedule(hours)) return nextOpening(hours, at) ?? at;
      // The platform says whether, not when: it is looked at again.
      return known(account)(hours.workingHoursId) === false ? at + READ_EVERY_MS : at;
    },
    /** Reads what flows ask for, now and from time to time. Resolves with the first reading. */
    begin: readAll,
    /** Reads what has become old, where no timer did. */
    async refresh(): Promise<void> {
      const isOld = ({ account, id }: { account: string; id: string }): boolean =>
        steady() - (statuses.get(keyOf(account, id))?.at ?? Number.NEGATIVE_INFINITY) >= READ_EVERY_MS;
      await readEach([...used.values()].filter(isOld));
    },
    stop(): void {
      isStopped = true;
      cancel?.();
    },
  };
}
