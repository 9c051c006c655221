/** Words, wherever a platform or a library puts them in what somebody sent. */
import { isWordsType } from "../content-type.ts";
import { isUnwritten } from "./absent.ts";
import { cutText } from "./cut-text.ts";
import { isRecord, isScalar, readRecord } from "./scalars.ts";

/** Deeper than any content of a message. */
const DEPTH_MAX = 6;
/** Fields of a content that hold its words, the best first. */
const OWN = ["text", "title", "caption", "body", "content", "message", "value", "description", "markdown"];
/** Fields that hold a part with the words. */
const PARTS = ["reply", "buttonReply", "button_reply", "listReply", "list_reply", "button", "interactive", "postback"];
const MEDIA = /IMAGE|VIDEO|AUDIO|VOICE|DOCUMENT|FILE|STICKER|MEDIA|ATTACHMENT/;

const joined = (parts: readonly (string | undefined)[], separator: string): string | undefined =>
  parts.filter((part) => part !== undefined && part !== "").join(separator) || undefined;

const plain = (value: unknown): string | undefined =>
  isScalar(value) && !isUnwritten(value) && String(value) !== "" ? String(value) : undefined;

/** A place by its name and address, or else by where it is. */
function placeOf(content: Record<string, unknown>): string | undefined {
  const place = isRecord(content.location) ? content.location : content;
  const [latitude, longitude] = [place.latitude ?? place.lat, place.longitude ?? place.lng];
  const where = joined([plain(latitude), plain(longitude)], ", ");
  return joined([plain(place.name), plain(place.address)], ", ") ?? where;
}

/** People whose cards were sent, by name and phone. */
function contactsOf(content: Record<string, unknown>, depth: number): string | undefined {
  const contacts = Array.isArray(content.contacts) ? content.contacts : [content.contact];
  const shown = contacts.filter(isRecord).map(({ name, phones, phone }) => {
    const formatted = isRecord(name) ? (name.formattedName ?? name.formatted_name) : name;
    const full = isRecord(name) ? joined([plain(name.firstName), plain(name.lastName)], " ") : undefined;
    const numbers = Array.isArray(phones) ? phones.map((it) => wordsOf(isRecord(it) ? it.phone : it, depth + 1)) : [];
    return joined([plain(formatted) ?? full, ...numbers, plain(phone)], " ");
  });
  return joined(shown, ", ");
}

/** The words of a content; undefined where it has none. */
export function wordsOf(content: unknown, depth = 0): string | undefined {
  if (depth > DEPTH_MAX) return undefined;
  if (isScalar(content)) return plain(content);
  if (Array.isArray(content))
    return joined(
      content.map((part) => wordsOf(part, depth + 1)),
      "\n",
    );
  if (!isRecord(content)) return undefined;
  const [key, words] = firstOf(content, OWN, depth);
  const subject = plain(content.subject);
  if (subject !== undefined) return joined([subject, key === undefined ? undefined : words], "\n");
  return (
    words ??
    firstOf(content, PARTS, depth)[1] ??
    contactsOf(content, depth) ??
    placeOf(content) ??
    plain(content.payload) ??
    plain(content.postbackData)
  );
}

function firstOf(content: Record<string, unknown>, keys: readonly string[], depth: number): [string?, string?] {
  for (const key of keys) {
    const words = wordsOf(content[key], depth + 1);
    if (words !== undefined) return [key, words];
  }
  return [];
}

/** A customer's message; the text is empty where the content has no words. */
export interface Said {
  text: string;
  /** Absent where it says no more than that this is text. */
  contentType?: string;
}

const PLAIN_TEXT = /^text(?:\/plain)?$/i;
const isAddress = (text: string): boolean => /^\s*https?:\/\/\S+\s*$/i.test(text);

/** A content with the type it was sent as. The address of a file is no words. */
export function toSaid(content: unknown, contentType: string | undefined): Said {
  const words = wordsOf(content) ?? "";
  const isFile = contentType !== undefined && MEDIA.test(contentType.toUpperCase()) && !isWordsType(contentType);
  const text = isFile && isAddress(words) ? "" : words;
  return contentType === undefined || PLAIN_TEXT.test(contentType) ? { text } : { text, contentType };
}

/** The type of a content, where it was not said. */
export function contentTypeOf(content: unknown): string | undefined {
  if (!isRecord(content)) return undefined;
  if (content.latitude !== undefined || content.location !== undefined) return "LOCATION";
  if (content.contacts !== undefined || content.contact !== undefined) return "CONTACT";
  const address = content.url ?? content.mediaUrl;
  return typeof address === "string" ? "FILE" : undefined;
}

const CONTENT_TYPE_MAX = 100;
export const readContentType = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" && !isUnwritten(value)
    ? cutText(value.trim(), CONTENT_TYPE_MAX)
    : undefined;

/**
 * Plain text, or a message as platforms keep it: `{"type":"TEXT","content":"…"}`, also inside a string. Null: nothing was
 * said; undefined: it is something else.
 */
export function readSaid(value: unknown): Said | null | undefined {
  if (isUnwritten(value) || value === "") return null;
  const message = readRecord(value);
  if (message === undefined) {
    if (typeof value === "string") return { text: value };
    const words = wordsOf(value);
    return words === undefined ? undefined : { text: words };
  }
  const { type, contentType: named, ...rest } = message;
  const content = message.content ?? rest;
  const contentType = readContentType(type) ?? readContentType(named) ?? contentTypeOf(content);
  const said = toSaid(content, contentType);
  if (said.text !== "" || contentType !== undefined) return said;
  if (typeof value === "string") return { text: value };
  return Object.keys(message).length === 0 ? null : undefined;
}
