import { rmSync } from "node:fs";
/** Deaths and stalls with a story of their own. */
import { setTimeout as sleep } from "node:timers/promises";
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import { createEnvironment, type Environment, type Latency } from "./environment.ts";
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";
import { type Delivery, deliver, deliverInOrder, isAnswered } from "./sender.ts";
import { type ServiceProcess, startServiceProcess } from "./service-process.ts";
import { QUICK, QUICK_PLATFORM } from "./worker.ts";

export interface Told {
  violations: string[];
  /** Results that are worth knowing and are not asserted. */
  remarks: string[];
}

const IN_FLIGHT = 20;
/** Slow enough for all to be in flight at once. */
const SLOW: Latency = { min: 300, max: 300 };
/** Far longer than a request takes. */
const OVERSLEPT_MS = 1_500;

interface Scene {
  environment: Environment;
  chats: Delivery[][];
  start: () => Promise<ServiceProcess>;
  /** Delivers everything. Resolves once each delivery has an answer or can get none. */
  load: (service: ServiceProcess) => Promise<unknown>;
  /** Repeats deliveries without an answer, waits until all is done, and checks. */
  settle: (service: ServiceProcess) => Promise<string[]>;
}

interface Setting {
  latencyMs: Latency;
  /** Null: the product's own entry. */
  settings: Partial<HandoffSettings> | null;
  inFlight: number;
}
const REAL: Setting = { latencyMs: SLOW, settings: null, inFlight: IN_FLIGHT };
const SLEEPY: Setting = { latencyMs: QUICK_PLATFORM, settings: QUICK, inFlight: IN_FLIGHT };

async function inEnvironment(
  { latencyMs, settings, inFlight }: Setting,
  play: (scene: Scene) => Promise<Told>,
): Promise<Told> {
  const environment = await createEnvironment(latencyMs);
  const since = Date.now();
  const services: ServiceProcess[] = [];
  const chats = await environment.chats("s-", inFlight, Math.random);
  const told = await play({
    environment,
    chats,
    start: async () => {
      const service = await startServiceProcess({
        databasePath: environment.databasePath(),
        platformUrl: environment.platformUrl,
        settings,
      });
      services.push(service);
      return service;
    },
    load: ({ url }) => Promise.all(chats.map((chat) => deliverInOrder(url, chat))),
    settle: async ({ url }) => {
      const left = chats.map((chat) => chat.filter((delivery) => !isAnswered(delivery)));
      await Promise.all(left.map((chat) => deliverInOrder(url, chat)));
      await environment.atRest(url);
      return environment.judge("s-", chats.flat(), since);
    },
  });
  const errors = services.flatMap((service) => service.errors()).map((line) => `it logged ${line}`);
  told.violations.push(...errors);
  for (const service of services) service.kill("SIGKILL");
  await Promise.all(services.map(({ ended }) => ended));
  await environment.end(told.violations.length > 0);
  return told;
}

/** Kills a service with all deliveries accepted and on their way, and starts it again after `downMs`. */
export const killedInFlight = (downMs: number): Promise<Told> =>
  inEnvironment(REAL, async ({ environment, chats, start, settle }) => {
    const first = await start();
    const all = chats.flat();
    for (const delivery of all) delivery.headers = { ...delivery.headers, prefer: "respond-async" };
    await Promise.all(all.filter(({ asksForPerson }) => !asksForPerson).map((it) => deliver(first.url, it)));
    const isAccepted = await Promise.all(all.filter((it) => it.asksForPerson).map((it) => deliver(first.url, it)));
    first.kill("SIGKILL");
    await first.ended;
    // Requests on their way arrive although their sender is dead.
    await sleep(Math.max(downMs, SLOW.max + 100));
    const second = await start();
    const violations = await settle(second);
    const firstCallAt = environment.firstCallAfter(second.startedAt) ?? Number.NaN;
    return {
      violations: isAccepted.every(Boolean) ? violations : ["not all were accepted before the kill", ...violations],
      remarks: [`first call ${firstCallAt - second.startedAt} ms after the start, ${downMs} ms or more after the kill`],
    };
  });

/** Sends SIGTERM while they are on their way: the service ends with 0, and the next start only does the rest. */
export const terminatedInFlight = (afterMs: number): Promise<Told> =>
  inEnvironment(REAL, async ({ chats, start, load, settle }) => {
    const first = await start();
    const loading = load(first);
    await sleep(afterMs);
    const askedAt = Date.now();
    first.kill("SIGTERM");
    const { code, signal } = await first.ended;
    const tookMs = Date.now() - askedAt;
    await loading;
    const answered = chats.flat().filter(isAnswered).length;
    const violations = await settle(await start());
    const end = code === 0 ? [] : [`SIGTERM ended it with ${code ?? signal}:\n${first.output()}`];
    return { violations: [...end, ...violations], remarks: [`ended in ${tookMs} ms with ${answered} answers given`] };
  });

/** Stops the process for long, without a successor. It carries on when it wakes up. */
export const stalled = (point: KillPoint): Promise<Told> =>
  inEnvironment(SLEEPY, async ({ start, load, settle }) => {
    const service = await start();
    await service.arm({ point, nth: 3, signal: "SIGSTOP" });
    const loading = load(service);
    await sleep(OVERSLEPT_MS + 500);
    service.kill("SIGCONT");
    await loading;
    return { violations: await settle(service), remarks: [] };
  });

/**
 * Stops the process, removes its lock and starts a successor. When it wakes up, its steps are the successor's and it changes
 * nothing. One handoff makes it stop at the point and nowhere else. A request on its way to a socket cannot be called back: the
 * record's lock keeps successors out while a process may wake up.
 */
export const replaced = (point: KillPoint): Promise<Told> =>
  inEnvironment({ ...SLEEPY, inFlight: 1 }, async ({ environment, start, load, settle }) => {
    const stopped = await start();
    await stopped.arm({ point, nth: 1, signal: "SIGSTOP" });
    const loading = load(stopped);
    await sleep(500);
    rmSync(`${environment.databasePath()}.lock`);
    const successor = await start();
    const before = await settle(successor);
    await sleep(Math.max(0, successor.startedAt + OVERSLEPT_MS - Date.now()));
    stopped.kill("SIGCONT");
    await loading;
    await sleep(500);
    return { violations: [...before, ...(await settle(successor))], remarks: [] };
  });

/** Points at which a process with steps on their way can fall asleep: not within a commit, which would keep its successor out. */
export const STALLS: readonly KillPoint[] = KILL_POINTS.filter(
  ({ target, moment }) => target !== "delivery" && target !== "adoption" && moment.startsWith("after-"),
);

/** Points at which it has nothing on its way to a socket. */
export const CLEAN_STALLS = STALLS.filter(({ moment }) => moment !== "after-send");
