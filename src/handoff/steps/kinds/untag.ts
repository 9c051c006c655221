/** Removes a tag that this handoff added, once the bot has its customer back. */
import { isSettled } from "../../ledger/queries.ts";
import { andThen, done, NO_RESULT } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const untag = defineStep("untag", {
  phases: ["returned"],
  isBeforeRelease: true,
  endsWithRound: true,
  endsWithConversation: true,
  acceptsMissingTag: true,
  // The request for the tag is still on its way: a removal could arrive before it.
  isReady: ({ tag }, _step, { handoff, steps }) =>
    handoff.conversationId !== null &&
    !steps.some(({ arguments: args, state }) => args.kind === "tag" && args.tag === tag && state === "sent"),
  // An attempt on its way goes to the old conversation: its outcome says nothing about the new one.
  restart: (fresh, step) => (isSettled(step) ? step : fresh),
  canBeFound: () => false,
  run: ({ account }, args, id) => andThen(account.client.removeTag(id, args.tag), (_, call) => done(NO_RESULT, call)),
});
