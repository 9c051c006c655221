import { err, ok, type Result } from "../../result.ts";
import { contentIdWithoutTimes } from "../content-id.ts";
import { type Event, eventTypes, lengthOf, sentEventSchema, WORDS_MAX } from "../event.ts";
import { commonNames } from "../free-form/names.ts";
import { createBody, plainNames, readEvent, readEventType, readOwnId } from "../free-form/read-body.ts";
import { hasPlaceholder, isAbsent, isAbsentLabel } from "../reading/absent.ts";
import { plainName } from "../reading/named-values.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, readRecord } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";
import type { ParsedEvent, PayloadProblem, Source, SourceContext } from "../source.ts";

const names = plainNames({
  ...commonNames,
  session: ["session"],
  lastWords: ["text", "content", "message", "body"],
  text: ["text", "content", "message", "body"],
  // SDKs of language models and of their agents use these names.
  transcript: ["transcript", "messages", "input", "history", "contents"],
});

const isTime = (field: string): boolean => names.at.includes(plainName(field));

/** Our own schema: one event, or an array of them. */
export const baton: Source = {
  name: "baton",
  partsOf: (payload) => (Array.isArray(payload) ? payload : undefined),
  toEvents(payload, context) {
    const read = toEvent(payload, context);
    return read.ok ? ok([read.value]) : read;
  },
};

/**
 * The body of a request for a handoff: a `handoff.requested` event that need not say its type or its id. Any other type is left
 * out, since the address says what is asked. `id`: what it is known by where it says none; without that, its content.
 */
export function toHandoffRequest(
  payload: unknown,
  context: SourceContext & { id?: string | undefined },
): Result<ParsedEvent, PayloadProblem> {
  const given = Array.isArray(payload) && payload.length === 1 ? payload[0] : payload;
  if (!isRecord(given)) return err(notAnObject);
  const body = withToolArguments(given);
  const type = "handoff.requested";
  const id = isAbsentLabel(body.id) ? context.id : body.id;
  const read = toEvent({ ...body, type, ...(id !== undefined && { id }) }, context);
  if (!read.ok || isAbsentLabel(body.type) || readEventType(body.type) === type) return read;
  return ok({ ...read.value, leftOut: ["type", ...(read.value.leftOut ?? [])] });
}

/** Names the event or the conversation, or wraps the request: a language model that fills these in invents them. */
const INVENTED = new Set([...names.id, ...names.type, ...names.at, ...names.conversationId, plainName("toolCallId")]);

/** Reads a request whose fields a language model filled in. */
export function toModelRequest(
  payload: Record<string, unknown>,
  context: SourceContext,
): Result<ParsedEvent, PayloadProblem> {
  const isInvented = ([field]: [string, unknown]) => INVENTED.has(plainName(field));
  const fields = Object.entries(payload);
  const read = toHandoffRequest(Object.fromEntries(fields.filter((field) => !isInvented(field))), context);
  const invented = fields.filter((field) => isInvented(field) && !isAbsentLabel(field[1])).map(([name]) => name);
  if (!read.ok || invented.length === 0) return read;
  return ok({ ...read.value, leftOut: [...(read.value.leftOut ?? []), ...invented] });
}

/** The call of a tool as the SDKs of language models hold it, with its arguments in the place of the call. */
function withToolArguments(body: Record<string, unknown>): Record<string, unknown> {
  const { type, function: called, name, arguments: given, input, toolName, toolCallId, args, ...rest } = body;
  const inner = type === "function" && isRecord(called) ? called.arguments : undefined;
  const isCall = type === "tool_use" || type === "tool-call" || type === "function_call" || toolCallId !== undefined;
  const said = readRecord(inner ?? (isCall ? (input ?? args ?? given) : undefined));
  if (said === undefined) return body;
  const id = rest.call_id ?? rest.id ?? toolCallId;
  return { ...said, ...withoutCallId(rest), ...(id !== undefined && { id }) };
}

const withoutCallId = ({ call_id, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;

const noType: PayloadProblem = { issues: [{ field: "type", message: `must be one of ${eventTypes.join(", ")}` }] };
export const noSession: PayloadProblem = {
  issues: [{ field: "session", message: "must name the chat: a text or a number, and no placeholder" }],
};

function toEvent(payload: unknown, { now }: SourceContext): Result<ParsedEvent, PayloadProblem> {
  if (!isRecord(payload)) return err(notAnObject);
  // Most events are as they should be.
  const strict = sentEventSchema.safeParse(payload);
  if (strict.success && strict.data.id !== undefined) {
    const event = { ...strict.data, id: strict.data.id, at: strict.data.at ?? new Date(now).toISOString() };
    if (isWhole(event, payload)) return ok({ event, hasSenderId: true });
  }
  const body = createBody(payload);
  const type = readEventType(payload.type);
  const session = readSession(payload.session);
  const problems = [...(type === undefined ? noType.issues : []), ...(session === undefined ? noSession.issues : [])];
  if (type === undefined || session === undefined) return err({ issues: problems });
  for (const field of [names.type, names.session]) body.values.take(field, () => null);
  const ownId = body.values.take(names.id, readOwnId);
  const known = {
    type,
    id: ownId ?? contentIdWithoutTimes(payload, isTime),
    session,
    hasSenderId: ownId !== undefined,
  };
  return ok(readEvent(body, known, now, { names, isOpen: false }));
}

/** Tells whether an event says all that its payload said, and nothing that stands for nothing. */
function isWhole(event: Event, payload: Record<string, unknown>): boolean {
  for (const field in payload) if (!(field in event)) return false;
  const { session, id, conversationId, channel, language, customer, attributes } = event;
  if (session === "." || session === ".." || hasPlaceholder(session)) return false;
  if ([session, id].some(isAbsentLabel)) return false;
  if ([conversationId, channel, language].some(isEmpty)) return false;
  if (customer !== undefined && (!isSame(customer, payload.customer) || Object.values(customer).some(isEmpty)))
    return false;
  if (
    attributes !== undefined &&
    (!isSame(attributes, payload.attributes) || Object.values(attributes).some(isEmptyValue))
  )
    return false;
  switch (event.type) {
    case "customer.message":
      return (
        isWithin(event.text) &&
        !isEmpty(event.contentType) &&
        !isEmpty(event.intent?.name) &&
        (event.intent === undefined || isSame(event.intent, payload.intent))
      );
    case "handoff.requested":
      return (
        ![event.reason, event.summary].some(isEmptyValue) &&
        [event.reason, event.summary].every(isWithin) &&
        lengthOf(event.transcript ?? []) <= WORDS_MAX &&
        !event.transcript?.some(({ text }) => text.includes(";base64,")) &&
        ![event.queue, ...(event.tags ?? [])].some(isEmpty) &&
        event.intent === undefined
      );
    case "bot.message":
    case "bot.fallback":
      return isWithin(event.text);
    case "bot.error":
      return isWithin(event.error);
    case "session.started":
    case "session.ended":
      return true;
  }
}

/** Looked at as a whole. */
const isWithin = (text: string | undefined): boolean => text === undefined || text.length <= WORDS_MAX;
/** Given, and saying nothing. */
const isEmpty = (value: string | undefined): boolean => value !== undefined && isAbsentLabel(value);
const isEmptyValue = (value: unknown): boolean => typeof value === "string" && isAbsent(value);

const isSame = (read: object, sent: unknown): boolean =>
  isRecord(sent) && Object.keys(read).length === Object.keys(sent).length;
