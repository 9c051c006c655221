import { parseAccounts } from "../../config.ts";
import { type ConversationsClient, createConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import type { ClientDeps } from "../../infobip/request.ts";
import { Failure } from "../support/print.ts";
import { serviceUrl } from "../support/service-url.ts";

const isEmulatorAt = (url: string): Promise<boolean> =>
  fetch(`${url}/emulator/settings`).then(
    (answer) => answer.ok,
    () => false,
  );

/**
 * Finds the connection of an account in the environment. Without any account it is the emulator inside the service at `url`, as
 * the service itself has it then.
 */
export async function accountConnection(account: string, url = serviceUrl()): Promise<ClientDeps> {
  const accounts = parseAccounts(process.env);
  if (!accounts.ok) throw new Failure(accounts.error.join("\n"), 2);
  const connected = accounts.value.get(account);
  if (connected !== undefined) {
    return { ...connected, fetch: (request) => fetch(request), now: Date.now };
  }
  if (accounts.value.size > 0) {
    throw new Failure(
      `Account '${account}' is not configured. Configured: ${[...accounts.value.keys()].join(", ")}.`,
      2,
    );
  }
  if (!(await isEmulatorAt(url))) {
    throw new Failure(
      `No account is configured, and no service with the emulator inside runs at ${url}.
Set INFOBIP_BASE_URL and INFOBIP_API_KEY, or start one: npm start`,
      2,
    );
  }
  console.error(`No account is configured: this is the emulator inside the service at ${url}.`);
  return { baseUrl: url, apiKey: "emulator", fetch: (request) => fetch(request), now: Date.now };
}

export const accountClient = async (account: string, url?: string): Promise<ConversationsClient> =>
  createConversationsClient(await accountConnection(account, url));

const MEANINGS: Record<string, string> = {
  unauthorized: "the platform refused the API key, or the key lacks a scope",
  throttled: "too many requests; try again in a while",
  closed: "the conversation is closed",
  "unknown-tag": "the account has no such tag",
  "tag-exists": "the account already has this tag",
  "unknown-id": "the platform knows no such id",
  "too-large": "the request is too large",
  timeout: "no answer came in time; whether it was done is not known",
  "connection-lost": "the connection was lost; whether it was done is not known",
  "server-error": "the platform failed; whether it was done is not known",
};

/** Returns the value of an `ok`; any other outcome ends the command with its meaning. */
export async function expectOk<T>(pending: Promise<Outcome<T>>): Promise<T> {
  const outcome = await pending;
  if (outcome.kind === "ok") return outcome.value;
  const status = outcome.call.status === null ? "" : ` (${outcome.call.status})`;
  if (outcome.kind === "unknown") throw new Failure(`${MEANINGS[outcome.why] ?? outcome.why}${status}.`);
  const { refusal } = outcome;
  if (refusal.reason === "not-sent") throw new Failure(`The platform could not be reached: ${refusal.code}.`);
  const said = "text" in refusal ? refusal.text : MEANINGS[refusal.reason];
  throw new Failure(`Not done${status}: ${said ?? refusal.reason}.`);
}
