/** Bodies as bots really send them. Each is a sample of a flow. */

interface Example {
  summary: string;
  value: unknown;
}
export type Examples = Readonly<Record<string, Example>>;

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
