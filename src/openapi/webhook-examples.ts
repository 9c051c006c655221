import { type Examples, eventExamples } from "./examples.ts";

/** Examples by the name of their source. */
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
  http: {
    summary: "An HTTP node of n8n",
    value: {
      session: "77",
      executionId: 4411,
      body: { text: "a human please" },
      transcript: '[{"role":"user","content":"my kettle leaks"},{"role":"user","content":"a human please"}]',
      tags: "vip, refund",
      priority: "High",
    },
  },
  rasa: {
    summary: "The tracker of a Rasa bot",
    value: {
      sender_id: "tracker-9",
      slots: {},
      latest_message: {
        text: "a person",
        intent: { name: null, confidence: 0.0 },
        entities: [],
        message_id: "m-9",
        metadata: {},
      },
      latest_event_time: 1795775490.5,
      followup_action: null,
      paused: false,
      stack: [],
      events: [
        { event: "action", timestamp: 1795775480.1, name: "action_session_start", policy: null, confidence: 1.0 },
        { event: "session_started", timestamp: 1795775480.2 },
        {
          event: "user",
          timestamp: 1795775481.5,
          text: "My kettle leaks",
          metadata: { assistant_id: "tidewater" },
          parse_data: { text: "My kettle leaks", intent: { name: "x", confidence: 0.9 }, entities: [] },
          input_channel: "webchat",
          message_id: "m-1",
        },
        {
          event: "bot",
          timestamp: 1795775482.25,
          text: "Shall I get somebody?",
          metadata: { utter_action: "utter_x" },
          data: {
            elements: null,
            quick_replies: null,
            buttons: [{ title: "Yes", payload: "/SetSlots(confirm=true)" }],
            attachment: null,
            image: null,
            custom: null,
          },
        },
        { event: "slot", timestamp: 1795775483.0, name: "order_id", value: "T-5521" },
        {
          event: "user",
          timestamp: 1795775490.482917,
          text: "yes, somebody real",
          metadata: { assistant_id: "tidewater" },
          parse_data: { text: "yes, somebody real", intent: { name: "x", confidence: 0.9 }, entities: [] },
          input_channel: "webchat",
          message_id: "m-2",
        },
      ],
      latest_input_channel: "webchat",
      active_loop: {},
      latest_action_name: "action_listen",
    },
  },
  "bot-framework": {
    summary: "The handoff event of a Bot Framework bot",
    value: {
      type: "event",
      id: "e-1",
      name: "handoff.initiate",
      channelId: "msteams",
      conversation: { id: "a:77;messageid=1" },
      from: { id: "29:77", name: "Mira" },
      recipient: { id: "28:bot" },
      value: '{"Skill":"repairs","queue":"Support"}',
      attachments: [
        {
          contentType: "application/json",
          name: "Trasnscript",
          content: {
            activities: [
              {
                type: "message",
                conversation: { id: "a:77" },
                from: { id: "29:77" },
                text: "<at>Tidewater</at> my kettle leaks",
              },
              {
                type: "message",
                conversation: { id: "a:77" },
                from: { id: "28:bot" },
                attachments: [
                  {
                    contentType: "application/vnd.microsoft.card.hero",
                    content: { title: "Repairs", text: "Which one?" },
                  },
                ],
              },
            ],
          },
        },
      ],
    },
  },
  botpress: {
    summary: "An Execute Code card of Botpress",
    value: {
      conversationId: "conv_77TIDE",
      userId: "user_77TIDE",
      messageId: "msg_1",
      botId: "b-77",
      integration: "webchat",
      text: "let me talk to somebody",
      reason: "customer asked",
      user: { name: "Mira Juri\u0107", email: "mira@example.com", TranslatorAgent: { language: "hr" } },
      workflow: { orderId: "T-5521" },
      transcript: [
        { sender: "User", preview: "my kettle leaks" },
        { sender: "Bot", preview: "I could not find it." },
        { sender: "User", preview: "let me talk to somebody" },
      ],
    },
  },
  voiceflow: {
    summary: "An API step of Voiceflow",
    value: {
      session: "visitor-77",
      user_id: "visitor-77",
      sessionID: "77f0",
      last_utterance: "somebody real please",
      last_response: "I did not find it.",
      intent_confidence: 91,
      sessions: 3,
      platform: "webchat",
      locale: "en-US",
      timestamp: 1795775950,
      vf_memory:
        "assistant: How can I help?\nuser: my kettle\nleaks\nassistant: I did not find it.\nuser: somebody real please",
      order_id: "T-5521",
      name: "Mira",
      email: "mira@example.com",
      plan: 0,
    },
  },
};
