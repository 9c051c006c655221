/** What is told to the bot by a callback. */
export const callbackTypes = [
  "handoff.routed",
  "handoff.waiting",
  "handoff.parked",
  "handoff.returned",
  "agent.joined",
  "agent.message",
] as const;
export type CallbackType = (typeof callbackTypes)[number];
