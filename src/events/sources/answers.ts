import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { commonNames } from "../free-form/names.ts";
import { isAbsent } from "../reading/absent.ts";

/**
 * Payload of an API element of an Infobip Answers chatbot. Recommended body, with further attributes of
 * the chatbot under names of their own (`orderId` here):
 *
 * ```json
 * { "uniqueSessionId": "{{uniqueSessionId}}", "conversationId": "{{conversationId}}", "sourceType": "{{sourceType}}",
 *   "phoneNumber": "{{phoneNumber}}", "displayName": "{{displayName}}",
 *   "lastReceivedTextMessage": "{{lastReceivedTextMessage}}",
 *   "reason": "the customer asked", "tags": "returns, web", "orderId": "{{orderId}}" }
 * ```
 *
 * Answers' own attributes cannot be used in an API element directly: a Code element copies each into an attribute of
 * the chatbot first. `sessionId` stays with the customer, `uniqueSessionId` changes with every chat, so it goes first.
 */
export const answers = createFreeFormSource({
  name: "answers",
  names: { ...commonNames, session: ["uniqueSessionId", "sessionId", "session"] },
  sessionOf: [],
  prepare: withAgentAnswer,
});

/** An AI agent that the chatbot asked has answered the customer's last words, and then gave up. */
function withAgentAnswer(body: Record<string, unknown>): Record<string, unknown> {
  const { agentAnswer, ...rest } = body;
  const words = rest.lastReceivedTextMessage;
  const isHeard = typeof agentAnswer === "string" && !isAbsent(agentAnswer) && typeof words === "string";
  if (!isHeard || rest.transcript !== undefined || rest.messages !== undefined) return body;
  const transcript = [
    { author: "customer", text: words },
    { author: "bot", text: agentAnswer },
  ];
  return { ...rest, transcript };
}
