/** What the documentation leaves open, as switches; the defaults are its likeliest reading. */
export interface EmulatorSettings {
  /** Unknown ids come as 400 by example, and 404 is listed too. */
  unknownIdStatus: 400 | 404;
  /** What route answers: one conversation, a page, `{}` or nothing. */
  routeBody: "single" | "page" | "object" | "empty";
  /** How long every answer takes. */
  latencyMs: number;
  /** A new conversation is visible to the list only after this. */
  listLagMs: number;
  /** Requests kept in `calls`; the oldest go first. */
  maxCalls: number;
}

export const defaultSettings: EmulatorSettings = {
  unknownIdStatus: 400,
  routeBody: "single",
  latencyMs: 0,
  listLagMs: 0,
  maxCalls: 10_000,
};

/** Something that goes wrong with the next requests of an operation. */
export interface Fault {
  operation: Operation;
  /** How many requests it strikes. */
  times: number;
  /** Before the request has its effect, or after. */
  when: "before" | "after";
  /** Answer a status; lose the connection; or never let it be opened. */
  effect: { status: number; body?: string; retryAfter?: string } | "reset" | "refuse";
}

export type Operation =
  | "create"
  | "list"
  | "get"
  | "update"
  | "route"
  | "simulateRouting"
  | "addTag"
  | "removeTag"
  | "tags"
  | "createTag"
  | "notes"
  | "addNote"
  | "metadata"
  | "patchMetadata"
  | "queues"
  | "agents"
  | "bots"
  | "assign";
