import type { Outcome } from "../../infobip/outcome.ts";
import { createSubscriptionsClient, type SubscriptionsClient } from "../../infobip/subscriptions.ts";
import { Failure, printFields, printJson, printTable } from "../support/print.ts";
import { accountConnection, expectOk } from "./account.ts";

export interface Common {
  account: string;
  json?: boolean;
}

/** Returns the value of an `ok`; any other outcome ends the command and names its subject. */
export async function expectDone<T>(pending: Promise<Outcome<T>>, account: string): Promise<T> {
  const outcome = await pending;
  const variable = account === "default" ? "INFOBIP_API_KEY" : `INFOBIP_${account.toUpperCase()}_API_KEY`;
  if (outcome.kind === "refused" && outcome.refusal.reason === "unauthorized") {
    throw new Failure(
      outcome.refusal.status === 401
        ? `Infobip refuses the API key of account '${account}' (401). Is ${variable} right, and the key active?`
        : `The API key of account '${account}' may not manage subscriptions (403).
Give it the scope subscriptions:manage (portal: Developer Tools, API keys), or make the subscription there by hand.`,
    );
  }
  const isTaken =
    (outcome.kind === "unknown" && outcome.call.status === 409) ||
    (outcome.kind === "refused" && outcome.refusal.reason === "invalid" && /exist/i.test(outcome.refusal.text));
  if (isTaken) {
    throw new Failure(
      `Infobip says that this exists already (${outcome.call.status}), or that something it needs does not. Run it again; if that does not help, choose another --name.`,
    );
  }
  if (outcome.kind === "unknown") {
    const { why, call } = outcome;
    throw new Failure(
      `No good answer from Infobip (${call.status ?? why}), so the result is unknown. Run it again: it changes what exists, and creates nothing twice.`,
    );
  }
  return expectOk(Promise.resolve(outcome));
}

/** Null: it does not exist. */
export async function ifThere<T>(pending: Promise<Outcome<T>>, account: string): Promise<T | null> {
  const outcome = await pending;
  if (outcome.kind === "refused" && outcome.refusal.reason === "unknown-id") return null;
  return expectDone(Promise.resolve(outcome), account);
}

export const subscriptionsClient = async (account: string): Promise<SubscriptionsClient> =>
  createSubscriptionsClient(await accountConnection(account));

export async function listSubscriptions({ account, json = false }: Common): Promise<void> {
  const client = await subscriptionsClient(account);
  const subscriptions = await expectDone(client.subscriptions(), account);
  const ids = [...new Set(subscriptions.map(({ profile }) => profile?.profileId ?? ""))].filter(Boolean);
  const profiles = await Promise.all(ids.map(async (id) => [id, await ifThere(client.profile(id), account)] as const));
  const urls = new Map(profiles.map(([id, profile]) => [id, profile?.webhook?.notifyUrl ?? null]));
  const rows = subscriptions.map(({ subscriptionId, name, profile, events }) => ({
    subscriptionId,
    name: name ?? null,
    url: urls.get(profile?.profileId ?? "") ?? null,
    events: (events ?? []).map((event) => (typeof event === "string" ? event : JSON.stringify(event))),
  }));
  if (json) return printJson(rows);
  if (rows.length === 0) return console.log("No subscription to Conversations events.");
  printTable(
    ["subscription", "events", "pushes to"],
    rows.map(({ subscriptionId, url, events }) => [subscriptionId, String(events.length), url]),
  );
}

/** A part that is already gone is no mistake: the others may still exist. */
export async function removeSubscription(name: string, { account }: Common): Promise<void> {
  const client = await subscriptionsClient(account);
  const gone: Record<string, string> = {};
  const steps = [
    ["subscription", () => client.removeSubscription(name)],
    ["profile", () => client.removeProfile(name)],
    ["security", () => client.removeSecurity(name)],
  ] as const;
  for (const [what, remove] of steps) {
    if ((await ifThere(remove(), account)) !== null) gone[what] = name;
  }
  if (Object.keys(gone).length === 0) throw new Failure(`The account has no subscription '${name}'.`);
  console.log("Removed:");
  printFields(gone);
}
