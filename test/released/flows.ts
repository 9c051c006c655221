import { defineFlow, type Flow } from "../../src/escalation/flow.ts";

const rules = [
  { reason: "customer-asked", when: [{ event: "handoff.requested" as const }, { text: { contains: ["a human"] } }] },
];

/** Flows with which the files of this folder were made and are opened. */
export const flows: readonly Flow[] = [
  defineFlow({
    name: "day",
    bots: ["day-bot"],
    conversation: { topic: ["Order {{attributes.orderId}}", "Chat {{session}}"] },
    tags: ["bot_handoff"],
    message: "I am passing you to a colleague.",
    rules,
    waiting: [{ afterSeconds: 900, message: "Thank you for waiting." }],
    handBack: { removeTags: ["bot_handoff"], message: "I am back." },
    callbacks: { url: "https://bot.example/callbacks" },
  }),
  defineFlow({
    name: "night",
    bots: ["night-bot"],
    conversation: { topic: "Chat {{session}}" },
    message: "I am passing you to a colleague.",
    rules,
    hours: { timeZone: "Europe/Zagreb", weekly: { mon: [["09:00", "17:00"]] } },
    outsideHours: { do: "defer", message: "We are here on Monday." },
  }),
];
