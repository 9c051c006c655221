/** Keeps in the record of conversations that an attempt found one closed. */
import { mergeObservation, unknownState } from "../../model/conversation-state.ts";
import type { Tables } from "../../store/store.ts";
import type { Ended } from "../ledger/attempt-end.ts";
import { showsClosed } from "../ledger/transitions/apply-outcome.ts";

/** Runs in the commit of the attempt's end. A push that comes late then puts no chat under the agent who had the conversation. */
export function recordClose(tables: Tables, account: string, { run, outcome, at }: Ended): void {
  const id = run.conversationId;
  if (id === null || !showsClosed(run, outcome)) return;
  const known = tables.conversations.find(account, id) ?? unknownState(account, id);
  tables.conversations.save(mergeObservation(known, { at, status: "closed" }, at));
}
