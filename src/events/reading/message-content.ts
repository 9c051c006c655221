/**
 * The content of a message of Conversations, in words: there are a hundred types of it, and where each has its words follows
 * from the examples of the platform's documentation.
 */
import { TEXT_MAX } from "../event.ts";
import { cutText } from "./cut-text.ts";
import { isRecord } from "./scalars.ts";

export interface MessageContent {
  /** Null: it has no words. */
  text: string | null;
  /** URL of its file. */
  url: string | null;
  /** The type that the platform states, or that the content shows without doubt. */
  contentType: string | null;
}

const URL_MAX = 4_000;
const DEEPEST = 10;
const MOST_ITEMS = 50;

/** Sorted as a person reads them. */
const WORDS = [
  ...["header", "title", "subject", "text", "body", "caption", "userMessage", "description", "subtitle", "contentText"],
  ...["contentHtml", "content", "source", "interactive", "payload", "button", "displayText", "buttonDisplayText"],
  ...["cards", "elements", "sections", "rows", "buttons", "buttonPayloads", "quickReplies", "suggestedReplies"],
  ...["action", "footer", "receivedMessage"],
] as const;
/** A word that only the machine reads, unless there is more in it. */
const ONLY_NESTED: readonly string[] = ["payload", "button", "action", "source", "header"];
const URLS = ["url", "mediaUrl", "fileUrl", "imageUrl", "downloadUrl"] as const;
/** Fields that may hold a file's URL; a button's target is no file. */
const HOLDS_FILE = [
  ...["file", "media", "attachment", "attachments", "document", "image", "video", "audio", "header", "interactive"],
  ...["content", "payload", "source", "cards", "elements"],
] as const;

const toText = (value: unknown): string | null => {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : null;
};
const isUrl = (value: unknown): value is string =>
  typeof value === "string" && /^https?:\/\//i.test(value) && value.length <= URL_MAX;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
const withoutEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "");

/** Renders HTML as the text that a person sees. */
function htmlToText(html: string): string | null {
  let isHidden = false;
  const shown = html.split("<").map((part, index) => {
    if (index === 0) return part;
    const end = part.indexOf(">");
    const tag = part.slice(0, end < 0 ? part.length : end).toLowerCase();
    if (/^(style|script|head)\b/.test(tag)) isHidden = true;
    else if (/^\/(style|script|head)\b/.test(tag)) isHidden = false;
    const rest = end < 0 || isHidden ? "" : part.slice(end + 1);
    return /^(br|\/p|\/div|\/li|\/tr|\/h\d)\b/.test(tag) ? `\n${rest}` : rest;
  });
  return toText(withoutEntities(shown.join("")).trim());
}

/** A button's target is part of its words. */
function targetOf(value: Record<string, unknown>): string {
  const target = [value.url, value.payload].find(isUrl);
  return target === undefined ? "" : `: ${target}`;
}

function linesOf(value: unknown, depth: number): string[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) {
    return value.slice(0, MOST_ITEMS).flatMap((item) => {
      const [first, ...others] = linesOf(item, depth + 1);
      if (first === undefined) return [];
      return [`- ${first}${isRecord(item) ? targetOf(item) : ""}`, ...others.map((line) => `  ${line}`)];
    });
  }
  if (!isRecord(value)) return toText(value) === null ? [] : [String(value)];
  return WORDS.flatMap((key) => {
    const inner = value[key];
    if (inner === undefined || (typeof inner === "string" && ONLY_NESTED.includes(key))) return [];
    if (key === "contentHtml") return typeof inner === "string" ? (htmlToText(inner) ?? []) : [];
    const lines = linesOf(inner, depth + 1);
    const [first, ...others] = lines;
    const isAction = key === "action" && isRecord(inner) && first !== undefined;
    return isAction ? [`${first}${targetOf(inner)}`, ...others] : lines;
  });
}

function urlIn(value: unknown, depth = 0): string | null {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : urlIn(value[0], depth + 1);
  if (!isRecord(value)) return null;
  const own = URLS.map((key) => value[key]).find(isUrl);
  if (own !== undefined) return own;
  for (const key of HOLDS_FILE) {
    const inner = isUrl(value[key]) ? value[key] : urlIn(value[key], depth + 1);
    if (inner !== null) return inner;
  }
  return null;
}

const firstText = (...values: unknown[]): string | null => values.map(toText).find((text) => text !== null) ?? null;

/** Its name, its address and its coordinates; null: it is none. */
function placeOf(content: Record<string, unknown>): string | null {
  const place = isRecord(content.location) ? content.location : content;
  const [latitude, longitude] = [toText(place.latitude), toText(place.longitude)];
  if (latitude === null || longitude === null) return null;
  const name = firstText(place.locationName, place.name, place.label, place.title);
  const words = [name, toText(place.address)].filter((word) => word !== null);
  const coordinates = `${latitude},${longitude}`;
  return words.length === 0 ? coordinates : `${words.join(", ")} (${coordinates})`;
}

function personOf(contact: unknown): string | null {
  if (!isRecord(contact)) return toText(contact);
  const name = isRecord(contact.name) ? contact.name : contact;
  const parts = [name.first_name ?? name.firstName, name.last_name ?? name.lastName].map(toText);
  const written = parts.filter((part) => part !== null).join(" ");
  const called = firstText(name.formatted_name, name.formattedName, contact.name) ?? toText(written);
  const listed = (list: unknown, key: string): unknown[] =>
    Array.isArray(list) ? list.map((it) => (isRecord(it) ? it[key] : it)) : [];
  const ways = [contact.phoneNumber, ...listed(contact.phones, "phone"), ...listed(contact.emails, "email")]
    .map(toText)
    .filter((way) => way !== null);
  return toText([called, ways.join(", ")].filter(Boolean).join(": "));
}

/** Names, phones and e-mail addresses, a person a line; null: it holds no contact. */
function contactsOf(content: Record<string, unknown>): string | null {
  const given = content.contacts ?? content.contact ?? (content.phoneNumber === undefined ? undefined : content);
  if (given === undefined) return null;
  const people = (Array.isArray(given) ? given : [given]).slice(0, MOST_ITEMS).map(personOf);
  return toText(people.filter((person) => person !== null).join("\n"));
}

function readRecordContent(content: Record<string, unknown>): MessageContent {
  const place = placeOf(content);
  if (place !== null) return { text: place, url: urlIn(content), contentType: "LOCATION" };
  const contacts = contactsOf(content);
  if (contacts !== null) return { text: contacts, url: null, contentType: "CONTACT" };
  const lines = linesOf(content, 0);
  const url = urlIn(content);
  const isText = url === null && typeof content.text === "string" && content.text !== "";
  return { text: toText(lines.join("\n")), url, contentType: isText ? "TEXT" : null };
}

export function readMessageContent(content: unknown, type: unknown): MessageContent {
  const said = toText(content);
  const read = isRecord(content)
    ? readRecordContent(content)
    : { text: said, url: null, contentType: said === null ? null : "TEXT" };
  const named = toText(type);
  const contentType = named === null ? read.contentType : cutText(named, 100);
  return { text: read.text === null ? null : cutText(read.text, TEXT_MAX), url: read.url, contentType };
}
