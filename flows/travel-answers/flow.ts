import { defineFlow } from "../../src/escalation/flow.ts";
import * as english from "../words/english.ts";
import * as german from "../words/german.ts";
import { cannotGoOn, couldGoOn } from "../words/stranded.ts";

const languages = [english, german];
const wantsNoPerson = languages.flatMap((language) => language.wantsNoPerson);
const meansNoPerson = languages.flatMap((language) => language.meansNoPerson);

/**
 * An Infobip Answers chatbot with a To agent element of its own. An API element before that one asks Baton, which puts
 * tags and notes on the conversation that Answers already has; the To agent element finds them, and routes. A chatbot that
 * reports each message (`"type": "customer.message"`) goes to its To agent element where the answer's `control` is not `bot`.
 */
export const travelAnswers = defineFlow({
  name: "travel-answers",
  bots: ["travel-assistant"],
  routedBy: "answers",
  conversation: {
    topic: ["Booking {{attributes.bookingCode}}", "Trip of {{customer.name}}", "Travel chat {{session}}"],
    summary: "{{reason}}: {{attributes.topic}}",
  },
  tags: ["bot_handoff", "travel"],
  waiting: [{ afterSeconds: 600, priority: "URGENT", tags: ["waits_long"] }],
  // An agent sets a trip aside as solved while the airline answers; the chatbot gets the customer back when the conversation is
  // closed.
  handBack: { when: "closed" },
  rules: [
    {
      reason: "stranded",
      when: [
        { event: "handoff.requested", attributes: { topic: ["cancelled-flight", "missed-connection"] } },
        { text: { contains: cannotGoOn } },
      ],
      unless: { event: ["customer.message", "bot.fallback"], text: { contains: couldGoOn } },
      tags: ["stranded"],
      priority: "URGENT",
    },
    {
      name: "asked-for-a-person",
      reason: "customer-asked",
      when: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: languages.flatMap(({ asksForPerson }) => asksForPerson) },
      },
      unless: { text: { contains: wantsNoPerson } },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    {
      reason: "customer-asked",
      when: [
        { event: "handoff.requested" },
        { text: { contains: languages.flatMap(({ namesPerson }) => namesPerson) } },
      ],
      unless: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: [...wantsNoPerson, ...meansNoPerson] },
      },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
  ],
});
