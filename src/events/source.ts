import type { Result } from "../result.ts";
import type { Event } from "./event.ts";

/** One event of a payload. */
export interface ParsedEvent {
  event: Event;
  /**
   * True: the sender gave the id. Without one the event's id is made from its content (`contentId`), and it counts as
   * the same only while nothing else happened: a customer may well say the same thing twice.
   */
  hasSenderId: boolean;
  /** The fields that could not be used, or not whole: names such as `attributes.history`. Absent where there are none. */
  leftOut?: readonly string[];
  /** The conversation it comes to, by what other records know: its session is in it, or it is another bot's. */
  comesTo?: { conversationId: string; isTaken: boolean };
  /** The trace of the request that brought it. */
  traceparent?: string;
  /** Stands for the words that are too long for an event to carry: another end of them makes another event. */
  unheard?: string;
}

/** Why a payload is not what its source sends; each names a field and what is wrong with it, never its value. */
export interface PayloadProblem {
  issues: { field: string; message: string }[];
}

export interface SourceContext {
  /** Milliseconds since the epoch: `at` of an event whose sender did not say. */
  now: number;
  /** Headers of the request; absent where the payload came without one. */
  headers?: Headers;
}

/** Baton's answer to one event: flat, so that an attribute mapping can read it. */
export interface EventAnswer {
  outcome: "accepted" | "duplicate" | "ignored";
  /** The one who talks to the customer now. */
  control: string | null;
  handoffId: string | null;
  handoffState: string | null;
  reason: string | null;
  conversationId: string | null;
  /** Text for the customer. */
  message: string | null;
  /** The fields that could not be used, or not whole; absent where there are none. */
  leftOut?: readonly string[];
}

/** RFC 9457, as Baton answers what it refuses. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  issues?: PayloadProblem["issues"];
}

/** A refusal as its source sends it. */
interface SourceRefusal {
  status: number;
  body: object;
}

/**
 * A platform's own payload, made into our events. Pure. Only what has not the shape of its source, or names no session, is
 * a problem; what else cannot be used is left out, and named.
 */
export interface Source {
  /** The name in the address: `/v1/bots/{bot}/webhooks/{name}`. */
  name: string;
  /** The author of a flow pastes its body together, and reads its answer by a flat mapping. */
  isPasted?: true;
  /** Bytes of a body and levels of its nesting, where its platform sends more than others do. */
  limits?: { bytes?: number; depth?: number };
  /** The things that a payload of several is made of; undefined: it is one thing. */
  partsOf(payload: unknown): readonly unknown[] | undefined;
  /** One thing. An empty list: it says nothing we use. */
  toEvents(payload: unknown, context: SourceContext): Result<ParsedEvent[], PayloadProblem>;
  /**
   * Renders the answer to a payload as its platform reads it. `answers` are in the order of its events, with a problem in the
   * place of a part that was refused; there are none where the payload says nothing we use. Absent: Baton's own answers.
   */
  answer?(payload: unknown, answers: readonly (EventAnswer | ProblemDocument)[]): unknown;
  /** Renders a refusal as its platform shows it; absent: the problem as it is. */
  refusal?(problem: ProblemDocument): SourceRefusal;
}
