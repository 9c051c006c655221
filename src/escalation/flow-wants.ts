import type { CallbackType } from "../events/callback-types.ts";
import type { Flow } from "./flow.ts";

/** Tells whether the bots of a flow get this callback. */
export const flowWants = (flow: Flow, type: CallbackType): boolean => flow.callbacks?.events.includes(type) ?? false;
