/** Codes of alerts. They are part of the interface: docs/operations.md has a paragraph for each. */
export const alertCodes = [
  "handoff-parked",
  "handoff-late",
  "account-refused",
  "account-failing",
  "pushes-silent",
  "callback-given-up",
  "too-many-handoffs",
  "backlog",
  "disk-low",
  "storage-failing",
] as const;
export type AlertCode = (typeof alertCodes)[number];

/**
 * Fields of a log line: ids of ours, states, figures. A closed list, so that no text of a customer, no id that may
 * be a phone number (a bot's session) and no secret has a way in.
 */
interface LogFields {
  /** Somebody has to act. */
  alert?: AlertCode;
  account?: string;
  bot?: string;
  /** Name of the operator. `act` is the action. */
  operator?: string;
  act?: string;
  /** A keyed hash of an address. */
  peer?: string;
  flow?: string;
  source?: string;
  /** Name of a timed job. */
  job?: string;
  handoff?: string;
  callback?: string;
  step?: string;
  state?: string;
  rule?: string;
  outcome?: string;
  reason?: string;
  status?: number;
  requestId?: string;
  /** Id of the trace that a caller of ours began. */
  traceId?: string;
  method?: string;
  path?: string;
  ms?: number;
  count?: number;
  port?: number;
  signal?: string;
  /** An unexpected error: its name, message and stack. Never put a payload into an error's message. */
  err?: unknown;
}

/** The shape of pino: entries pass a pino logger, tests a recording one. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
