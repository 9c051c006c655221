/** The names under which a value may be sent, the preferred one first. Case, underscores and dashes do not matter. */
export const commonNames = {
  id: ["id"],
  type: ["type"],
  at: ["at", "timestamp"],
  session: ["session", "sessionId"],
  conversationId: ["conversationId"],
  channel: ["sourceType", "channel"],
  language: ["language"],
  customer: ["customer"],
  name: ["displayName", "customerName", "fullName", "name"],
  firstName: ["firstName"],
  lastName: ["lastName"],
  phone: ["phoneNumber", "phone"],
  email: ["email", "emailAddress"],
  externalId: ["endUserDestination", "externalId"],
  attributes: ["attributes"],
  lastWords: ["lastReceivedTextMessage", "lastReceivedMessage", "text"],
  text: ["text"],
  contentType: ["contentType"],
  intent: ["intent"],
  confidence: ["confidence"],
  sentiment: ["sentiment"],
  error: ["error"],
  reason: ["reason"],
  summary: ["summary"],
  transcript: ["transcript", "messages"],
  tags: ["tags"],
  priority: ["priority"],
  queue: ["queue"],
} satisfies Record<string, readonly string[]>;

export type Field = keyof typeof commonNames;
export type Names = Readonly<Record<Field, readonly string[]>>;
