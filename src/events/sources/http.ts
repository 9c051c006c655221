/**
 * The HTTP node of any flow builder: its author writes the body, with whatever names the builder has for its variables. The
 * builder's conversation is a session here; Infobip's has a name of its own.
 */
import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { commonNames } from "../free-form/names.ts";
import { type Containers, createWithExternalId, PERSON, unfold } from "../free-form/unfold.ts";

const PEOPLE = ["userId", "contactId", "subscriberId", "visitorId", "from"];

export const builderNames = {
  ...commonNames,
  id: ["id", "eventId", "messageId", "messageSid", "activityId", "inputId"],
  session: [
    ...["session", "sessionId", "conversationId", "conversationSid", "chatId", "threadId", "resultId"],
    ...PEOPLE,
  ],
  conversationId: ["infobipConversationId"],
  channel: ["channel", "sourceType", "platform"],
  language: ["language", "locale", "languageCode", "lang"],
  name: [...commonNames.name, "userName", "profileName"],
  phone: [...commonNames.phone, "msisdn", "mobile", "customerPhone", "userPhone"],
  email: [...commonNames.email, "customerEmail", "userEmail", "mail"],
  externalId: ["externalId", "customerId"],
  lastWords: [
    ...commonNames.lastWords,
    ...["message", "lastMessage", "lastUserMessage", "userMessage", "lastUtterance", "utterance", "query", "input"],
  ],
  text: [...commonNames.text, "message", "reply"],
  intent: ["intent", "intentName"],
  confidence: ["confidence", "intentConfidence", "intentScore"],
  sentiment: ["sentiment", "sentimentScore"],
  transcript: [
    ...commonNames.transcript,
    ...["history", "chatHistory", "conversationHistory", "messageHistory", "conversation", "chat"],
  ],
};

const CONTAINERS: Containers = {
  ...{ user: PERSON, profile: PERSON, contact: PERSON, customer: PERSON, visitor: PERSON },
  ...{ session: { id: "session" }, chat: { id: "session" }, conversation: { id: "conversationId" } },
  ...{ input: { id: "messageId" }, event: { id: "messageId" } },
  ...{ body: {}, data: {}, payload: {}, params: {}, parameters: {}, variables: {}, context: {}, fields: {} },
};

const withExternalId = createWithExternalId(builderNames.session, PEOPLE);

export const http = createFreeFormSource({
  name: "http",
  names: builderNames,
  sessionOf: ["phone", "email", "externalId"],
  prepare: (body) => withExternalId(unfold(body, CONTAINERS)),
});
