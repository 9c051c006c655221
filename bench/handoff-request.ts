/** Handoff request of the benchmarks, with the texts that the hand-written programs send: as long as Baton's. */
export interface HandoffRequest {
  session: string;
  reason: string;
  summary: string;
  customer: { name: string; phone: string };
  attributes: Record<string, string>;
  transcript: { author: string; text: string }[];
}

export const handoffRequest = (session: string): HandoffRequest => ({
  session,
  reason: "wants a refund",
  summary: "The parcel came broken, and the customer wants the money back.",
  customer: { name: "Iva Kovac", phone: "385912345678" },
  attributes: { orderId: "A-1042", plan: "silver" },
  transcript: [
    { author: "customer", text: "My parcel came broken." },
    { author: "bot", text: "I am sorry to hear that. Shall I send another one?" },
    { author: "customer", text: "No. I want my money back." },
  ],
});

export const topicOf = ({ attributes }: HandoffRequest): string => `Order ${attributes.orderId}`;
export const summaryOf = (token: string): string => `customer-asked · handed over by shop-assistant [${token}]`;
export const metadataOf = ({ session }: HandoffRequest, token: string): Record<string, string> => ({
  baton_bot: "shop-assistant",
  baton_session: session,
  baton_handoff: token,
  baton_reason: "customer-asked",
});
export const noteOf = ({ reason, summary, customer, attributes, transcript }: HandoffRequest, token: string): string =>
  [
    "Handed over by bot shop-assistant. Reason: customer-asked",
    `The bot said: ${reason}`,
    `Summary: ${summary}`,
    `Customer: ${customer.name}`,
    "Known:",
    ...Object.entries(attributes).map(([name, value]) => `- ${name}: ${value}`),
    "",
    "Transcript (UTC)",
    ...transcript.map(({ author, text }) => `${author}: ${text}`),
    "",
    `[${token}]`,
  ].join("\n");
