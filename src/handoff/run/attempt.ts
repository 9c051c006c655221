/** Makes one attempt of a step, unless the step was reset meanwhile. */
import type { Log } from "../../log.ts";
import type { Ledger, Step } from "../../model/handoff.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { Run, StepOutcome } from "../ledger/step-attempt.ts";
import type { HandoffSettings } from "../settings.ts";
import type { Account } from "../steps/step-context.ts";
import { runStep } from "../steps/step-table.ts";

export interface TracedAccount extends Account {
  client: Account["client"] & { within: (traceparent: string) => Account["client"] };
}

interface AttemptDeps {
  record: Pick<SessionRecord, "read">;
  now: () => number;
  settings: HandoffSettings;
  log: Log;
}

/** A handoff and its account; undefined: the account is not configured any more. */
interface Attempted {
  id: string;
  account: TracedAccount | undefined;
}

export function createAttempt({ record, now, settings, log }: AttemptDeps) {
  /** True if the step was not reset meanwhile, and no other process took over while this one stood still. */
  const isHeld = (id: string, { position, fence }: Step): boolean =>
    record.read((tables) => tables.handoffs.isHeld(id, position, fence));

  /** Returns the outcome of an attempt; null: its step was reset, and nothing was sent. */
  return async ({ id, account }: Attempted, ledger: Ledger, run: Run): Promise<StepOutcome | null> => {
    const { account: name } = ledger.handoff;
    try {
      if (!isHeld(id, run.step)) return null;
      if (account === undefined) throw new Error(`account '${name}' is not configured`);
      const { traceparent } = ledger.handoff.decision;
      const traced = traceparent === undefined ? account : { ...account, client: account.client.within(traceparent) };
      return await runStep({ account: traced, ledger, run, isHeld: () => isHeld(id, run.step), now, settings, log });
    } catch (err) {
      // A bug of ours, an unreadable record, or no account: the request may or may not have been sent.
      log.error({ handoff: id, account: name, err }, "a step failed unexpectedly");
      return { kind: "unknown", why: "internal", call: null };
    }
  };
}
