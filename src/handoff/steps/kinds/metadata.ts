/** Writes bot, session, token and the customer's contact to the conversation, for programs. */
import { andThen, done, NO_RESULT } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

export const metadata = defineStep("metadata", {
  isContext: true,
  isBeforeRelease: true,
  requests: () => [`PATCH ${CONVERSATION}/metadata`],
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  canBeFound: () => false,
  canWait: () => true,

  restart(fresh, { arguments: args }, { replaces }) {
    if (args.kind !== "metadata" || replaces.length === 0) return fresh;
    return {
      ...fresh,
      arguments: { ...args, data: { ...args.data, baton_previous_conversation: replaces.join(" ") } },
    };
  },

  run: ({ account }, { data }, id) =>
    andThen(account.client.patchMetadata(id, data), (_, call) => done(NO_RESULT, call)),
});
