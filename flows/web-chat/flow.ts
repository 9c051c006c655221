import { defineFlow } from "../../src/escalation/flow.ts";
import { asksForPerson, meansNoPerson, namesPerson, wantsNoPerson } from "../words/english.ts";

/**
 * The chat of a website. A customer who closes the page is gone, so no handoff waits for them. Outside the hours, when all agents
 * are busy, and after three minutes of waiting the bot says so and keeps its customer.
 */
export const webChat = defineFlow({
  name: "web-chat",
  bots: ["web-assistant"],
  conversation: { topic: ["Website: {{attributes.page}}", "Website chat {{session}}"] },
  tags: ["bot_handoff"],
  message: "A colleague joins this chat in a moment.",
  // Customers leave their address for the agent, as the texts ask them to.
  note: { redact: ["card", "iban", "secret"] },
  hours: {
    timeZone: "Europe/Zagreb",
    weekly: {
      mon: [["09:00", "17:00"]],
      tue: [["09:00", "17:00"]],
      wed: [["09:00", "17:00"]],
      thu: [["09:00", "17:00"]],
      fri: [["09:00", "17:00"]],
    },
  },
  outsideHours: {
    do: "decline",
    message: "Nobody is here now: we are back on weekdays at nine. Leave your e-mail address, and we write to you.",
  },
  noAgent: {
    do: "decline",
    message: "All my colleagues are busy. Leave your e-mail address, and we write to you today.",
  },
  waiting: [
    { afterSeconds: 60, message: "A colleague is on the way. Thank you for waiting." },
    {
      afterSeconds: 180,
      tags: ["missed"],
      giveBack: true,
      message: "I am sorry: nobody is free. Leave your e-mail address, and we write to you today.",
    },
  ],
  handBack: {
    removeTags: ["bot_handoff"],
    message: "I am the assistant again. Can I help you with anything else?",
  },
  rules: [
    {
      name: "asked-for-a-person",
      reason: "customer-asked",
      when: { event: ["customer.message", "bot.fallback"], text: { contains: asksForPerson } },
      unless: { text: { contains: wantsNoPerson } },
      priority: "HIGH",
    },
    {
      reason: "customer-asked",
      when: [{ event: "handoff.requested" }, { text: { contains: namesPerson } }],
      unless: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: [...wantsNoPerson, ...meansNoPerson] },
      },
      priority: "HIGH",
    },
    { reason: "bot-lost", when: { event: "bot.fallback", fallbacks: { atLeast: 2 } } },
  ],
});
