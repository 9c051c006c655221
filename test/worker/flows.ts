/** The flows of the project, one whose bot gets all callbacks, and one that shares its conversations with another's bot. */

import { flows as projects } from "../../flows/./index.ts";
import { defineFlow, type Flow } from "../../src/escalation/flow.ts";
import { callbackTypes } from "../../src/events/callback-types.ts";

export const TOLD_BOT = "told-bot";
export const SHARING_BOT = "sharing-bot";
export const GUEST_BOT = "guest-bot";

const common = { conversation: { topic: "Chat {{session}}" }, message: "I am passing you to a colleague." };
const asked = { reason: "asked", when: { event: "handoff.requested" } } as const;

export const flows: readonly Flow[] = [
  ...projects,
  defineFlow({
    name: "told",
    bots: [TOLD_BOT],
    ...common,
    rules: [{ reason: "customer-asked", when: { text: { contains: ["a human"] } } }],
    callbacks: { url: "https://bot.example/callbacks", events: [...callbackTypes] },
  }),
  defineFlow({
    name: "sharing",
    bots: [SHARING_BOT],
    ...common,
    rules: [asked],
    sharesConversationsWith: [GUEST_BOT],
  }),
  defineFlow({ name: "guest", bots: [GUEST_BOT], ...common, rules: [asked] }),
];
