/** Removes a tag that this handoff added, once the bot has its customer back. */
import type { Step } from "../../../model/handoff.ts";
import { isSettled } from "../../ledger/queries.ts";
import { andThen, done, NO_RESULT } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

/** The step that put the tag on, or was to. */
const tagStepBefore = ({ position }: Step, tag: string, steps: readonly Step[]): Step | undefined =>
  steps.findLast((it) => it.arguments.kind === "tag" && it.arguments.tag === tag && it.position < position);

export const untag = defineStep("untag", {
  phases: ["returned"],
  isBeforeRelease: true,
  endsWithRound: true,
  endsWithConversation: true,
  acceptsMissingTag: true,
  // While it is not known that this handoff put the tag on, it may be another's.
  isReady: ({ tag }, step, { handoff, steps }) =>
    handoff.conversationId !== null && tagStepBefore(step, tag, steps)?.state === "done",
  // An attempt on its way goes to the old conversation: its outcome says nothing about the new one.
  restart: (fresh, step) => (isSettled(step) ? step : fresh),
  canBeFound: () => false,
  run: ({ account }, args, id) => andThen(account.client.removeTag(id, args.tag), (_, call) => done(NO_RESULT, call)),
});
