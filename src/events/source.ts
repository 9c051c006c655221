import type { Result } from "../result.ts";
import type { Event } from "./event.ts";

/** One event of a payload. */
export interface Reported {
  event: Event;
  /**
   * Whether the sender gave the id. Without one the event's id is made from its content (`contentId`), and it counts as
   * the same only while nothing else happened: a customer may well say the same thing twice.
   */
  hasOwnId: boolean;
  /** The fields that could not be used, or not whole: names such as `attributes.history`. Absent where there are none. */
  leftOut?: readonly string[];
}

/** Why a payload is not what its source sends; each names a field and what is wrong with it, never its value. */
export interface PayloadProblem {
  issues: { field: string; message: string }[];
}

export interface SourceContext {
  /** Milliseconds since the epoch: `at` of an event whose sender did not say. */
  now: number;
}

/**
 * A platform's own payload, made into our events. Pure. An empty list: the payload has the shape of its source and says
 * nothing we use. A problem: it has not that shape, or names no session.
 */
export interface Source {
  /** As in the address: `/v1/bots/{bot}/webhooks/{name}`. */
  name: string;
  toEvents(payload: unknown, context: SourceContext): Result<Reported[], PayloadProblem>;
}
