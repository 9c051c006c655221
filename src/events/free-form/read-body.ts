/** The one reader of what a bot may say besides the type, the id and the session of an event: nothing in it refuses one. */
import { type CommonFields, type Customer, type EventType, eventTypes } from "../event.ts";
import { isAbsentLabel } from "../reading/absent.ts";
import { type Attributes, toAttributes } from "../reading/attributes.ts";
import { createLostFields, type Fields, type LostFields, type Reader } from "../reading/fields.ts";
import { readConversationId, readLabel } from "../reading/labels.ts";
import { createNamedValues, type NamedValues, plainName } from "../reading/named-values.ts";
import { readRecord, readText } from "../reading/scalars.ts";
import { readId } from "../reading/session-name.ts";
import { readTimestamp } from "../reading/timestamp.ts";
import type { ParsedEvent } from "../source.ts";
import { readCustomer } from "./customer.ts";
import type { Field, Names } from "./names.ts";
import { readOwnFields } from "./own-fields.ts";

const readChannel = readLabel(100);
const readLanguage = readLabel(35);

export interface BodyOptions {
  names: Names;
  /** True: a value without a field of its own becomes an attribute; else it is left out. */
  isOpen: boolean;
}

/** Names as `NamedValues` wants them. */
export function plainNames(names: Names): Names {
  const plain: Record<Field, readonly string[]> = { ...names };
  for (const field of Object.keys(plain) as Field[]) plain[field] = plain[field].map(plainName);
  return plain;
}

/** A body about to be read. */
export interface Body {
  values: NamedValues;
  lost: LostFields;
}

export function createBody(body: Record<string, unknown>): Body {
  const lost = createLostFields();
  return { values: createNamedValues(body, lost), lost };
}

const typesByName: ReadonlyMap<string, EventType> = new Map(eventTypes.map((type) => [type, type]));

/** `HANDOFF_REQUESTED` and `handoff-requested` are `handoff.requested`. Undefined: there is no such type. */
export function readEventType(value: unknown): EventType | undefined {
  const name = readText(value)?.trim().toLowerCase() ?? "";
  return typesByName.get(name.replace(/[\s_-]/g, "."));
}

const readRecordOf: Reader<Record<string, unknown>> = (value) => (isAbsentLabel(value) ? null : readRecord(value));
const readTime: Reader<string> = (value, lose) => {
  if (isAbsentLabel(value)) return null;
  const time = readTimestamp(value);
  if (time !== undefined) return time;
  lose();
  return null;
};
export const readOwnId: Reader<string> = (value) => (isAbsentLabel(value) ? null : readId(value));

/**
 * The event of a body whose type, id and session are known. Each reader keeps to the schema of events, in whose order the
 * fields are: nothing has to be checked again.
 */
export function readEvent(
  { values, lost }: Body,
  known: { type: EventType; id: string; session: string; hasSenderId: boolean; customer?: Customer },
  now: number,
  { names, isOpen }: BodyOptions,
): ParsedEvent {
  const fields: Fields<Field> = { take: (field, read) => values.take(names[field], read) };
  const { type, id, session, hasSenderId } = known;
  const customer = known.customer ?? readCustomer(values, names, lost);
  const common: CommonFields = { id, session, at: fields.take("at", readTime) ?? new Date(now).toISOString() };
  const conversationId = fields.take("conversationId", readConversationId);
  if (conversationId !== undefined) common.conversationId = conversationId;
  const channel = fields.take("channel", readChannel);
  if (channel !== undefined) common.channel = channel;
  const language = fields.take("language", readLanguage);
  if (Object.keys(customer).length > 0) common.customer = customer;
  const own = readOwnFields(type, fields);
  // Last: what nobody above took.
  const attributes = readAttributes(fields.take("attributes", readRecordOf), values.rest(), lost, isOpen);
  if (attributes !== undefined) common.attributes = attributes;
  if (language !== undefined) common.language = language;
  return { event: { ...common, ...own }, hasSenderId, ...lost.reported() };
}

/** Undefined: there are none. */
function readAttributes(
  given: Record<string, unknown> | undefined,
  rest: [string, unknown][],
  lost: LostFields,
  isOpen: boolean,
): Attributes | undefined {
  const named = given && toAttributes(Object.entries(given), (name) => lost.add(`attributes.${name}`));
  if (!isOpen) for (const [name] of rest) lost.add(name);
  const beside = isOpen && rest.length > 0 ? toAttributes(rest, (name) => lost.add(name)) : undefined;
  const all = named && beside ? { ...named, ...beside } : (named ?? beside);
  return all !== undefined && Object.keys(all).length > 0 ? all : undefined;
}
