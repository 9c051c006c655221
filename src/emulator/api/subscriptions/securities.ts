import { securityFieldsSchema, subscriptionIdSchema } from "../../../infobip/subscription-schema.ts";
import { ok, type Result } from "../../../result.ts";
import { invalidBody, type Refusal, refuse } from "../../state/errors.ts";
import type { Security } from "../../state/state.ts";
import type { Store } from "../../state/store.ts";
import type { Handlers } from "../handler.ts";
import type { Platform } from "../platform.ts";
import { resultPage } from "../result-page.ts";

/** Creates a security from a body. Refuses an id that exists; the error for that is a guess. */
export function createSecurity(store: Store, body: unknown): Result<Security, Refusal> {
  const id = subscriptionIdSchema.safeParse(idIn(body));
  if (!id.success) return invalidBody(id.error, "authId");
  const fields = securityFieldsSchema.safeParse(body);
  if (!fields.success) return invalidBody(fields.error);
  if (store.state.securities.has(id.data)) return refuse({ reason: "invalid", fields: { authId: ["already exists"] } });
  return ok(store.put("securities", id.data, { ...fields.data, authId: id.data }));
}

const idIn = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "authId" in body ? body.authId : undefined;

/** Operations on securities: the authentication of pushes at their webhook. */
export function securityHandlers({ store }: Platform) {
  const { state } = store;
  const unknown = refuse({ reason: "unknown-resource" });
  return {
    listSecurities: ({ query }) => resultPage(query, state.securities.values(), (security) => security),
    createSecurity({ body }) {
      const created = createSecurity(store, body);
      return created.ok ? ok({ authId: created.value.authId }) : created;
    },
    /** Shows the credentials, as the example does. */
    getSecurity({ param }) {
      const security = state.securities.get(param("id"));
      return security === undefined ? unknown : ok(security);
    },
    updateSecurity({ param, body }) {
      const authId = param("id");
      if (!state.securities.has(authId)) return unknown;
      const fields = securityFieldsSchema.safeParse(body);
      if (!fields.success) return invalidBody(fields.error);
      store.put("securities", authId, { ...fields.data, authId });
      return ok({ authId });
    },
    /** A security in use cannot be deleted; that is a guess. */
    deleteSecurity({ param }) {
      const authId = param("id");
      if (!state.securities.has(authId)) return unknown;
      const isUsed = [...state.profiles.values()].some((profile) => profile.authId === authId);
      if (isUsed) return refuse({ reason: "invalid", fields: { authId: ["is used by a profile"] } });
      store.remove("securities", authId);
      return ok({ authId });
    },
  } satisfies Partial<Handlers>;
}
