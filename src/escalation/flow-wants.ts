import type { CallbackType } from "../events/callback-types.ts";
import type { Flow } from "./flow.ts";

/** Whether the bots of a flow are told of this. */
export const flowWants = (flow: Flow, type: CallbackType): boolean => flow.callbacks?.events.includes(type) ?? false;
