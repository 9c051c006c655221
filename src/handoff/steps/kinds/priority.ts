/** Makes the conversation more urgent. */
import { isSettled } from "../../ledger/queries.ts";
import { after, done, PLAIN } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const priority = defineStep("priority", {
  isBeforeRelease: true,
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  // A new conversation is created with the raised priority.
  restart: (fresh, step) => (isSettled(step) ? step : { ...fresh, state: "skipped" }),
  canBeFound: () => false,
  isMootWithHuman: () => true,
  run: ({ account }, args, id) =>
    after(account.client.update(id, { priority: args.priority }), (_, call) => done(PLAIN, call)),
});
