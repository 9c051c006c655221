/** Renders the lines of a note: the known facts, then the words of the chat. */
import { WORDS_MAX } from "../../events/event.ts";
import type { Flow } from "../flow.ts";
import { redactAttribute, redactBeginning, redactValue } from "../redaction/redact.ts";
import { redactSeries } from "../redaction/series.ts";
import { cut, cutMiddle } from "./cut.ts";
import { oneLine, readable } from "./readable.ts";
import type { View } from "./template.ts";
import { isOfChat, type Line } from "./transcript.ts";

/** Parts of a flow that a note depends on. */
export type NoteSettings = Flow["note"];

/** Fields of the bot's own request. */
export interface Request {
  reason?: string | undefined;
  summary?: string | undefined;
}

/** Share of five notes for a request's fields: a bot cannot crowd out the customer's words. */
const SHARE = { reason: 1 / 12, summary: 1 / 4, attributes: 1 / 8, contact: 1 / 60 };
const CONTACT_MAX = 500;
const ATTRIBUTE_MAX = 200;
const INDENT = "\n    ";

/** Renders free text: redacted, and no line of it looks like a line of the note. */
const free = (note: NoteSettings, text: string): string =>
  redactBeginning(readable(text), WORDS_MAX, note).replaceAll("\n", INDENT);

interface Contact {
  customer?: View["facts"]["customer"] | undefined;
  channel?: string | null | undefined;
  language?: string | null | undefined;
}

/** Contact data appears as the bot gave it; a name can be anything, a card number too. */
function contactOf(facts: Contact, note: NoteSettings, longest = CONTACT_MAX): [label: string, value: string][] {
  if (!note.contact) return [];
  const { customer = {}, channel, language } = facts;
  const name = redactValue(customer.name ?? "", note);
  const all: [string, string | null | undefined][] = [
    ["Customer", name],
    ["Phone", customer.phone],
    ["E-mail", customer.email],
    ["Customer id", customer.externalId],
    ["Channel", channel],
    ["Language", language],
  ];
  return all
    .map(([label, value]): [string, string] => [label, cut(oneLine(value ?? ""), longest)])
    .filter(([, value]) => value !== "");
}

/** Renders contact data for tools beside the agent. */
export function contactMetadataOf(view: View, note: NoteSettings): Record<string, string> {
  const keys = new Map([
    ["Customer", "baton_customer_name"],
    ["Phone", "baton_customer_phone"],
    ["E-mail", "baton_customer_email"],
    ["Customer id", "baton_customer_id"],
    ["Channel", "baton_channel"],
    ["Language", "baton_language"],
  ]);
  return Object.fromEntries(contactOf(view.facts, note).map(([label, value]) => [keys.get(label) ?? label, value]));
}

/** Renders the known facts, one a line. `room`: for all of them; null: there is room for everything. */
export function headOf(note: NoteSettings, view: View, request: Request, room: number | null): string[] {
  const within = (text: string, share: number): string => (room === null ? text : cut(text, Math.floor(room * share)));
  const reason = within(free(note, request.reason ?? ""), SHARE.reason);
  const summary = within(free(note, request.summary ?? ""), SHARE.summary);
  const contact = room === null ? CONTACT_MAX : Math.min(CONTACT_MAX, Math.floor(room * SHARE.contact));
  return [
    `Handed over by bot ${view.bot}. Reason: ${view.reason}`,
    ...(reason === "" ? [] : [`The bot said: ${reason}`]),
    ...(summary === "" ? [] : [`Summary: ${summary}`]),
    ...contactOf(view.facts, note, contact).map(([label, value]) => `${label}: ${value}`),
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
    const line = room === null ? whole : cut(whole, ATTRIBUTE_MAX);
    length += line.length + 1;
    if (room !== null && length > room * SHARE.attributes) break;
    lines.push(line);
  }
  const left = all.length - lines.length;
  if (left > 0) lines.push(`- and ${left} more`);
  return all.length > 0 ? ["Known:", ...lines] : [];
}

const speakerOf = (author: Line["author"], bot: string): string => {
  switch (author) {
    case "customer":
      return "Customer";
    case "bot":
      return "Bot";
    case "agent":
      return "Agent";
    case "asked-before":
      return `Asked before by bot ${bot}`;
    case "asked-again":
      return `Asked again by bot ${bot}`;
    case "end":
      return "The customer left the chat";
  }
};

/** Renders a request's fields beside its words, one a line, as in the note's head. */
function toldIn({ told }: Line, note: NoteSettings): string {
  if (told === undefined) return "";
  const attributes = Object.entries(told.attributes ?? {}).filter(([, value]) => value !== null);
  return [
    ...contactOf(told, note).map(([label, value]) => `${INDENT}${label}: ${value}`),
    ...attributes.map(([name, value]) => `${INDENT}${attributeOf(name, String(value), note)}`),
  ].join("");
}

/** One line for the note. */
export interface Shown {
  speaker: string;
  /** `2026-11-23 10:00`, UTC; null: not known. */
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

/** Renders lines, none longer than `room`. A request in one is mostly at its end. */
export function shownOf(note: NoteSettings, bot: string, lines: readonly Line[], room: number): Shown[] {
  // Cuts before the search, since no note can hold the rest.
  const short = lines.map((line) => ({ ...line, text: cutMiddle(line.text, room) }));
  return redactAcross(note, short).map((line) => {
    const { author, text, at } = line;
    const time = at === undefined ? null : new Date(at).toISOString().slice(0, 16).replace("T", " ");
    const said = cutMiddle(`${free(note, text)}${toldIn(line, note)}`, room);
    return { speaker: speakerOf(author, bot), time, text: said || (isOfChat(line) ? "(no text)" : "") };
  });
}

const dayOf = (time: string): string => time.slice(0, 10);

/** Renders a heading with the first day, and one line a message, with the day where it changes. */
export function transcriptOf(
  title: string,
  shown: readonly Shown[],
  leftOut: number,
): { heading: string; lines: string[] } {
  const begin = shown.find(({ time }) => time !== null)?.time ?? null;
  let day = begin === null ? "" : dayOf(begin);
  const about = [
    begin === null ? "UTC" : `UTC, from ${day}`,
    ...(leftOut > 0 ? [`${leftOut} earlier message${leftOut > 1 ? "s" : ""} left out`] : []),
  ];
  const lines = shown.map(({ speaker, time, text }) => {
    const said = text === "" ? "" : text.startsWith("\n") ? `:${text}` : `: ${text}`;
    if (time === null) return `${speaker}${said}`;
    const moment = dayOf(time) === day ? time.slice(day.length + 1) : time;
    day = dayOf(time);
    return `${speaker} ${moment}${said}`;
  });
  return { heading: `${title} (${about.join("; ")})`, lines };
}
