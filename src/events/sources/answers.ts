import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { commonNames } from "../free-form/names.ts";

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
});
