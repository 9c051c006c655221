import {
  profileFieldsSchema,
  type SecurityFields,
  SUBSCRIBABLE_EVENTS,
  type SubscribableEvent,
} from "../conversations/subscription-schema.ts";
import { createPushLog } from "./push-log.ts";
import { type Push, toPush } from "./push-payload.ts";
import { isPushed, pushRequest } from "./push-request.ts";
import type { EmulatorSettings } from "./settings.ts";
import type { Store } from "./store.ts";
import { createWaiting } from "./waiting.ts";

interface PushesDeps {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  /** Without it nothing is pushed. */
  deliver: ((request: Request) => Promise<Response>) | undefined;
  store: Store;
  settings: EmulatorSettings;
}

interface NewSubscription {
  id?: string;
  url: string;
  /** Signs with HMAC-SHA256; `security` says it in full. */
  secret?: string;
  security?: SecurityFields;
  headers?: Record<string, string>;
  events?: readonly SubscribableEvent[];
}

/** A request to be: sent not before its time. */
interface Outgoing {
  body: Push | readonly Push[];
  dueAt: number;
}

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
};

/** Tells subscribers of every change, as well or as badly as the settings want it. */
export function createPushes(deps: PushesDeps) {
  const { now, sleep, random, store, settings } = deps;
  const deliver = deps.deliver ?? (() => Promise.reject(new Error("nothing delivers")));
  const isDelivering = deps.deliver !== undefined;
  const { state } = store;
  const log = createPushLog(settings);
  const waiting = createWaiting(sleep);
  /** By subscription: what is gathered, and what goes out one after the other. */
  const gathered = new Map<string, Push[]>();
  const lines = new Map<string, Outgoing[]>();
  let queued = 0;
  let isStopped = false;

  const profileOf = (id: string) => state.profiles.get(state.subscriptions.get(id)?.profileId ?? "");

  function drop(id: string, body: Push): void {
    const url = profileOf(id)?.webhook.notifyUrl ?? "";
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
    const profile = profileOf(id);
    // Unsubscribed in the meantime.
    if (profile === undefined || isStopped) return;
    const security = state.securities.get(profile.authId ?? "");
    const at = now();
    const { status, error } = await answerTo(() => pushRequest(profile, security, JSON.stringify(body), settings));
    const isAccepted = status === 200;
    const n = attempt - 1;
    const retryMs = settings.pushRetryUnitMs * (1 + n * n);
    const isAgain = !isAccepted && n < settings.pushRetries && !isStopped;
    const outcome = isAccepted ? "accepted" : status === null ? "unanswered" : "refused";
    const retryAt = isAgain ? now() + retryMs : null;
    log.record({
      at,
      subscriptionId: id,
      url: profile.webhook.notifyUrl,
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

  async function send(id: string, { body, dueAt }: Outgoing): Promise<void> {
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
      for (let next = begun.shift(); next !== undefined; next = begun.shift()) await send(id, next);
      lines.delete(id);
    });
  }

  function sendGathered(id: string): void {
    const isLost = (): boolean => settings.pushDropRate > 0 && random() < settings.pushDropRate;
    const pushes: Push[] = [];
    for (const push of gathered.get(id) ?? []) {
      if (isLost()) drop(id, push);
      else pushes.push(...Array<Push>(settings.pushRepeats).fill(push));
    }
    gathered.delete(id);
    const { pushBatch, pushOrder } = settings;
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
    else for (const one of outgoing) waiting.begin(() => send(id, one));
  }

  function gather(id: string, push: Push): void {
    const those = gathered.get(id);
    if (queued + (those?.length ?? 0) >= settings.maxPushes) {
      drop(id, push);
      return;
    }
    if (those !== undefined) {
      those.push(push);
      return;
    }
    gathered.set(id, [push]);
    waiting.begin(async () => {
      // Not before the operation that this is a part of has ended.
      await Promise.resolve();
      await waiting.rest(settings.pushHoldMs);
      sendGathered(id);
    });
  }

  if (isDelivering) {
    store.onChange((change) => {
      const wanting = [...state.subscriptions.values()].filter((it) => isPushed(change.type, it, settings));
      if (wanting.length === 0 || isStopped) return;
      const event = toPush(change, state, settings);
      for (const { subscriptionId } of wanting) gather(subscriptionId, event);
    });
  }

  return {
    /** Every request, and what was lost before it became one; the newest last. */
    log: log.pushes,
    onPush: log.onPush,
    /** What the Subscriptions API does in three calls. The same id again replaces what was. */
    subscribe({
      id = "subscription",
      url,
      secret,
      security,
      headers = {},
      events = SUBSCRIBABLE_EVENTS,
    }: NewSubscription) {
      const credentials = secret === undefined ? null : { secretKey: secret, algorithm: "HMAC_SHA_256" as const };
      const proof = security ?? (credentials === null ? null : { type: "HMAC" as const, credentials });
      const fields = profileFieldsSchema.parse({ webhook: { notifyUrl: url }, headers });
      if (proof === null) store.remove("securities", id);
      else store.put("securities", id, { authId: id, ...proof });
      store.put("profiles", id, { profileId: id, authId: proof === null ? null : id, ...fields });
      const channel = "CUSTOMER_ENGAGEMENT";
      store.put("subscriptions", id, { subscriptionId: id, channel, name: id, events: [...events], profileId: id });
    },
    /** To every subscription, whatever it is: for types and shapes that nothing here leads to. */
    push(event: Push): void {
      if (!isDelivering || isStopped) return;
      for (const id of state.subscriptions.keys()) gather(id, event);
    },
    /** Resolves when nothing more can be done now. What waits for its time does not count. */
    idle: waiting.idle,
    /** Resolves when all has been sent, and sent again, to its end. */
    settled: waiting.settled,
    /** Nothing more is sent. */
    stop(): void {
      isStopped = true;
    },
  };
}
export type Pushes = ReturnType<typeof createPushes>;
