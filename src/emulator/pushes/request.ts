import { createHmac } from "node:crypto";
import type { SubscribableEvent } from "../../infobip/subscription-schema.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import type { Bot, Profile, Security, Subscription } from "../state/state.ts";

/** Subscriptions and pushes name events in two vocabularies; the mapping is a guess. */
const TYPES: Record<SubscribableEvent, readonly string[]> = {
  CONVERSATION_ASSIGNMENT_UPDATED: ["CONVERSATION_ASSIGNMENT_UPDATED"],
  CONVERSATION_CREATED: ["CONVERSATION_CREATED"],
  CONVERSATION_MESSAGE_DELETED: ["INBOUND_MESSAGE_DELETED"],
  CONVERSATION_MESSAGE_RECEIVED: ["INBOUND_MESSAGE"],
  CONVERSATION_MESSAGE_UPDATED: ["INBOUND_MESSAGE_UPDATED", "CONVERSATION_MESSAGE_UPDATED"],
  CONVERSATION_STATUS_UPDATED: ["CONVERSATION_STATUS_UPDATED"],
};

export const isPushed = (type: string, { events }: Subscription, { pushTypes }: EmulatorSettings): boolean =>
  pushTypes === "all" || events.some((event) => TYPES[event].includes(type));

function proof(security: Security | undefined, body: string, settings: EmulatorSettings): Record<string, string> {
  switch (security?.type) {
    case undefined:
    case "CUSTOM":
      return {};
    case "BASIC": {
      const { username, password } = security.credentials;
      return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
    }
    case "HMAC": {
      const { secretKey, algorithm } = security.credentials;
      // `HMAC_SHA_256` is `sha256`.
      const name = algorithm.slice("HMAC_".length).replace("_", "");
      const { pushHmacHeader, pushHmacPrefix, pushHmacEncoding } = settings;
      const signature = createHmac(name.toLowerCase(), secretKey).update(body).digest(pushHmacEncoding);
      return { [pushHmacHeader]: `${pushHmacPrefix ?? `${name}=`}${signature}` };
    }
  }
}

/** Builds the request of a message to a bot's webhook, with the headers that the bot asked for. Nothing authenticates it. */
export function botRequest({ webhookUrl, webhookHeaders }: Bot, body: string): Request {
  const headers = new Headers(webhookHeaders ?? {});
  headers.set("content-type", "application/json");
  return new Request(webhookUrl ?? "", { method: "POST", headers, body });
}

/**
 * Builds the request of a push to a profile's webhook, authenticated by its security. The profile's own headers do not override
 * that.
 */
export function pushRequest(
  { webhook, headers }: Profile,
  security: Security | undefined,
  body: string,
  settings: EmulatorSettings,
): Request {
  const all = new Headers(headers);
  all.set("content-type", webhook.contentType || "application/json");
  for (const [name, value] of Object.entries(proof(security, body, settings))) all.set(name, value);
  return new Request(webhook.notifyUrl, { method: "POST", headers: all, body });
}
