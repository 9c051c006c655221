import { defineFlow } from "../../src/escalation/flow.ts";

/**
 * An external bot connected to Conversations: Infobip posts each message of the customer to it, and it passes them on.
 * The conversation exists and is assigned to the bot. What the bot may ask for itself is limited.
 */
export const bankMessaging = defineFlow({
  name: "bank-messaging",
  bots: ["bank-assistant"],
  conversation: {
    topic: ["Card {{attributes.cardType}}", "Bank chat with {{customer.name}}", "Bank chat {{session}}"],
  },
  tags: ["bot_handoff"],
  message: "One moment, please: I am asking a colleague to join.",
  accept: { tags: ["callback"], queues: ["VIP"], priorities: ["NORMAL", "HIGH"] },
  note: { maxMessages: 20 },
  rules: [
    {
      name: "card-lost",
      reason: "card-blocked",
      when: {
        event: "customer.message",
        text: { contains: ["lost my card", "stolen card", "izgubio sam karticu", "karte verloren", "カードを紛失"] },
      },
      tags: ["card_blocked"],
      priority: "URGENT",
    },
    {
      reason: "sent-a-file",
      when: { event: "customer.message", contentType: ["IMAGE", "DOCUMENT", "AUDIO"] },
      tags: ["file"],
    },
    {
      reason: "customer-asked",
      when: [
        { event: "handoff.requested" },
        { event: "customer.message", text: { contains: ["agent", "adviser", "savjetnik", "berater"] } },
      ],
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    {
      reason: "private-banking",
      when: { event: "customer.message", attributes: { segment: "private" }, confidence: { below: 0.6 } },
      queue: "VIP",
      tags: ["vip"],
    },
  ],
});
