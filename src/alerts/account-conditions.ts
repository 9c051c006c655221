/** Finds accounts of the platform that refuse, fail or say nothing. */
import type { AccountHealth } from "../handoff/account/account-health.ts";
import type { AlertCode } from "../log.ts";
import type { Condition } from "../model/alert.ts";
import type { FindOpen, Look } from "./look.ts";

interface Accounts {
  accounts: readonly AccountHealth[];
  /** Number of an account's handoffs that wait for its credentials. */
  waiting: (account: string) => number;
  now: number;
}

/** Agents notice a poll in place of pushes by then, and a slow push has come. */
const UNHEARD_MS = 300_000;
/** An account that failed counts as failing until its circuit has not opened for this time. */
const CALM_MS = 120_000;

export function accountConditions({ accounts, waiting, now }: Accounts, open: FindOpen): readonly Look[] {
  const found: Condition[] = [];
  for (const { account, state, lastSuccessAt, circuitOpenedAt, lastPushAt, unheardSince } of accounts) {
    /** An open alert stays until the account shows the contrary: a process that has just begun knows nothing. */
    const stays = (code: AlertCode, shownAt: number | null): boolean => {
      const alert = open(code, account);
      return alert !== undefined && (shownAt === null || shownAt <= alert.since);
    };
    const count = waiting(account);
    const add = (code: AlertCode, its = 1): void =>
      void found.push({ bot: null, account, handoffId: null, code, count: its });
    if (state === "refused" || count > 0 || stays("account-refused", lastSuccessAt))
      add("account-refused", Math.max(1, count));
    // A platform that fails in part has successes in between.
    const isCalm =
      circuitOpenedAt === null ||
      (now - circuitOpenedAt >= CALM_MS && lastSuccessAt !== null && lastSuccessAt > circuitOpenedAt);
    if (!isCalm || stays("account-failing", lastSuccessAt)) add("account-failing");
    const isUnheard = unheardSince !== null && now - unheardSince >= UNHEARD_MS;
    if (isUnheard || stays("pushes-silent", lastPushAt)) add("pushes-silent");
  }
  return (["account-refused", "account-failing", "pushes-silent"] as const).map((code) => ({
    code,
    conditions: found.filter((it) => it.code === code),
    isWhole: true,
    isListed: false,
  }));
}
