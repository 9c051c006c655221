/** The flows of the project and one whose bot is told of everything: no flow of the project declares callbacks. */

import { flows as projects } from "../../flows/./index.ts";
import { defineFlow, type Flow } from "../../src/escalation/flow.ts";
import { callbackTypes } from "../../src/events/callback-types.ts";

export const TOLD_BOT = "told-bot";

export const flows: readonly Flow[] = [
  ...projects,
  defineFlow({
    name: "told",
    bots: [TOLD_BOT],
    conversation: { topic: "Chat {{session}}" },
    message: "I am passing you to a colleague.",
    rules: [{ reason: "customer-asked", when: { text: { contains: ["a human"] } } }],
    callbacks: { url: "https://bot.example/callbacks", events: [...callbackTypes] },
  }),
];
