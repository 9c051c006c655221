import { z } from "zod";
import { profileFieldsSchema, subscriptionIdSchema } from "../../../infobip/subscription-schema.ts";
import { ok, type Result } from "../../../result.ts";
import { invalidBody, type Refusal, refuse } from "../../state/errors.ts";
import type { Profile } from "../../state/state.ts";
import type { Store } from "../../state/store.ts";
import type { Handlers } from "../handler.ts";
import type { Platform } from "../platform.ts";
import { resultPage } from "../result-page.ts";
import { createSecurity } from "./securities.ts";

const idSchema = z.object({ profileId: subscriptionIdSchema });
const securitySchema = z.object({ security: z.looseObject({ authId: subscriptionIdSchema }).optional() });

/** Body of the answer to a create or a change. */
export const profileReference = ({ profileId, authId }: Profile) => ({
  profileId,
  ...(authId !== null && { security: { authId } }),
});
const show = ({ authId, ...profile }: Profile) => ({ ...profile, ...(authId !== null && { security: { authId } }) });

/** Finds the security of a body: an existing one, by its id, or a new one in full. */
function securityOf(store: Store, body: unknown): Result<string | null, Refusal> {
  const given = securitySchema.safeParse(body);
  if (!given.success) return invalidBody(given.error);
  const { security } = given.data;
  if (security === undefined) return ok(null);
  if ("type" in security) {
    const created = createSecurity(store, security);
    return created.ok ? ok(created.value.authId) : created;
  }
  const isThere = store.state.securities.has(security.authId);
  return isThere
    ? ok(security.authId)
    : refuse({ reason: "invalid", fields: { "security.authId": ["does not exist"] } });
}

/** Creates a profile from a body, with its security if the body has that in full. */
export function createProfile(store: Store, body: unknown): Result<Profile, Refusal> {
  const id = idSchema.safeParse(body);
  if (!id.success) return invalidBody(id.error);
  const { profileId } = id.data;
  const fields = profileFieldsSchema.safeParse(body);
  if (!fields.success) return invalidBody(fields.error);
  if (store.state.profiles.has(profileId))
    return refuse({ reason: "invalid", fields: { profileId: ["already exists"] } });
  const authId = securityOf(store, body);
  return authId.ok ? ok(store.put("profiles", profileId, { ...fields.data, profileId, authId: authId.value })) : authId;
}

/** Operations on profiles, the targets of pushes. */
export function profileHandlers({ store }: Platform) {
  const { state } = store;
  const unknown = refuse({ reason: "unknown-resource" });
  return {
    listProfiles: ({ query }) => resultPage(query, state.profiles.values(), show),
    createProfile({ body }) {
      const created = createProfile(store, body);
      return created.ok ? ok(profileReference(created.value)) : created;
    },
    getProfile({ param }) {
      const profile = state.profiles.get(param("id"));
      return profile === undefined ? unknown : ok(show(profile));
    },
    /** Replaces the profile. Its security stays if the body names none; that is a guess. */
    updateProfile({ param, body }) {
      const profile = state.profiles.get(param("id"));
      if (profile === undefined) return unknown;
      const fields = profileFieldsSchema.safeParse(body);
      if (!fields.success) return invalidBody(fields.error);
      const authId = securityOf(store, body);
      if (!authId.ok) return authId;
      const { profileId } = profile;
      const changed = { ...fields.data, profileId, authId: authId.value ?? profile.authId };
      return ok(profileReference(store.put("profiles", profileId, changed)));
    },
    /** A profile in use cannot be deleted; that is a guess. */
    deleteProfile({ param }) {
      const profile = state.profiles.get(param("id"));
      if (profile === undefined) return unknown;
      const { profileId } = profile;
      const isUsed = [...state.subscriptions.values()].some((subscription) => subscription.profileId === profileId);
      if (isUsed) return refuse({ reason: "invalid", fields: { profileId: ["is used by a subscription"] } });
      store.remove("profiles", profileId);
      return ok(profileReference(profile));
    },
  } satisfies Partial<Handlers>;
}
