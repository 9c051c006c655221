/** Keeps in the record that a refusal showed a conversation as closed. */
import { mergeObservation, unknownState } from "../../model/conversation-state.ts";
import type { Ledger } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import type { Ended } from "../ledger/attempt-end.ts";
import { rulesOf } from "../steps/step-table.ts";

/**
 * A push that was delayed puts no chat under the agent who had the conversation before. `before`: the ledger that the attempt
 * ends in, within its commit.
 */
export function recordClose(tables: Tables, { handoff, steps }: Ledger, { run, outcome, at }: Ended): void {
  const { account, conversationId } = handoff;
  const isClosed = outcome.kind === "over" || (outcome.kind === "refused" && outcome.refusal.reason === "closed");
  // A step that was reset went to another conversation, as does one that clears duplicates away.
  const isIts = steps.some(({ position, fence }) => position === run.step.position && fence === run.step.fence);
  if (!isClosed || !isIts || conversationId === null || rulesOf(run.step).isApart) return;
  const known = tables.conversations.find(account, conversationId) ?? unknownState(account, conversationId);
  tables.conversations.save(mergeObservation(known, { at, status: "closed" }, at));
}
