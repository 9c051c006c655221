/** The lines of a note: what is known, then what was said. */
import type { Utterance } from "../events/event.ts";
import { cut } from "./cut.ts";
import type { Flow } from "./flow.ts";
import { oneLine, readable } from "./readable.ts";
import { redactAttribute, redactBeginning, redactValue } from "./redact.ts";
import { redactSeries } from "./redaction/series.ts";
import type { View } from "./template.ts";

export interface NoteContent {
  /** What the bot's own request said. */
  request: { reason?: string | undefined; summary?: string | undefined };
  transcript: readonly Utterance[];
  /** The bot asks once more while the first handoff is open. */
  isAgain?: boolean;
}

/** Shares of a note's room, so that no bot can crowd out the transcript. */
const SHARE = { reason: 1 / 8, summary: 1 / 2, attributes: 1 / 4 };
const NAME_MAX = 200;
const ATTRIBUTE_MAX = 200;
const AUTHOR = { customer: "Customer", bot: "Bot", agent: "Agent" } as const;
const INDENT = "\n    ";
/** More than all notes of a handoff hold: what is beyond is not even redacted. */
const TEXT_MAX = 25_000;

/** Free text: without what is to be redacted, and no line of it can be taken for one of the note's. */
const free = (flow: Flow, text: string): string =>
  redactBeginning(readable(text), TEXT_MAX, flow.note).replaceAll("\n", INDENT);

export function headOf(flow: Flow, view: View, { request, isAgain = false }: NoteContent, room: number): string[] {
  const reason = cut(free(flow, request.reason ?? ""), Math.floor(room * SHARE.reason));
  const summary = cut(free(flow, request.summary ?? ""), Math.floor(room * SHARE.summary));
  const name = cut(oneLine(redactValue(view.facts.customer.name ?? "", flow.note)), NAME_MAX);
  return [
    isAgain ? `Asked again by bot ${view.bot}` : `Handed over by bot ${view.bot}. Reason: ${view.reason}`,
    ...(reason === "" ? [] : [`The bot said: ${reason}`]),
    ...(summary === "" ? [] : [`Summary: ${summary}`]),
    ...(name === "" ? [] : [`Customer: ${name}`]),
    ...attributesOf(flow, view, room * SHARE.attributes),
  ];
}

/** As many as have room, a line each. */
function attributesOf(flow: Flow, view: View, room: number): string[] {
  const all = Object.entries(view.facts.attributes);
  const lines: string[] = [];
  let length = 0;
  for (const [name, value] of all) {
    const line = cut(`- ${oneLine(name)}: ${oneLine(redactAttribute(name, String(value), flow.note))}`, ATTRIBUTE_MAX);
    length += line.length + 1;
    if (length > room) break;
    lines.push(line);
  }
  const left = all.length - lines.length;
  if (left > 0) lines.push(`- and ${left} more`);
  return all.length > 0 ? ["Known:", ...lines] : [];
}

/** One message, ready to be shown. */
interface Said {
  author: string;
  /** `2026-11-23 10:00`, UTC; null: not known. */
  time: string | null;
  text: string;
}

/** What one author said in a row is redacted together: people divide a number between messages. */
function redactAcross(flow: Flow, transcript: readonly Utterance[]): Utterance[] {
  const redacted: Utterance[] = [];
  for (let from = 0; from < transcript.length; ) {
    let end = from + 1;
    while (end < transcript.length && transcript[end]?.author === transcript[from]?.author) end += 1;
    const row = transcript.slice(from, end);
    const texts = redactSeries(
      row.map(({ text }) => text),
      flow.note,
    );
    redacted.push(...row.map((utterance, index) => ({ ...utterance, text: texts[index] ?? utterance.text })));
    from = end;
  }
  return redacted;
}

/** The newest of a transcript, as many as the flow shows and so many pages might hold, oldest first. */
export function newestOf(flow: Flow, transcript: readonly Utterance[], room: number, pages: number): Said[] {
  const newest: Said[] = [];
  let length = 0;
  for (const { author, text, at } of redactAcross(flow, transcript.slice(-flow.note.maxMessages)).reverse()) {
    const said = {
      author: AUTHOR[author],
      time: at === undefined ? null : new Date(at).toISOString().slice(0, 16).replace("T", " "),
      text: free(flow, text) || "(no text)",
    };
    // Longer than a page it will be cut.
    length += Math.min(said.text.length, room);
    if (length > room * pages) break;
    newest.push(said);
  }
  return newest.reverse();
}

const dayOf = (time: string): string => time.slice(0, 10);

/** A heading with the day the messages begin, and a line each, with the day where it is another than before. */
export function transcriptOf(messages: readonly Said[], leftOut: number): { heading: string; lines: string[] } {
  const begin = messages.find(({ time }) => time !== null)?.time ?? null;
  let day = begin === null ? "" : dayOf(begin);
  const about = [
    begin === null ? "UTC" : `UTC, from ${day}`,
    ...(leftOut > 0 ? [`${leftOut} earlier message${leftOut > 1 ? "s" : ""} left out`] : []),
  ];
  const lines = messages.map(({ author, time, text }) => {
    if (time === null) return `${author}: ${text}`;
    const shown = dayOf(time) === day ? time.slice(day.length + 1) : time;
    day = dayOf(time);
    return `${author} ${shown}: ${text}`;
  });
  return { heading: `Transcript (${about.join("; ")})`, lines };
}
