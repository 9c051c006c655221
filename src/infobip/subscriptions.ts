import { mapOk } from "./outcome.ts";
import { readAllPages } from "./pages.ts";
import { type ClientDeps, createSend } from "./request.ts";
import {
  changedSchema,
  type NewProfile,
  profileSchema,
  type SecurityFields,
  SUBSCRIBABLE_EVENTS,
  type Subscription,
  securitySchema,
  subscriptionPageSchema,
  subscriptionSchema,
} from "./subscription-schema.ts";

const ROOT = ["subscriptions", "1"];
const SUBSCRIPTIONS = [...ROOT, "subscription", "CUSTOMER_ENGAGEMENT"];
const PROFILES = [...ROOT, "profiles"];
const SECURITIES = [...ROOT, "security"];
/** The platform's own limit. */
const PAGE_SIZE = 100;

/** A request that creates or changes one of the three. */
export interface Write {
  method: "POST" | "PUT";
  path: readonly string[];
  body: Record<string, unknown>;
}

/** Request that creates it, and request that updates an existing one. */
export interface Writes {
  create: Write;
  update: Write;
}

const writes = (path: readonly string[], idName: string, id: string, fields: object): Writes => ({
  create: { method: "POST", path, body: { [idName]: id, ...fields } },
  update: { method: "PUT", path: [...path, id], body: { ...fields } },
});

export const securityWrites = (authId: string, fields: SecurityFields): Writes =>
  writes(SECURITIES, "authId", authId, fields);
export const profileWrites = (profileId: string, fields: NewProfile): Writes =>
  writes(PROFILES, "profileId", profileId, fields);
/** Subscribes to every event of Conversations. */
export const subscriptionWrites = (subscriptionId: string, name: string, profileId: string): Writes =>
  writes(SUBSCRIPTIONS, "subscriptionId", subscriptionId, {
    name,
    events: SUBSCRIBABLE_EVENTS,
    profile: { profileId },
  });

/** Infobip's Subscriptions Management for Conversations events. Each call returns an outcome, as the other client's do. */
export function createSubscriptionsClient(deps: ClientDeps) {
  const send = createSend(deps);
  const remove = (operation: string, path: readonly string[]) =>
    send({ operation, method: "DELETE", path, schema: changedSchema });

  return {
    write: ({ method, path, body }: Write) => send({ operation: "write", method, path, body, schema: changedSchema }),
    security: (authId: string) =>
      send({ operation: "security", method: "GET", path: [...SECURITIES, authId], schema: securitySchema }),
    profile: (profileId: string) =>
      send({ operation: "profile", method: "GET", path: [...PROFILES, profileId], schema: profileSchema }),
    subscription: (id: string) =>
      send({ operation: "subscription", method: "GET", path: [...SUBSCRIPTIONS, id], schema: subscriptionSchema }),
    /** All subscriptions. */
    subscriptions: () =>
      readAllPages(
        PAGE_SIZE,
        ({ subscriptionId }: Subscription) => subscriptionId,
        async (page) => {
          const query = { size: PAGE_SIZE, page };
          const exchange = { operation: "subscriptions", method: "GET" as const, path: SUBSCRIPTIONS, query };
          return mapOk(await send({ ...exchange, schema: subscriptionPageSchema }), ({ results, paging }) => ({
            items: results,
            pagination: paging && { totalItems: paging.totalResults, limit: paging.size },
          }));
        },
      ),
    removeSubscription: (id: string) => remove("removeSubscription", [...SUBSCRIPTIONS, id]),
    removeProfile: (id: string) => remove("removeProfile", [...PROFILES, id]),
    removeSecurity: (id: string) => remove("removeSecurity", [...SECURITIES, id]),
  };
}
export type SubscriptionsClient = ReturnType<typeof createSubscriptionsClient>;
