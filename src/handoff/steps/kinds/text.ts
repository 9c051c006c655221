/** Posts a text of the flow into the conversation, for the customer. */
import { readTimestamp } from "../../../events/reading/timestamp.ts";
import type { Message } from "../../../infobip/schema.ts";
import { isSettled } from "../../ledger/queries.ts";
import { andThen, done, NO_RESULT, notSeenYet, STEP_LOST } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

const wordsOf = ({ content }: Message): string | null => {
  if (typeof content === "string") return content;
  const text: unknown = typeof content === "object" && content !== null && "text" in content ? content.text : null;
  return typeof text === "string" ? text : null;
};

/** True for this text if it was sent after the step's first attempt; clocks may differ. */
const isSame = (text: string, sinceMs: number) => (message: Message) => {
  const at = readTimestamp(message.createdAt);
  const isInTime = at === undefined || Date.parse(at) >= sinceMs;
  return message.direction === "OUTBOUND" && isInTime && wordsOf(message)?.trim() === text.trim();
};

export const text = defineStep("text", {
  phases: ["open", "returned"],
  isBeforeRelease: true,
  endsWithRound: true,
  endsWithConversation: true,
  requests: () => [`POST ${CONVERSATION}/messages`],
  textOf: (args) => args.text,
  isWanted: ({ moment }, { state }) => state === (moment === "returned" ? "returned" : "routed"),
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  // An attempt on its way goes to the old conversation: its outcome says nothing about the new one.
  restart: (fresh, step) => (isSettled(step) ? step : fresh),
  canBeFound: () => true,
  isMootWithHuman: ({ moment }) => moment !== "returned",

  /**
   * Posts a text to the address of the customer's last message; a conversation without one has no address. The platform wants the
   * assignee as author, or none if there is none. If an agent was faster, the platform refuses the text, and it is left out.
   */
  async run(context, args, id) {
    const { account, run, ledger, settings, isHeld } = context;
    if (run.mayHaveHappened) {
      const said = await account.client.messagesOf(id);
      if (said.kind !== "ok") return said;
      const since = (run.step.firstSentAt ?? ledger.handoff.createdAt) - settings.skewMs;
      if (said.value.some(isSame(args.text, since))) return done(NO_RESULT, said.call);
      if (run.isLookupOnly) return notSeenYet(said.call);
      if (!isHeld()) return STEP_LOST;
    }
    const last = await account.client.lastInbound(id);
    if (last.kind !== "ok") return last;
    if (!isHeld()) return STEP_LOST;
    const { value, call } = last;
    if (value === null || !value.from || !value.to || !value.channel) {
      const text = "the customer has written nothing into this conversation, so there is no address to answer to";
      return { kind: "refused", refusal: { reason: "invalid", status: null, messageId: "", text }, call };
    }
    const message = {
      from: value.to,
      to: value.from,
      channel: value.channel,
      contentType: "TEXT",
      content: { text: args.text },
    };
    const author = args.moment === "returned" ? (ledger.handoff.agentId ?? undefined) : undefined;
    return andThen(account.client.addMessage(id, message, author), (_, sent) => done(NO_RESULT, sent));
  },
});
