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

/** These tell who has the customer: the newest counts. The others carry words for the customer, which stay in their order. */
export const controlCallbacks = [
  "handoff.routed",
  "handoff.parked",
  "handoff.returned",
  "agent.joined",
] as const satisfies readonly CallbackType[];
