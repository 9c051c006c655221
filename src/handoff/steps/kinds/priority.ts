/** Makes the conversation more urgent. */
import { isSettled } from "../../ledger/queries.ts";
import { andThen, done, NO_RESULT, unlessHuman } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const priority = defineStep("priority", {
  isBeforeRelease: true,
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  // A new conversation is created with the raised priority.
  restart: (fresh, step) => (isSettled(step) ? step : { ...fresh, state: "skipped" }),
  canBeFound: () => false,
  isMootWithHuman: () => true,
  // The answer shows the conversation. A person may have taken it: then Baton must not route it.
  run: (context, args, id) =>
    andThen(context.account.client.update(id, { priority: args.priority }), (conversation, call) =>
      unlessHuman(context, conversation, call, () => done(NO_RESULT, call)),
    ),
});
