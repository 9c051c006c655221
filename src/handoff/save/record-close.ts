/** Keeps in the record of conversations that an attempt closed one, or found it closed. */
import { mergeObservation, unknownState } from "../../model/conversation-state.ts";
import type { Ledger } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import type { Ended } from "../ledger/attempt-end.ts";
import { isOwnConversation } from "../ledger/queries.ts";
import { showsClosed } from "../ledger/transitions/apply-outcome.ts";

/** True if Baton closed the conversation. A release of one that it did not create, and that no operator ended, leaves it open. */
const hasClosed = ({ steps }: Ledger, { run: { step }, outcome }: Ended): boolean =>
  step.arguments.kind === "release" &&
  outcome.kind === "done" &&
  (step.arguments.because === "ended" || isOwnConversation(steps));

/** Runs in the commit of the attempt's end. A push that comes late then puts no chat under the agent who had the conversation. */
export function recordClose(tables: Tables, ledger: Ledger, ended: Ended): void {
  const { run, outcome, at } = ended;
  const id = run.conversationId;
  if (id === null || !(showsClosed(run, outcome) || hasClosed(ledger, ended))) return;
  const { account } = ledger.handoff;
  const known = tables.conversations.find(account, id) ?? unknownState(account, id);
  tables.conversations.save(mergeObservation(known, { at, status: "closed" }, at));
}
