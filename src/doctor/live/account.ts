/** Checks that an account answers, and its clock. */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import { unanswered } from "../../infobip/unanswered.ts";
import { type Check, checksOf } from "../check.ts";
import { skewCheck } from "../machine.ts";

interface AccountDeps {
  area: string;
  account: string;
  client: Pick<ConversationsClient, "check">;
  now: () => number;
  /** Returns `Date` of the platform's last answer; null: it had none. */
  date: () => string | null;
}

const variable = (account: string, name: string): string =>
  account === "default" ? `INFOBIP_${name}` : `INFOBIP_${account.toUpperCase()}_${name}`;

function refusedInWords(account: string, outcome: Exclude<Outcome<unknown>, { kind: "ok" }>): string {
  const [key, url] = [variable(account, "API_KEY"), variable(account, "BASE_URL")];
  const refusal = outcome.kind === "refused" ? outcome.refusal : null;
  if (refusal?.reason === "unauthorized" && refusal.status === 401) {
    return `the API key is not accepted (401): look at ${key}, which is wrong, revoked or expired, or at ${url}, which is another account's`;
  }
  if (refusal?.reason === "unauthorized") {
    return `the API key is known, and may not read conversations (403): give it the scope conversations:manage, with which Baton reads and writes; an allow list of addresses also answers so`;
  }
  if (refusal?.reason === "not-sent")
    return `the platform could not be reached (${refusal.code}): look at ${url}, DNS, proxy and firewall`;
  if (refusal?.reason === "unknown-id") return `no such URL (404): check ${url}`;
  return `the account could not be read: ${unanswered(outcome)}`;
}

/** Calls the account once. Without an answer no further checks make sense. */
export async function accountChecks({ area, account, client, now, date }: AccountDeps) {
  const checks = checksOf(area);
  const before = now();
  const outcome = await client.check();
  const middle = (before + now()) / 2;
  // The header has whole seconds only, so take the middle of one.
  const theirs = Date.parse(date() ?? "") + 500;
  const found: Check[] = [
    outcome.kind === "ok"
      ? checks.ok(
          "credentials",
          "the API key is accepted and may read; whether it may write is not tried: it needs the scope conversations:manage",
        )
      : checks.failure("credentials", refusedInWords(account, outcome)),
    ...(Number.isNaN(theirs) ? [] : [skewCheck(area, middle - theirs)]),
  ];
  return { found, isOpen: outcome.kind === "ok" };
}
