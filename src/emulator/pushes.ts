import {
  profileFieldsSchema,
  type SecurityFields,
  SUBSCRIBABLE_EVENTS,
  type SubscribableEvent,
} from "../conversations/subscription-schema.ts";
import { createDelivery, type Deliver } from "./push-delivery.ts";
import { createPushLog } from "./push-log.ts";
import { type Push, toPush } from "./push-payload.ts";
import { isPushed } from "./push-request.ts";
import type { EmulatorSettings } from "./settings.ts";
import type { Store } from "./store.ts";
import { createWaiting } from "./waiting.ts";

interface PushesDeps {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  /** Without it nothing is pushed. */
  deliver: Deliver | undefined;
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

/** Tells subscribers of every change, as well or as badly as the settings want it. */
export function createPushes(deps: PushesDeps) {
  const { sleep, store, settings, deliver } = deps;
  const { state } = store;
  const log = createPushLog(settings);
  const waiting = createWaiting(sleep);
  const delivery = createDelivery({ ...deps, log, waiting });
  /** By subscription. */
  const gathered = new Map<string, Push[]>();

  function gather(id: string, push: Push): void {
    const those = gathered.get(id);
    if (delivery.queued() + (those?.length ?? 0) >= settings.maxPushes) {
      delivery.drop(id, push);
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
      const pushes = gathered.get(id) ?? [];
      gathered.delete(id);
      delivery.send(id, pushes);
    });
  }

  if (deliver !== undefined) {
    store.onChange((change) => {
      const wanting = [...state.subscriptions.values()].filter((it) => isPushed(change.type, it, settings));
      if (wanting.length === 0) return;
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
      if (deliver === undefined) return;
      for (const id of state.subscriptions.keys()) gather(id, event);
    },
    /** Resolves when nothing more can be done now. What waits for its time does not count. */
    idle: waiting.idle,
    /** Resolves when all has been sent, and sent again, to its end. */
    settled: waiting.settled,
    /** Nothing more is sent. */
    stop: delivery.stop,
  };
}
export type Pushes = ReturnType<typeof createPushes>;
