/** Types of callbacks to a bot. */
export const callbackTypes = [
  "handoff.routed",
  "handoff.waiting",
  "handoff.parked",
  "handoff.returned",
  "agent.joined",
  "agent.message",
] as const;
export type CallbackType = (typeof callbackTypes)[number];

const inId = (type: CallbackType): string => type.replace(".", "-");
/** The same kind of change may come again, even within a millisecond: such a callback's id goes on with a number. */
export const callbackId = (handoffId: string, type: CallbackType, at: number): string =>
  `${handoffId}-${inId(type)}-${at}`;

const CALLBACK_ID = new RegExp(`^\\w+-(${callbackTypes.map(inId).join("|")})-\\d+(-\\d+)?$`);
export const isCallbackId = (id: string): boolean => CALLBACK_ID.test(id);

/** These tell who has the customer: the newest counts. The others carry words for the customer, which stay in their order. */
export const controlCallbacks = [
  "handoff.routed",
  "handoff.parked",
  "handoff.returned",
  "agent.joined",
] as const satisfies readonly CallbackType[];
