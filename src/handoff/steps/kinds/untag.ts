/** Takes off a tag that this handoff put on, once the bot has its customer back. */
import { after, done, PLAIN } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const untag = defineStep("untag", {
  phases: ["returned"],
  isBeforeRelease: true,
  endsWithRound: true,
  endsWithConversation: true,
  acceptsMissingTag: true,
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  // It is about what was, and has no meaning in another conversation.
  restart: (_fresh, step) => step,
  canBeFound: () => false,
  run: ({ account }, args, id) => after(account.client.removeTag(id, args.tag), (_, call) => done(PLAIN, call)),
});
