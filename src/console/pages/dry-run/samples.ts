/** Payloads to begin with, as their platforms post them. */
const said = (text: string) => ({ type: "customer.message", session: "try-1", text });

export interface DryRunSample {
  name: string;
  source: string;
  body: unknown;
}
export const samples: readonly DryRunSample[] = [
  { name: "The customer asks for a person", source: "baton", body: said("I want to talk to a human, please") },
  { name: "The customer asks something else", source: "baton", body: said("Where is my order?") },
  {
    name: "The bot does not understand three times",
    source: "baton",
    body: [1, 2, 3].map((id) => ({
      id: `f${id}`,
      type: "bot.fallback",
      session: "try-1",
      text: "the thing with the thing",
    })),
  },
  {
    name: "A request with what was said",
    source: "handoffs",
    body: {
      session: "try-1",
      reason: "The customer is angry about a late parcel",
      customer: { name: "Iva", phone: "+385911234567" },
      messages: [
        { role: "user", content: "My parcel is late" },
        { role: "assistant", content: "I am sorry to hear that." },
      ],
    },
  },
  {
    name: "Rasa: the handoff action",
    source: "rasa",
    body: {
      next_action: "action_human_handoff",
      sender_id: "try-1",
      tracker: {
        sender_id: "try-1",
        latest_message: { text: "I want a human" },
        events: [{ event: "user", text: "I want a human" }],
      },
    },
  },
];
