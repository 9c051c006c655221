/** Readers of names, addresses and other short texts. Half of an address or of a queue's name is another one. */
import { conversationIdSchema, type Priority, prioritySchema, TEXT_MAX, tagSchema, WORDS_MAX } from "../event.ts";
import { isAbsent, isAbsentLabel } from "./absent.ts";
import { cutText } from "./cut-text.ts";
import type { Reader } from "./fields.ts";
import { isScalar, readArray, readText } from "./scalars.ts";
import { readId } from "./session-name.ts";
import { wordsOf } from "./words.ts";

const textOf = (value: unknown): string | undefined =>
  typeof value === "boolean" || (typeof value === "number" && !Number.isFinite(value))
    ? undefined
    : readText(value)?.trim();

/** A short text; one that is too long is left out as a whole. */
export const readLabel =
  (max: number): Reader<string> =>
  (value, lose) => {
    if (isAbsentLabel(value)) return null;
    const text = textOf(value);
    if (text === undefined || text.length <= max) return text;
    lose();
    return null;
  };

/** A short text of which the beginning says something. */
export const readName =
  (max: number): Reader<string> =>
  (value, lose) => {
    if (isAbsentLabel(value)) return null;
    const text = textOf(value);
    if (text !== undefined && text.length > max) lose();
    return text === undefined ? undefined : cutText(text, max);
  };

/** Cuts a text at what an event can carry, and names it where not all of it is looked at. */
export function withinText(text: string, lose: (part: undefined, unheard?: string) => void): string {
  const carried = cutText(text, TEXT_MAX);
  if (carried.length < text.length) lose(undefined, text.slice(carried.length));
  else if (text.length > WORDS_MAX) lose(undefined);
  return carried;
}

/** Reads sentences of a bot; joins a list. */
export const readProse: Reader<string> = (value, lose) => {
  if (isAbsent(value)) return null;
  const text = isScalar(value) ? String(value) : wordsOf(value);
  if (text === undefined) return undefined;
  if (!isScalar(value)) lose();
  return withinText(text, lose);
};

export const readConversationId: Reader<string> = (value, lose) => {
  if (isAbsentLabel(value)) return null;
  const id = typeof value === "string" ? value.trim() : readId(value);
  const parsed = conversationIdSchema.safeParse(id);
  if (parsed.success) return parsed.data;
  lose();
  return null;
};

const PRIORITIES: ReadonlyMap<string, Priority> = new Map([
  ...prioritySchema.options.map((priority) => [priority, priority] as const),
  ["MEDIUM", "NORMAL"],
  ["CRITICAL", "URGENT"],
]);

export const readPriority: Reader<Priority> = (value) =>
  isAbsentLabel(value) ? null : PRIORITIES.get(readText(value)?.trim().toUpperCase() ?? "");

const TAGS_MAX = 50;

/** A list, or names with commas between them. */
export const readTags: Reader<string[]> = (value, lose) => {
  if (isAbsent(value)) return null;
  const sent = readArray(value) ?? (isScalar(value) ? String(value).split(",") : undefined);
  if (sent === undefined) return undefined;
  const given = sent.filter((tag) => !isAbsentLabel(tag));
  const tags = given.flatMap((tag) => tagSchema.safeParse(textOf(tag)).data ?? []);
  if (tags.length < given.length || tags.length > TAGS_MAX) lose();
  return tags.slice(0, TAGS_MAX);
};
