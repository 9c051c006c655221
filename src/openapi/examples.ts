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
  "dialogflow-cx": {
    summary: "A webhook of a Dialogflow CX page",
    value: {
      detectIntentResponseId: "a7c1d0e2-0001-4c55-9f10-6a0b1c2d3e4f",
      pageInfo: {
        currentPage:
          "projects/tidewater-shop/locations/europe-west3/agents/71c0b7de-50a4-4f0e-8a8b-cf0d4c2b8a11/flows/00000000-0000-0000-0000-000000000000/pages/2f61d0a4-93a1-4d7d-a0a5-0f2c5a0f7b10",
        displayName: "Help",
      },
      sessionInfo: {
        session:
          "projects/tidewater-shop/locations/europe-west3/agents/71c0b7de-50a4-4f0e-8a8b-cf0d4c2b8a11/sessions/web-Qp4sX1",
        parameters: {
          orderid: "T-5521",
          customer_name: "Mira Juri\u0107",
          visits: 3,
          club: true,
          plan: null,
          delivery: { city: "Zadar", "zip-code": "23000" },
        },
      },
      fulfillmentInfo: { tag: "Baton.Handoff" },
      intentInfo: {
        lastMatchedIntent:
          "projects/tidewater-shop/locations/europe-west3/agents/71c0b7de-50a4-4f0e-8a8b-cf0d4c2b8a11/intents/0b1c",
        displayName: "ask.for.person",
        confidence: 0.91,
      },
      messages: [
        {
          text: {
            text: ["Your kettle leaves our store tomorrow."],
            redactedText: ["Your kettle leaves our store tomorrow."],
          },
          responseType: "HANDLER_PROMPT",
          source: "VIRTUAL_AGENT",
        },
      ],
      payload: { telephony: { caller_id: "+385955551234" } },
      sentimentAnalysisResult: { score: -0.4, magnitude: 0.4 },
      text: "I have asked twice. Let me speak to somebody.",
      languageInfo: { inputLanguageCode: "en", resolvedLanguageCode: "en-GB", confidenceScore: 1 },
      languageCode: "en",
    },
  },
  "dialogflow-es": {
    summary: "The fulfillment of a Dialogflow ES intent",
    value: {
      responseId: "es-0002",
      queryResult: {
        queryText: "human",
        action: "live_agent",
        parameters: {},
        intent: { name: "projects/tidewater-es/agent/intents/77aa", displayName: "Small talk" },
        intentDetectionConfidence: 1,
        languageCode: "en",
      },
      originalDetectIntentRequest: {
        source: "telegram",
        payload: { data: { message: { from: { id: 55443322, first_name: "Mira" } } } },
      },
      session: "projects/tidewater-es/agent/sessions/0d1e2f3a-77aa-4bcd-8e21-5c6d7e8f9012b",
    },
  },
};
