/** Renders the lines of a note: the known facts, then the words of the chat. */
import { WORDS_MAX } from "../../events/event.ts";
import type { Flow } from "../flow.ts";
import { isSchedule, localTime } from "../hours.ts";
import { redactAttribute, redactBeginning, redactValue } from "../redaction/redact.ts";
import { redactSeries } from "../redaction/series.ts";
import { type NoteWording, noteWordingIn } from "./note-wording.ts";
import { oneLine, sanitize } from "./sanitize.ts";
import type { View } from "./template.ts";
import { isOfChat, type Line } from "./transcript.ts";
import { truncate, truncateMiddle } from "./truncate.ts";

/** Parts of a flow that a note depends on. Without `language`: English; without `timeZone`: UTC. */
export type NoteSettings = Flow["note"] & { language?: string | undefined };

/** The note's own time zone, or else that of the flow's schedule. */
export const noteSettingsOf = ({ note, language, hours }: Flow): NoteSettings => ({
  ...note,
  language,
  timeZone: note.timeZone ?? (hours !== undefined && isSchedule(hours) ? hours.timeZone : undefined),
});

/** Fields of the bot's own request. */
export interface Request {
  reason?: string | undefined;
  summary?: string | undefined;
}

const UTC = "UTC";

/** Share of five notes for a request's fields: a bot cannot crowd out the customer's words. */
const SHARE = { reason: 1 / 12, summary: 1 / 4, attributes: 1 / 8, contact: 1 / 60 };
const CONTACT_MAX = 500;
const ATTRIBUTE_MAX = 200;
const INDENT = "\n    ";

/** Renders free text: redacted, and no line of it looks like a line of the note. */
const free = (note: NoteSettings, text: string): string =>
  redactBeginning(sanitize(text), WORDS_MAX, note).replaceAll("\n", INDENT);

interface Contact {
  customer?: View["facts"]["customer"] | undefined;
  channel?: string | null | undefined;
  language?: string | null | undefined;
}

type ContactPart = keyof NoteWording["contact"];
const METADATA: Record<ContactPart, string> = {
  name: "baton_customer_name",
  phone: "baton_customer_phone",
  email: "baton_customer_email",
  externalId: "baton_customer_id",
  channel: "baton_channel",
  language: "baton_language",
};

/** Contact data appears as the bot gave it; a name can be anything, a card number too. */
function contactOf(facts: Contact, note: NoteSettings, longest = CONTACT_MAX): [part: ContactPart, value: string][] {
  if (!note.contact) return [];
  const { customer = {}, channel, language } = facts;
  const name = redactValue(customer.name ?? "", note);
  const all: [ContactPart, string | null | undefined][] = [
    ["name", name],
    ["phone", customer.phone],
    ["email", customer.email],
    ["externalId", customer.externalId],
    ["channel", channel],
    ["language", language],
  ];
  return all
    .map(([part, value]): [ContactPart, string] => [part, truncate(oneLine(value ?? ""), longest)])
    .filter(([, value]) => value !== "");
}

/** Renders contact data for tools beside the agent. */
export function contactMetadataOf(view: View, note: NoteSettings): Record<string, string> {
  return Object.fromEntries(contactOf(view.facts, note).map(([part, value]) => [METADATA[part], value]));
}

/** Renders the known facts, one a line. `room`: for all of them; null: there is room for everything. */
export function headOf(note: NoteSettings, view: View, request: Request, room: number | null): string[] {
  const within = (text: string, share: number): string =>
    room === null ? text : truncate(text, Math.floor(room * share));
  const reason = within(free(note, request.reason ?? ""), SHARE.reason);
  const summary = within(free(note, request.summary ?? ""), SHARE.summary);
  const wording = noteWordingIn(note.language);
  const contact = room === null ? CONTACT_MAX : Math.min(CONTACT_MAX, Math.floor(room * SHARE.contact));
  return [
    wording.handedOver(view.bot, view.reason),
    ...(reason === "" ? [] : [`${wording.said}: ${reason}`]),
    ...(summary === "" ? [] : [`${wording.summary}: ${summary}`]),
    ...contactOf(view.facts, note, contact).map(([part, value]) => `${wording.contact[part]}: ${value}`),
    ...attributesOf(note, view, room),
  ];
}

const attributeOf = (name: string, value: string, note: NoteSettings): string =>
  `- ${oneLine(redactValue(name, note))}: ${oneLine(redactAttribute(name, value, note))}`;

/** Takes as many entries as have room, a line each. */
function attributesOf(note: NoteSettings, view: View, room: number | null): string[] {
  const all = Object.entries(view.facts.attributes);
  const lines: string[] = [];
  let length = 0;
  for (const [name, value] of all) {
    const whole = attributeOf(name, String(value), note);
    const line = room === null ? whole : truncate(whole, ATTRIBUTE_MAX);
    length += line.length + 1;
    if (room !== null && length > room * SHARE.attributes) break;
    lines.push(line);
  }
  const left = all.length - lines.length;
  const wording = noteWordingIn(note.language);
  if (left > 0) lines.push(`- ${wording.more(left)}`);
  return all.length > 0 ? [`${wording.known}:`, ...lines] : [];
}

const speakerOf = (author: Line["author"], bot: string, wording: NoteWording): string => {
  switch (author) {
    case "customer":
    case "bot":
    case "agent":
      return wording.speakers[author];
    case "asked-before":
      return wording.askedBefore(bot);
    case "asked-again":
      return wording.askedAgain(bot);
    case "end":
      return wording.left;
  }
};

/** Renders a request's fields beside its words, one a line, as in the note's head. */
function toldIn({ told }: Line, note: NoteSettings): string {
  if (told === undefined) return "";
  const wording = noteWordingIn(note.language);
  const attributes = Object.entries(told.attributes ?? {}).filter(([, value]) => value !== null);
  return [
    ...contactOf(told, note).map(([part, value]) => `${INDENT}${wording.contact[part]}: ${value}`),
    ...attributes.map(([name, value]) => `${INDENT}${attributeOf(name, String(value), note)}`),
  ].join("");
}

/** One line for the note. */
export interface Shown {
  speaker: string;
  /** `2026-11-23 10:00`, in the note's time zone; null: not known. */
  time: string | null;
  text: string;
}

/** Redacts an author's messages in a row together: people split a number over messages. */
function redactAcross(note: NoteSettings, lines: readonly Line[]): Line[] {
  const redacted: Line[] = [];
  for (let from = 0; from < lines.length; ) {
    let end = from + 1;
    while (end < lines.length && lines[end]?.author === lines[from]?.author) end += 1;
    const row = lines.slice(from, end);
    const texts = redactSeries(
      row.map(({ text }) => text),
      note,
    );
    redacted.push(...row.map((line, index) => ({ ...line, text: texts[index] ?? line.text })));
    from = end;
  }
  return redacted;
}

const momentOf = (at: string, timeZone: string | undefined): string =>
  timeZone === undefined
    ? new Date(at).toISOString().slice(0, 16).replace("T", " ")
    : localTime(Date.parse(at), timeZone);

/** Renders lines, none longer than `room`. A request in one is mostly at its end. */
export function shownOf(note: NoteSettings, bot: string, lines: readonly Line[], room: number): Shown[] {
  // Cuts before the search, since no note can hold the rest.
  const short = lines.map((line) => ({ ...line, text: truncateMiddle(line.text, room) }));
  const wording = noteWordingIn(note.language);
  return redactAcross(note, short).map((line) => {
    const { author, text, at } = line;
    const time = at === undefined ? null : momentOf(at, note.timeZone);
    const said = truncateMiddle(`${free(note, text)}${toldIn(line, note)}`, room);
    return { speaker: speakerOf(author, bot, wording), time, text: said || (isOfChat(line) ? wording.noText : "") };
  });
}

const dayOf = (time: string): string => time.slice(0, 10);

/** Renders a heading with the first day, and one line a message, with the day where it changes. */
export function transcriptOf(
  note: NoteSettings,
  title: string,
  shown: readonly Shown[],
  leftOut: number,
): { heading: string; lines: string[] } {
  const wording = noteWordingIn(note.language);
  const zone = note.timeZone ?? UTC;
  const begin = shown.find(({ time }) => time !== null)?.time ?? null;
  let day = begin === null ? "" : dayOf(begin);
  const about = [begin === null ? zone : wording.from(zone, day), ...(leftOut > 0 ? [wording.leftOut(leftOut)] : [])];
  const lines = shown.map(({ speaker, time, text }) => {
    const said = text === "" ? "" : text.startsWith("\n") ? `:${text}` : `: ${text}`;
    if (time === null) return `${speaker}${said}`;
    const moment = dayOf(time) === day ? time.slice(day.length + 1) : time;
    day = dayOf(time);
    return `${speaker} ${moment}${said}`;
  });
  return { heading: `${title} (${about.join("; ")})`, lines };
}
