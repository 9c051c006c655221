import {
  profileFieldsSchema,
  type SecurityFields,
  SUBSCRIBABLE_EVENTS,
  type SubscribableEvent,
} from "../../infobip/subscription-schema.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import type { Change } from "../state/changes.ts";
import type { Store } from "../state/store.ts";
import { createDelivery, type Deliver, type Target } from "./delivery.ts";
import { createPushLog } from "./log.ts";
import { type BotPush, type Push, toBotPush, toPush } from "./payload.ts";
import { createWaiting } from "./pending-work.ts";
import { botRequest, isPushed, pushRequest } from "./request.ts";

interface PushesDeps {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  /** Undefined: nothing is pushed. */
  deliver: Deliver | undefined;
  store: Store;
  settings: EmulatorSettings;
}

interface NewSubscription {
  id?: string;
  url: string;
  /** Signs with HMAC-SHA256; `security` gives other ways. */
  secret?: string;
  security?: SecurityFields;
  headers?: Record<string, string>;
  events?: readonly SubscribableEvent[];
}

/** Prefix that distinguishes the ids of bots from those of subscriptions. */
const BOTS = "bot:";

/** Pushes every change to its subscribers, as well or as badly as the settings say. */
export function createPushes(deps: PushesDeps) {
  const { sleep, store, settings, deliver } = deps;
  const { state } = store;
  const log = createPushLog(settings);
  const waiting = createWaiting(sleep);
  const delivery = createDelivery({ ...deps, log, waiting, targetOf });
  /** Gathered pushes by target. */
  const gathered = new Map<string, (Push | BotPush)[]>();

  function targetOf(id: string): Target | undefined {
    if (id.startsWith(BOTS)) {
      const bot = state.bots.get(id.slice(BOTS.length));
      if (bot === undefined || bot.webhookUrl === null) return undefined;
      return { url: bot.webhookUrl, toRequest: (body) => botRequest(bot, body), takesBatches: false };
    }
    const profile = state.profiles.get(state.subscriptions.get(id)?.profileId ?? "");
    if (profile === undefined) return undefined;
    const security = state.securities.get(profile.authId ?? "");
    const toRequest = (body: string) => pushRequest(profile, security, body, settings);
    return { url: profile.webhook.notifyUrl, toRequest, takesBatches: true };
  }

  /** Pushes a customer's message to the bot that has the conversation, beside the subscriptions. */
  function pushToBot(change: Change): void {
    if (change.type !== "INBOUND_MESSAGE") return;
    const { id, agentId } = change.conversation;
    const bot = agentId === null ? undefined : state.bots.get(agentId);
    if (bot === undefined || !bot.enabled || bot.webhookUrl === null) return;
    gather(BOTS + bot.id, toBotPush(change.message, id, settings));
  }

  function gather(id: string, push: Push | BotPush): void {
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
      // Waits until the operation that made this change has ended.
      await Promise.resolve();
      await waiting.rest(settings.pushHoldMs);
      const pushes = gathered.get(id) ?? [];
      gathered.delete(id);
      delivery.send(id, pushes);
    });
  }

  if (deliver !== undefined) {
    store.onChange((change) => {
      pushToBot(change);
      const wanting = [...state.subscriptions.values()].filter((it) => isPushed(change.type, it, settings));
      if (wanting.length === 0) return;
      const event = toPush(change, state, settings);
      for (const { subscriptionId } of wanting) gather(subscriptionId, event);
    });
  }

  return {
    /** Every request, and every push that was lost before it became one; the newest last. */
    log: log.pushes,
    onPush: log.onPush,
    /** Adds a subscription with its profile and security, for which the API needs three calls. The same id replaces the earlier one. */
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
    /** Pushes any event to every subscription: types and shapes that nothing in the emulator causes. */
    push(event: Push): void {
      if (deliver === undefined) return;
      for (const id of state.subscriptions.keys()) gather(id, event);
    },
    /** Resolves once only pushes that wait for their time are left. */
    idle: waiting.idle,
    /** Resolves once all is sent, retries included. */
    settled: waiting.settled,
    /** Stops sending. */
    stop: delivery.stop,
  };
}
export type Pushes = ReturnType<typeof createPushes>;
