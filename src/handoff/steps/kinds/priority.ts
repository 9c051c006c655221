/** Makes the conversation more urgent. */
import { after, done, PLAIN } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const priority = defineStep("priority", {
  isBeforeRelease: true,
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  // It is about what was, and has no meaning in another conversation.
  restart: (_fresh, step) => step,
  canBeFound: () => false,
  isMootWithHuman: () => true,
  run: ({ account }, args, id) =>
    after(account.client.update(id, { priority: args.priority }), (_, call) => done(PLAIN, call)),
});
