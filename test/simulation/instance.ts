/** One run of the service, from its start to its crash. Every await may stop it for good, or for a while. */

import type { Log } from "../../src/log.ts";
import { createInMemoryService } from "../../src/replay/in-memory/in-memory-service.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";
import type { Clock, Wall } from "./clock.ts";
import { flows, OPERATOR_TOKEN, SECRET } from "./flows.ts";

/** Drawn at every boundary. */
export interface Hazards {
  crashes(): boolean;
  /** Milliseconds for which it stands still; 0: it does not. */
  stallMs(): number;
  commitFails(): boolean;
  /** Milliseconds until the disk has a commit. */
  commitMs(): number;
}

export interface InstanceDeps {
  no: number;
  record: SessionRecord;
  clock: Clock;
  wall: Wall;
  hazards: Hazards;
  /** The platform, as this instance reaches it. */
  fetch: (instance: Instance, request: Request) => Promise<Response>;
  newHandoffId: () => string;
  newId: () => string;
  random: () => number;
  log: Log;
  /** It died by itself; `onStall`: it stands still for `ms`. */
  onCrash: (instance: Instance) => void;
  onStall: (instance: Instance, ms: number) => void;
  /** Runs the work of every commit of this instance. */
  onCommit: (instance: Instance, tables: Tables, work: (tables: Tables) => unknown) => unknown;
  pollEveryMs: number;
  /** Null: the service's default. */
  retentionMs: number | null;
}

export interface Instance {
  no: number;
  /** True if it ever stood still. */
  hasStood: boolean;
  isDead(): boolean;
  /** Keeps all its later effects from happening. */
  end(): void;
  resume(): Promise<void>;
  prune(): Promise<void>;
  /** Null: it died before it answered. */
  request(request: Request): Promise<Response | null>;
}

const forever = (): Promise<never> => new Promise(() => undefined);

export const DISK_ERROR = "disk I/O error";

export function createInstance(deps: InstanceDeps): Instance {
  const { record, clock, wall, hazards, log } = deps;
  let isDead = false;
  let thaw: Promise<void> | null = null;
  let tellEnd = (): void => undefined;
  const ended = new Promise<null>((resolve) => {
    tellEnd = () => resolve(null);
  });

  /** Every await between the service and the world passes here, and may be its last. */
  async function boundary(): Promise<void> {
    if (thaw !== null) await thaw;
    if (!isDead && hazards.crashes()) {
      instance.end();
      deps.onCrash(instance);
    }
    if (isDead) return forever();
    const ms = hazards.stallMs();
    if (ms === 0) return;
    thaw = clock.sleep(ms).then(() => {
      thaw = null;
    });
    instance.hasStood = true;
    deps.onStall(instance, ms);
    await thaw;
    if (isDead) return forever();
  }

  const own: SessionRecord = {
    read: (work) => record.read(work),
    async commit<T>(work: (tables: Tables) => T): Promise<T> {
      const ms = hazards.commitMs();
      if (ms > 0) await clock.sleep(ms);
      await boundary();
      if (hazards.commitFails()) throw new Error(DISK_ERROR);
      const done = record.commit((tables) => deps.onCommit(instance, tables, work) as T);
      const value = await done;
      await boundary();
      return value;
    },
  };

  async function fetch(request: Request): Promise<Response> {
    await boundary();
    const answer = deps.fetch(instance, request);
    answer.catch(() => undefined);
    await boundary();
    try {
      return await answer;
    } finally {
      await boundary();
    }
  }

  const service = createInMemoryService({
    record: own,
    secret: SECRET,
    flows,
    accounts: new Map([
      ["default", { baseUrl: "https://platform.invalid", apiKey: "k", fetch, pollEveryMs: deps.pollEveryMs }],
    ]),
    operators: [{ name: "operator", token: OPERATOR_TOKEN, mayAct: true }],
    now: wall.now,
    newId: deps.newId,
    newHandoffId: deps.newHandoffId,
    random: deps.random,
    setTimer: (call, ms) =>
      clock.setTimer(() => {
        if (isDead) return;
        if (thaw === null) call();
        else void thaw.then(() => (isDead ? undefined : call()));
      }, ms),
    log,
    ...(deps.retentionMs !== null && { retentionMs: deps.retentionMs }),
  });

  const instance: Instance = {
    no: deps.no,
    hasStood: false,
    isDead: () => isDead,
    end() {
      isDead = true;
      tellEnd();
    },
    resume: () => service.resume(),
    prune: () => service.prune(),
    async request(request) {
      if (isDead) return null;
      const response = await Promise.race([Promise.resolve(service.fetch(request)), ended]);
      return isDead ? null : response;
    },
  };
  return instance;
}
