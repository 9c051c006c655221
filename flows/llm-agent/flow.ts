import { defineFlow } from "../../src/escalation/flow.ts";
import * as english from "../words/english.ts";
import * as german from "../words/german.ts";
import { inRow } from "../words/in-row.ts";

const languages = [english, german];
const wantsNoPerson = languages.flatMap((language) => language.wantsNoPerson);
const meansNoPerson = languages.flatMap((language) => language.meansNoPerson);

/** A model must not answer these, whatever it makes of them. */
const legalMatters = [
  ...["lawyer*", "solicitor*", "attorney*", "legal action", "take you to court", "small claims", "chargeback*"],
  ...["anwalt", "anwält*", "rechtsanw*", "verklag*", "rechtliche schritte", "verbraucherzentrale", "rückbuch*"],
];
const noLegalMatters = [
  ...inRow(["i am a", "i'm a", "as a", "for a", "for my"], ["lawyer", "solicitor", "attorney"]),
  ...inRow(["ich bin", "als", "für einen"], ["anwalt", "anwältin", "rechtsanw*"]),
];

/**
 * An LLM agent that hands over by its tool (the API or MCP) and reports what is said. The tool is the agent's own judgement; the
 * rules before it do not depend on the model: words that ask for a person, legal matters, errors of the model, a chat that goes in
 * circles. Many chats may come at once, so a long queue is said, and a chat goes to people only so often.
 */
export const llmAgent = defineFlow({
  name: "llm-agent",
  bots: ["llm-agent"],
  conversation: {
    topic: ["{{attributes.intent}}: {{customer.name}}", "Agent chat with {{customer.name}}", "Agent chat {{session}}"],
    queue: "Support",
  },
  queues: [
    { when: { attributes: { amount: { atLeast: 1000 } } }, queue: "VIP" },
    { when: { customer: { email: "*@bigcorp.example" } }, queue: "VIP" },
  ],
  // The account's routing rules may send each language to people who speak it.
  tags: ["bot_handoff", "lang_{{language}}"],
  language: "en",
  message: {
    en: [
      "{{customer.name}}, I am passing you to a colleague. They can read our chat.",
      "I am passing you to a colleague. They can read our chat.",
    ],
    de: "Ich verbinde Sie mit jemandem aus dem Team. Unser Chat liegt dort vor.",
  },
  // A model makes up values: only these count.
  accept: {
    tags: ["refund", "complaint", "technical"],
    queues: ["Support", "Complaints"],
    priorities: ["NORMAL", "HIGH"],
  },
  hours: {
    timeZone: "Europe/Berlin",
    weekly: {
      mon: [["08:00", "20:00"]],
      tue: [["08:00", "20:00"]],
      wed: [["08:00", "20:00"]],
      thu: [["08:00", "20:00"]],
      fri: [["08:00", "20:00"]],
      sat: [["09:00", "14:00"]],
    },
    holidays: [
      "--01-01",
      "--05-01",
      { date: "--12-24", open: [["08:00", "12:00"]] },
      { from: "--12-25", to: "--12-26" },
    ],
  },
  outsideHours: {
    do: "decline",
    message: {
      en: "Nobody is here now. We are back at eight (Saturdays at nine); I go on helping as well as I can.",
      de: "Jetzt ist niemand da. Wir sind ab acht Uhr zurück (samstags ab neun); bis dahin helfe ich, so gut ich kann.",
    },
  },
  noAgent: {
    do: "decline",
    orWaiting: 20,
    message: {
      en: "Everybody is busy, and many are waiting. Leave your number, and we call you back today.",
      de: "Alle sind im Gespräch, und viele warten. Nennen Sie mir Ihre Nummer, und wir rufen heute zurück.",
    },
  },
  atMost: {
    handoffs: 5,
    withinHours: 24,
    message: {
      en: "My colleagues had your chat several times today. Please write to us by e-mail, so that one of them keeps it.",
      de: "Ihr Chat war heute schon mehrmals bei meinen Kollegen. Schreiben Sie uns bitte eine E-Mail, damit einer dranbleibt.",
    },
  },
  rules: [
    {
      reason: "legal",
      when: { text: { contains: legalMatters } },
      unless: { text: { contains: noLegalMatters } },
      tags: ["legal"],
      priority: "URGENT",
      queue: "Complaints",
      // It waits for the morning rather than for a model.
      outsideHours: {
        do: "defer",
        message: {
          en: "A colleague answers that as soon as we are back.",
          de: "Darauf antwortet jemand aus dem Team, sobald wir zurück sind.",
        },
      },
    },
    {
      name: "asked-for-a-person",
      reason: "customer-asked",
      when: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: languages.flatMap(({ asksForPerson, namesPerson }) => [...asksForPerson, ...namesPerson]) },
      },
      unless: { text: { contains: [...wantsNoPerson, ...meansNoPerson] } },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    { reason: "agent-asked", when: { event: "handoff.requested" } },
    {
      reason: "agent-failed",
      when: { event: "bot.error", errors: { atLeast: 2 } },
      tags: ["agent_failed"],
      priority: "HIGH",
    },
    {
      name: "back-again",
      reason: "not-solved",
      when: { event: "customer.message", handoffs: { atLeast: 1, withinHours: 24 }, sentiment: { below: -0.5 } },
      // Directly after the hand-back the agent's work still echoes.
      unless: { sinceHandBack: { belowMinutes: 5 } },
      tags: ["not_solved"],
      priority: "HIGH",
    },
    {
      reason: "in-circles",
      do: "suggest",
      // A trial with half of the chats.
      when: [
        { event: "customer.message", messages: { atLeast: 12 }, share: { below: 0.5 } },
        { event: "customer.message", minutes: { atLeast: 20 }, share: { below: 0.5 } },
      ],
      message: {
        en: "We have been at this for a while. Shall I ask a colleague to join?",
        de: "Wir sind schon eine Weile dabei. Soll ich jemanden aus dem Team dazuholen?",
      },
    },
  ],
});
