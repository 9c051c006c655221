/** Services of one schedule, one at a time: the file lock keeps the next one out until the last is gone. */
import type { Log } from "../../src/log.ts";
import type { Step } from "../../src/model/handoff.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";
import type { Clock, Wall } from "./clock.ts";
import type { ForgettingWatch } from "./forgetting.ts";
import type { History } from "./history.ts";
import { createInstance, DISK_ERROR, type Hazards, type Instance } from "./instance.ts";
import type { Violation } from "./invariants.ts";
import { checkSessionSaves, createLedgerCheck } from "./ledger-check.ts";
import { watchOwners } from "./owners.ts";
import type { Profile } from "./profile.ts";
import type { Random } from "./random.ts";
import { PLANTED } from "./scenario.ts";
import type { Trace } from "./trace.ts";

interface InstancesDeps {
  record: SessionRecord;
  clock: Clock;
  wall: Wall;
  /** Changes of the clock, one for each time that no service runs. */
  jumpsMs: readonly number[];
  profile: Profile;
  history: History;
  forgetting: ForgettingWatch;
  /** Time for which a session is kept; null: nothing is pruned. */
  retentionMs: number | null;
  random: Random;
  network: (instance: Instance, request: Request) => Promise<Response>;
  violate: (violation: Violation) => void;
  tell: Trace;
}

const PRUNE_EVERY_MS = 20_000;

export function createInstances(deps: InstancesDeps) {
  const { record, clock, wall, jumpsMs, profile, history, forgetting, retentionMs, random, violate, tell } = deps;
  const handoffIds = new Set<string>();
  const alerts = new Set<string>();
  /** It gets no requests until it has resumed earlier work. */
  let starting: Instance | null = null;
  let current: Instance | null = null;
  let [no, requests, crashes, stalls, commits] = [0, 0, 0, 0, 0];
  /** Number of times that no service was left. */
  let downs = 0;
  let isCalm = false;
  let onParked = (_id: string): void => undefined;
  const checkKept = createLedgerCheck(violate);

  const hazards: Hazards = {
    crashes: () => !isCalm && crashes < profile.maxCrashes && random.chance(profile.crash),
    stallMs: () => (!isCalm && stalls === 0 && random.chance(profile.stall) ? random.int(5_000, 60_000) : 0),
    commitFails: () => !isCalm && random.chance(profile.commitFails),
    commitMs: () => (isCalm || random.chance(0.7) ? 0 : random.int(1, 8)),
  };

  const logOf = (isDead: () => boolean): Log => {
    const log = (fields: { handoff?: string; state?: string; err?: unknown }, message: string): void => {
      if (isDead()) return;
      const { err } = fields;
      const isOurs = err === undefined || (err instanceof Error && err.message === DISK_ERROR);
      if (!isOurs) violate({ invariant: 13, what: `unexpected: ${err instanceof Error ? err.stack : String(err)}` });
      if (JSON.stringify(fields).includes(PLANTED) || message.includes(PLANTED)) {
        violate({ invariant: 12, what: `the log says what the customer said: ${message}` });
      }
      if (fields.state !== "parked" || fields.handoff === undefined) return;
      alerts.add(fields.handoff);
      onParked(fields.handoff);
    };
    return { debug: log, info: log, warn: log, error: log };
  };

  /** Invariant 10: the end of an attempt whose step was reset, or sent again, settles nothing. */
  function onCommit(instance: Instance, tables: Tables, work: (tables: Tables) => unknown): unknown {
    commits += 1;
    if (instance.isDead()) throw new Error(DISK_ERROR);
    const stepAt = (id: string, position: number) =>
      tables.handoffs.ledger(id)?.steps.find((step) => step.position === position);
    const overtaken: { id: string; step: Step }[] = [];
    /** The attempt that holds a step may end in the same commit as an earlier one of it. */
    const ended = new Set<string>();
    const owners = watchOwners(tables, violate);
    const kept = forgetting.watched(owners.tables);
    const watched = history.watched(kept.tables, instance.no);
    const handoffs: Tables["handoffs"] = {
      ...watched.tables.handoffs,
      endAttempt(id, attempt) {
        const step = stepAt(id, attempt.position);
        if (step !== undefined && step.fence !== attempt.fence) overtaken.push({ id, step });
        ended.add(`${id} ${attempt.position} ${attempt.fence}`);
        watched.tables.handoffs.endAttempt(id, attempt);
      },
    };
    const done = work({ ...watched.tables, handoffs, sessions: checkSessionSaves(watched.tables, violate) });
    watched.committed();
    owners.committed();
    kept.committed();
    checkKept(tables, handoffIds);
    for (const { id, step } of overtaken) {
      if (ended.has(`${id} ${step.position} ${step.fence}`)) continue;
      const after = stepAt(id, step.position);
      if (step.state === "sent" && after?.state !== "sent" && after?.fence === step.fence) {
        violate({ invariant: 10, what: `${step.name} of ${id} settled by an attempt that it was taken from` });
      }
    }
    return done;
  }

  function begin(): void {
    if (awayMs() > 0) return void clock.setTimer(begin, awayMs());
    no += 1;
    let isStill = false;
    const instance = createInstance({
      no,
      record,
      clock,
      wall,
      hazards,
      fetch: deps.network,
      newHandoffId: () => {
        const id = `01H${String(handoffIds.size + 1).padStart(4, "0")}`;
        handoffIds.add(id);
        return id;
      },
      newId: () => {
        requests += 1;
        return `r${requests}`;
      },
      random: random.next,
      log: logOf(() => instance.isDead()),
      pollEveryMs: profile.pollEveryMs,
      retentionMs,
      onCrash: () => {
        crashes += 1;
        tell(() => `service ${instance.no} dies`);
        if (instance === current || instance === starting) later();
      },
      onStall: (_, ms) => {
        stalls += 1;
        tell(() => `service ${instance.no} stands still for ${ms} ms`);
        isStill = true;
        if (instance === current) history.down();
        clock.setTimer(() => {
          isStill = false;
          if (instance === current) history.up();
        }, ms);
        if (random.chance(0.5) || instance !== current) return;
        // Another service starts only after this one was ended.
        instance.end();
        later();
      },
      onCommit,
    });
    starting = instance;
    tell(() => `service ${no} starts`);
    instance.resume().then(
      () => {
        // A wait for the platform ends with a timeout, even in a dead service.
        if (instance.isDead()) return;
        starting = null;
        current = instance;
        // It may have begun to stand still while it started.
        if (!isStill) history.up();
      },
      (error: unknown) => {
        // It could not read its own record: the operator starts it again.
        if (!(error instanceof Error && error.message === DISK_ERROR)) throw error;
        if (instance.isDead()) return;
        instance.end();
        later();
      },
    );
  }

  /** Time until which no service starts. */
  let awayUntil = 0;
  const awayMs = (): number => Math.max(0, awayUntil - clock.now());

  function later(): void {
    history.down();
    starting = null;
    current = null;
    const jump = isCalm ? undefined : jumpsMs[downs];
    if (jump !== undefined) wall.jump(jump);
    downs += 1;
    clock.setTimer(begin, random.pick([1, 500, 5_000, 20_000, 45_000]));
  }

  function prune(): void {
    // The next run forgets what the disk did not take.
    current?.prune().catch(() => undefined);
    clock.setTimer(prune, PRUNE_EVERY_MS);
  }
  if (retentionMs !== null) clock.setTimer(prune, PRUNE_EVERY_MS);

  return {
    handoffIds: handoffIds as ReadonlySet<string>,
    alerts: alerts as ReadonlySet<string>,
    begin,
    /** Calls `listener` with every alert about a parked handoff. */
    onParked(listener: (id: string) => void): void {
      onParked = listener;
    },
    current: (): Instance | null => current,
    crash(): void {
      if (current === null) return;
      crashes += 1;
      const { no: killed } = current;
      tell(() => `service ${killed} is killed`);
      current.end();
      later();
    },
    /** Starts no service for `ms`. */
    goAway(ms: number): void {
      awayUntil = clock.now() + ms;
      tell(() => `no service for ${ms} ms`);
      const last = current ?? starting;
      if (last === null) return;
      last.end();
      later();
    },
    awayMs,
    calm(): void {
      isCalm = true;
    },
    isCalm: (): boolean => isCalm,
    end(): void {
      starting?.end();
      current?.end();
    },
    crashes: (): number => crashes,
    stalls: (): number => stalls,
    activity: (): number => commits,
    /** True if the record has a request on its way. */
    isSending: (): boolean =>
      record.read((tables) =>
        [...handoffIds].some((id) => tables.handoffs.ledger(id)?.steps.some(({ state }) => state === "sent") === true),
      ),
  };
}
export type Instances = ReturnType<typeof createInstances>;
