import { z } from "zod";
import { subscriptionFieldsSchema, subscriptionIdSchema } from "../../../infobip/subscription-schema.ts";
import { ok, type Result } from "../../../result.ts";
import { invalidBody, type Refusal, refuse } from "../../state/errors.ts";
import type { Profile, Subscription } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import type { Platform } from "../platform.ts";
import { resultPage } from "../result-page.ts";
import { createProfile, profileReference } from "./profiles.ts";

/** The two channels with events of Conversations. */
const CHANNELS = ["CUSTOMER_ENGAGEMENT", "AGENT_OS"];

const idSchema = z.object({ subscriptionId: subscriptionIdSchema });
const profileSchema = z.object({ profile: z.looseObject({ profileId: subscriptionIdSchema }) });

/** Operations on subscriptions. A profile gets the events that its subscription names. */
export function subscriptionHandlers({ store }: Platform) {
  const { state } = store;
  const unknown = refuse({ reason: "unknown-resource" });

  function channelOf(param: (name: string) => string): Result<string, Refusal> {
    const channel = param("channel");
    if (CHANNELS.includes(channel)) return ok(channel);
    return refuse({ reason: "invalid", fields: { channel: [`only ${CHANNELS.join(" and ")} are emulated`] } });
  }
  function find(param: (name: string) => string): Result<Subscription, Refusal> {
    const subscription = state.subscriptions.get(param("id"));
    return subscription === undefined || subscription.channel !== param("channel") ? unknown : ok(subscription);
  }
  /** Finds an existing profile by its id, or creates one that is given in full. */
  function profileOf(body: unknown): Result<Profile, Refusal> {
    const given = profileSchema.safeParse(body);
    if (!given.success) return invalidBody(given.error);
    const { profile } = given.data;
    if ("webhook" in profile) return createProfile(store, profile);
    const known = state.profiles.get(profile.profileId);
    return known === undefined
      ? refuse({ reason: "invalid", fields: { "profile.profileId": ["does not exist"] } })
      : ok(known);
  }
  const reference = ({ subscriptionId, profileId }: Subscription) => {
    const profile = state.profiles.get(profileId);
    return { subscriptionId, profile: profile === undefined ? { profileId } : profileReference(profile) };
  };
  const show = (subscription: Subscription) => {
    const { channel: _channel, profileId: _profileId, ...fields } = subscription;
    return { ...fields, ...reference(subscription) };
  };

  return {
    listSubscriptions({ param, query }) {
      const channel = channelOf(param);
      if (!channel.ok) return channel;
      const those = [...state.subscriptions.values()].filter((it) => it.channel === channel.value);
      return resultPage(query, those, show);
    },
    createSubscription({ param, body }) {
      const channel = channelOf(param);
      if (!channel.ok) return channel;
      const id = idSchema.safeParse(body);
      if (!id.success) return invalidBody(id.error);
      const { subscriptionId } = id.data;
      const fields = subscriptionFieldsSchema.safeParse(body);
      if (!fields.success) return invalidBody(fields.error);
      if (state.subscriptions.has(subscriptionId)) {
        return refuse({ reason: "invalid", fields: { subscriptionId: ["already exists"] } });
      }
      const profile = profileOf(body);
      if (!profile.ok) return profile;
      const { profileId } = profile.value;
      const subscription = { ...fields.data, subscriptionId, channel: channel.value, profileId };
      return ok(reference(store.put("subscriptions", subscriptionId, subscription)));
    },
    getSubscription({ param }) {
      const found = find(param);
      return found.ok ? ok(show(found.value)) : found;
    },
    /** A change may only name a profile. */
    updateSubscription({ param, body }) {
      const found = find(param);
      if (!found.ok) return found;
      const fields = subscriptionFieldsSchema.safeParse(body);
      if (!fields.success) return invalidBody(fields.error);
      const profile = profileOf(body);
      if (!profile.ok) return profile;
      const { subscriptionId, channel } = found.value;
      const changed = { ...fields.data, subscriptionId, channel, profileId: profile.value.profileId };
      return ok(reference(store.put("subscriptions", subscriptionId, changed)));
    },
    deleteSubscription({ param }) {
      const found = find(param);
      if (!found.ok) return found;
      store.remove("subscriptions", found.value.subscriptionId);
      return ok(reference(found.value));
    },
  } satisfies Partial<Handlers>;
}
