import type { EmulatorSettings } from "../settings/settings.ts";
import type { PushLog } from "./log.ts";
import type { BotPush, Push } from "./payload.ts";
import type { Waiting } from "./pending-work.ts";

export type Deliver = (request: Request) => Promise<Response>;

/** Target of the pushes. */
export interface Target {
  url: string;
  toRequest: (body: string) => Request;
  /** Several pushes may come in one request. */
  takesBatches: boolean;
}

interface DeliveryDeps {
  now: () => number;
  random: () => number;
  deliver: Deliver | undefined;
  /** Undefined: the target does not exist, or not any more. */
  targetOf: (id: string) => Target | undefined;
  settings: EmulatorSettings;
  log: PushLog;
  waiting: Waiting;
}

/** A request that is sent at its time or later. */
interface Outgoing {
  body: Push | BotPush | readonly (Push | BotPush)[];
  dueAt: number;
}

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
};

const nobody: Deliver = () => Promise.reject(new Error("nothing delivers"));

/**
 * Sends pushes to their targets: repeated, late, out of order, in arrays or not at all, as the settings say. Retries those that a
 * target does not accept.
 */
export function createDelivery({ now, random, deliver = nobody, targetOf, settings, log, waiting }: DeliveryDeps) {
  /** Requests to send one after the other, by target. */
  const lines = new Map<string, Outgoing[]>();
  let queued = 0;
  let isStopped = false;

  function drop(id: string, body: Push | BotPush): void {
    const url = targetOf(id)?.url ?? "";
    const nothing = { status: null, error: null, retryAt: null };
    log.record({ at: now(), subscriptionId: id, url, attempt: 1, body, outcome: "dropped", ...nothing });
  }

  function delayMs(): number {
    const delay = settings.pushDelayMs;
    return typeof delay === "number" ? delay : delay.min + random() * (delay.max - delay.min);
  }

  function shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }

  async function answerTo(toRequest: () => Request): Promise<{ status: number | null; error: string | null }> {
    try {
      const response = await deliver(toRequest());
      await response.arrayBuffer();
      return { status: response.status, error: null };
    } catch (error) {
      return { status: null, error: codeOf(error) };
    }
  }

  async function post(id: string, body: Outgoing["body"], attempt = 1): Promise<void> {
    const target = targetOf(id);
    // The target may have unsubscribed in the meantime.
    if (target === undefined || isStopped) return;
    const at = now();
    const { status, error } = await answerTo(() => target.toRequest(JSON.stringify(body)));
    const isAccepted = status === 200;
    const n = attempt - 1;
    const retryMs = settings.pushRetryUnitMs * (1 + n * n);
    const isAgain = !isAccepted && n < settings.pushRetries && !isStopped;
    const outcome = isAccepted ? "accepted" : status === null ? "unanswered" : "refused";
    const retryAt = isAgain ? now() + retryMs : null;
    log.record({
      at,
      subscriptionId: id,
      url: target.url,
      attempt,
      body,
      outcome,
      status,
      error,
      retryAt,
    });
    if (!isAgain) return;
    queued += 1;
    waiting.begin(async () => {
      await waiting.rest(retryMs);
      queued -= 1;
      await post(id, body, attempt + 1);
    });
  }

  async function sendOne(id: string, { body, dueAt }: Outgoing): Promise<void> {
    await waiting.rest(dueAt - now());
    queued -= 1;
    await post(id, body);
  }

  function sendInOrder(id: string, all: readonly Outgoing[]): void {
    const line = lines.get(id);
    if (line !== undefined) {
      line.push(...all);
      return;
    }
    const begun = [...all];
    lines.set(id, begun);
    waiting.begin(async () => {
      for (let next = begun.shift(); next !== undefined; next = begun.shift()) await sendOne(id, next);
      lines.delete(id);
    });
  }

  function send(id: string, gathered: readonly (Push | BotPush)[]): void {
    const isLost = (): boolean => settings.pushDropRate > 0 && random() < settings.pushDropRate;
    const pushes: (Push | BotPush)[] = [];
    for (const push of gathered) {
      if (isLost()) drop(id, push);
      else pushes.push(...Array<Push | BotPush>(settings.pushRepeats).fill(push));
    }
    const { pushOrder } = settings;
    const pushBatch = targetOf(id)?.takesBatches === false ? 1 : settings.pushBatch;
    const ordered = pushOrder === "kept" ? pushes : shuffled(pushes);
    const bodies =
      pushBatch === 1
        ? ordered
        : Array.from({ length: Math.ceil(ordered.length / pushBatch) }, (_, index) =>
            ordered.slice(index * pushBatch, (index + 1) * pushBatch),
          );
    const outgoing = bodies.map((body): Outgoing => ({ body, dueAt: now() + delayMs() }));
    queued += outgoing.length;
    if (pushOrder === "kept") sendInOrder(id, outgoing);
    else for (const one of outgoing) waiting.begin(() => sendOne(id, one));
  }

  return {
    send,
    /** Records a push as lost. */
    drop,
    /** Number of pushes that wait, retries included. */
    queued: () => queued,
    stop(): void {
      isStopped = true;
    },
  };
}
