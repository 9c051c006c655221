/** Bodies as bots really send them. Each is a sample of a flow. */

interface Example {
  summary: string;
  value: unknown;
}
type Examples = Readonly<Record<string, Example>>;

export const eventExamples: Examples = {
  message: {
    summary: "A customer who is unhappy",
    value: {
      id: "e1",
      type: "customer.message",
      session: "chat-1",
      at: "2026-11-23T10:00:00Z",
      text: "This is the third wrong parcel, I have had enough.",
      sentiment: -0.83,
      customer: { name: "Grace" },
    },
  },
  error: {
    summary: "A bot that failed",
    value: {
      id: "e1",
      type: "bot.error",
      session: "chat-1",
      at: "2026-11-23T10:00:00Z",
      error: "order service answered 503",
      customer: { name: "Luka" },
    },
  },
  several: {
    summary: "What was said so far",
    value: [
      {
        id: "e1",
        type: "session.started",
        session: "chat-1",
        at: "2026-11-23T09:58:00Z",
        channel: "LIVE_CHAT",
        customer: { name: "Ana Horvat" },
        attributes: { orderId: "A-1042" },
      },
      {
        id: "e2",
        type: "customer.message",
        session: "chat-1",
        at: "2026-11-23T09:58:10Z",
        text: "My card was 4111 1111 1111 1111",
      },
      { id: "e3", type: "bot.message", session: "chat-1", at: "2026-11-23T09:58:11Z", text: "Thank you." },
    ],
  },
};

export const requestExamples: Examples = {
  everything: {
    summary: "A request with all that an agent needs",
    value: {
      session: "chat-9",
      reason: "wants a refund",
      summary: "Two shirts of order A-7 are torn; offered an exchange, declined.",
      transcript: [
        { author: "customer", text: "They are torn", at: "2026-11-23T09:59:00Z" },
        { author: "bot", text: "Shall I exchange them?", at: "2026-11-23T09:59:04Z" },
        { author: "customer", text: "No, my money back: HR1210010051863000160" },
      ],
      tags: ["refund", "bot_handoff"],
      priority: "URGENT",
      customer: { name: "Ivo", email: "ivo@example.com" },
      attributes: { orderId: "A-7" },
    },
  },
};

/** By the name of their source. */
export const webhookExamples: Examples = {
  baton: { summary: "Baton's own schema", value: eventExamples.message?.value },
  answers: {
    summary: "An API element of Infobip Answers",
    value: {
      uniqueSessionId: "3f1c9a52-7f1e-4c5e-9a55-0a1b2c3d4e5f",
      sessionId: "9d3e7a",
      conversationId: "answers-chat",
      sourceType: "WHATSAPP",
      phoneNumber: "385912345678",
      displayName: "Ana Horvat",
      lastReceivedTextMessage: "I need a person",
      reason: "the customer asked",
      bookingCode: "ZAG-2211",
    },
  },
  flow: {
    summary: "A Call API element of Infobip Flow",
    value: {
      session: "flow-88-1",
      phoneNumber: "385912345678",
      text: "The box was open and the glass is broken",
      parcel: "P-5521",
      reply: "damaged",
    },
  },
  "infobip-bot": {
    summary: "A message that Conversations pushes to an external bot",
    value: {
      id: "B3C502BC20CB3EA6031F863991E1D3A1",
      channel: "VIBER",
      from: "385912345678",
      to: "bank",
      direction: "INBOUND",
      conversationId: "bank-chat",
      createdAt: "2026-11-23T10:01:00.000+00:00",
      updatedAt: "2026-11-23T10:01:00.000+00:00",
      content: { text: "Hello", showUrlPreview: null },
      singleSendMessage: {
        from: { phoneNumber: "385912345678", type: "PHONE_NUMBER" },
        to: { phoneNumber: "bank", type: "PHONE_NUMBER" },
        content: { text: "Hello", trackingData: null, type: "TEXT" },
        channel: "VIBER",
        direction: "INBOUND",
      },
      contentType: "TEXT",
    },
  },
};
