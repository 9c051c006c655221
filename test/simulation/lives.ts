/** The services of one schedule: one at a time, or a second one where the first stands still and does not know. */
import type { Log } from "../../src/log.ts";
import type { SessionRecord, Tables } from "../../src/sessions/record.ts";
import type { Clock } from "./clock.ts";
import type { History } from "./history.ts";
import type { Violation } from "./invariants.ts";
import { createLife, DISK_ERROR, type Hazards, type Life } from "./life.ts";
import type { Profile } from "./profile.ts";
import type { Random } from "./random.ts";
import { PLANTED } from "./script.ts";
import type { Tell } from "./story.ts";

interface LivesDeps {
  record: SessionRecord;
  clock: Clock;
  profile: Profile;
  history: History;
  random: Random;
  network: (life: Life, request: Request) => Promise<Response>;
  violate: (violation: Violation) => void;
  tell: Tell;
}

/** A service that was replaced is found and ended after this. */
const REPLACED_LIVES_MS = 40_000;

export function createLives(deps: LivesDeps) {
  const { record, clock, profile, history, random, violate, tell } = deps;
  const handoffIds = new Set<string>();
  const alerts = new Set<string>();
  /** Not asked anything before it has taken up what was left. */
  let starting: Life | null = null;
  let current: Life | null = null;
  let replaced: Life | null = null;
  let [no, requests, crashes, stalls, commits] = [0, 0, 0, 0, 0];
  let isCalm = false;
  let onParked = (_id: string): void => undefined;

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

  const sentSteps = (tables: Tables) =>
    [...handoffIds].flatMap((id) =>
      (tables.handoffs.ledger(id)?.steps ?? [])
        .filter(({ state }) => state === "sent")
        .map((step) => ({ id, step, key: `${id}/${step.position}/${step.fence}` })),
    );
  /** Which life sent a step under a fence; kept from when there is more than one. */
  const holders = new Map<string, number>();
  const hold = (tables: Tables, life: Life): void => {
    for (const { key } of sentSteps(tables)) if (!holders.has(key)) holders.set(key, life.no);
  };

  /** Invariant 10: who was replaced changes no step that it does not hold. */
  function onCommit(life: Life, tables: Tables, work: (tables: Tables) => unknown): unknown {
    commits += 1;
    if (life.isDead()) throw new Error(DISK_ERROR);
    const before = life.isReplaced ? sentSteps(tables) : [];
    const watched = history.watched(tables, life.no);
    const done = work(watched.tables);
    watched.committed();
    for (const { id, step, key } of before) {
      const after = tables.handoffs.ledger(id)?.steps.find(({ position }) => position === step.position);
      // Under a new fence it was reset, by whoever holds the conversation: nobody settled it.
      const isLeft = after?.state !== "sent" && after?.fence === step.fence && (step.leaseUntil ?? 0) > clock.now();
      if (isLeft && holders.get(key) !== life.no) {
        violate({ invariant: 10, what: `${step.name} of ${id} settled by a service that did not hold it` });
      }
    }
    if (replaced !== null && !replaced.isDead()) hold(tables, life);
    return done;
  }

  function begin(): void {
    no += 1;
    const life = createLife({
      no,
      record,
      clock,
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
      log: logOf(() => life.isDead()),
      pollEveryMs: profile.pollEveryMs,
      onCrash: () => {
        crashes += 1;
        tell(() => `service ${life.no} dies`);
        if (life === current || life === starting) later();
      },
      onStall: (_, ms) => {
        stalls += 1;
        tell(() => `service ${life.no} stands still for ${ms} ms`);
        if (life === current) history.down();
        clock.setTimer(() => {
          if (life === current) history.up();
        }, ms);
        if (random.chance(0.5) || life !== current) return;
        life.isReplaced = true;
        replaced = life;
        record.read((tables) => hold(tables, life));
        clock.setTimer(() => life.end(), ms + REPLACED_LIVES_MS);
        later();
      },
      onCommit,
    });
    starting = life;
    tell(() => `service ${no} starts`);
    life.resume().then(
      () => {
        // What waits for the platform gives up in the end, also in a service that is dead.
        if (life.isDead()) return;
        starting = null;
        current = life;
        history.up();
      },
      (error: unknown) => {
        // It could not read its own record: whoever starts it starts it again.
        if (!(error instanceof Error && error.message === DISK_ERROR)) throw error;
        if (life.isDead()) return;
        life.end();
        later();
      },
    );
  }

  function later(): void {
    history.down();
    starting = null;
    current = null;
    clock.setTimer(begin, random.pick([1, 500, 5_000, 20_000, 45_000]));
  }

  return {
    handoffIds: handoffIds as ReadonlySet<string>,
    alerts: alerts as ReadonlySet<string>,
    begin,
    /** Somebody is told of a parked handoff. */
    onParked(listener: (id: string) => void): void {
      onParked = listener;
    },
    current: (): Life | null => current,
    crash(): void {
      if (current === null || current.isReplaced) return;
      crashes += 1;
      const { no: killed } = current;
      tell(() => `service ${killed} is killed`);
      current.end();
      later();
    },
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
    /** Two at a time, which nobody may start: each keeps to itself which keys it is answering. */
    wereTwo: (): boolean => replaced !== null,
  };
}
export type Lives = ReturnType<typeof createLives>;
