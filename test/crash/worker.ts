/** Runs rounds of load, death, restart and check, one after the other, several on one file. */
import { setTimeout as sleep } from "node:timers/promises";
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import { ADOPTED_EVERY, createEnvironment, type Latency } from "./environment.ts";
import { type KillPoint, nameOf } from "./kill-points.ts";
import { type Delivery, deliverInOrder, isAnswered } from "./sender.ts";
import { type ServiceProcess, startAndKill, startServiceProcess } from "./service-process.ts";

/** Way in which a process dies: at a point; or at any moment, and once more during its next start. */
export type Blow = { kind: "point"; point: KillPoint } | { kind: "any-moment" };

export interface Round {
  kills: number;
  /** Number of recorded deliveries whose sender got no answer. */
  unanswered: number;
  violations: string[];
  /** The process did not reach the point, so the round proves nothing. */
  isMissed: boolean;
}

export interface WorkerOptions {
  name: string;
  /** Returns 0 to 1. */
  random: () => number;
  /** Null: the product's own entry with its own waits. */
  settings: Partial<HandoffSettings> | null;
  sessions: number;
  latencyMs: Latency;
}

/** Waits that make a round short. The platform's time is still far below the quiet period. */
export const QUICK: Partial<HandoffSettings> = {
  quietMs: 600,
  lateMs: 300,
  skewMs: 2_000,
  firstRetryMs: 50,
};
/** Longer than a request needs to leave and to arrive, so that a process can be killed in between. */
export const QUICK_PLATFORM: Latency = { min: 10, max: 30 };

const ROUNDS_PER_FILE = 25;
const KILL_WITHIN_MS = 350;
const RECOVERY_MS = 900;
const REACHED_WITHIN_MS = 8_000;
/** Share of answered deliveries that are repeated anyway. */
const REPEATED = 0.25;

export async function createWorker({ name, random, settings, sessions, latencyMs }: WorkerOptions) {
  const environment = await createEnvironment(latencyMs);
  let files = 0;
  let rounds = 0;
  /** Deliveries on the current file. */
  let sent: Delivery[] = [];
  let beganAt = Date.now();
  let service: ServiceProcess | null = null;
  const options = () => ({ databasePath: environment.databasePath(), platformUrl: environment.platformUrl, settings });
  const upTo = (limit: number): number => Math.floor(random() * limit);

  async function letGo(): Promise<void> {
    service?.kill("SIGKILL");
    await service?.ended;
    service = null;
  }

  /** Checks everything on the file once more: rounds may have disturbed each other. */
  const judgeFile = (): string[] => (sent.length === 0 ? [] : environment.judge(`${name}-${files}-`, sent, beganAt));

  async function nextFile(): Promise<string[]> {
    const violations = judgeFile();
    await letGo();
    environment.nextFile(violations.length > 0);
    files += 1;
    sent = [];
    beganAt = Date.now();
    return violations;
  }

  /** Resolves once the process is dead; true: it reached the point. */
  async function strike(target: ServiceProcess, blow: Blow, load: () => void): Promise<boolean> {
    if (blow.kind === "any-moment") {
      load();
      await sleep(upTo(KILL_WITHIN_MS));
      target.kill("SIGKILL");
      await target.ended;
      return true;
    }
    const times = Math.floor(sessions / (blow.point.target === "adoption" ? ADOPTED_EVERY : 2));
    await target.arm({ point: blow.point, nth: 1 + upTo(times), signal: "SIGKILL" });
    load();
    const isReached = await Promise.race([target.ended.then(() => true), sleep(REACHED_WITHIN_MS, false)]);
    if (!isReached) target.kill("SIGKILL");
    await target.ended;
    return isReached;
  }

  /** Repeats deliveries without an answer, and some with one. */
  const repeat = (url: string, chats: readonly Delivery[][]): Promise<unknown> =>
    Promise.all(
      chats.map((chat) => {
        const again = chat.filter((delivery) => !isAnswered(delivery) || random() < REPEATED);
        return deliverInOrder(url, again);
      }),
    );

  return {
    async round(blow: Blow): Promise<Round> {
      const fileViolations = rounds % ROUNDS_PER_FILE === 0 ? await nextFile() : [];
      rounds += 1;
      const since = Date.now();
      const prefix = `${name}-${files}-${rounds}-`;
      const chats = await environment.chats(prefix, sessions, random);
      const deliveries = chats.flat();
      sent.push(...deliveries);

      const first = service ?? (await startServiceProcess(options()));
      service = null;
      const loading: Promise<void>[] = [];
      const isReached = await strike(first, blow, () => {
        loading.push(...chats.map((chat) => deliverInOrder(first.url, chat)));
      });
      await Promise.all(loading);
      const unanswered = deliveries.filter((delivery) => !isAnswered(delivery)).map(({ eventId }) => eventId);
      const isTwice = blow.kind === "any-moment";
      if (isTwice) await startAndKill(options(), upTo(RECOVERY_MS));

      const restarted = await startServiceProcess(options());
      service = restarted;
      const kept = new Set(environment.recorded(prefix).events.map(({ eventId }) => eventId));
      await repeat(restarted.url, chats);
      await environment.atRest(restarted.url);
      return {
        kills: isTwice ? 2 : 1,
        unanswered: unanswered.filter((eventId) => kept.has(eventId)).length,
        violations: [
          ...fileViolations,
          ...environment.judge(prefix, deliveries, since),
          ...[...first.errors(), ...restarted.errors()].map((line) => `it logged ${line}`),
        ],
        isMissed: !isReached,
      };
    },

    /** Checks the last file and releases everything. */
    async end(): Promise<string[]> {
      const violations = judgeFile();
      await letGo();
      await environment.end(violations.length > 0);
      return violations;
    },
  };
}
export const nameOfBlow = (blow: Blow): string =>
  blow.kind === "point" ? nameOf(blow.point) : "any moment, and again at the start";
