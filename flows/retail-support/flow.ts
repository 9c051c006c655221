import { defineFlow } from "../../src/escalation/flow.ts";
import { asksForPerson, meansNoPerson, namesPerson, wantsNoPerson } from "../words/english.ts";

/** A shop's assistant: the reference flow. It names no queue, so the account's routing rules choose by tag. */
export const retailSupport = defineFlow({
  name: "retail-support",
  bots: ["shop-assistant"],
  account: "default",
  conversation: {
    topic: ["Order {{attributes.orderId}}", "Chat with {{customer.name}}", "Chat {{session}}"],
  },
  tags: ["bot_handoff"],
  message: "I am passing you to a colleague. They can see what we have said so far.",
  rules: [
    {
      name: "asked-for-a-person",
      reason: "customer-asked",
      when: { event: ["customer.message", "bot.fallback"], text: { contains: asksForPerson } },
      unless: { text: { contains: wantsNoPerson } },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    {
      reason: "customer-asked",
      when: [{ event: "handoff.requested" }, { text: { contains: namesPerson } }],
      unless: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: [...wantsNoPerson, ...meansNoPerson] },
      },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    { reason: "bot-failed", when: { event: "bot.error" }, tags: ["bot_failed"], priority: "HIGH" },
    {
      reason: "unhappy",
      when: { event: "customer.message", sentiment: { below: -0.6 } },
      tags: ["unhappy"],
      priority: "URGENT",
    },
    {
      reason: "bot-lost",
      when: { event: "bot.fallback", fallbacks: { atLeast: 3 } },
      tags: ["bot_lost"],
      priority: "NORMAL",
    },
    {
      reason: "vip-unsure",
      when: { attributes: { plan: "gold" }, confidence: { below: 0.4 } },
      tags: ["vip"],
      priority: "HIGH",
    },
  ],
});
