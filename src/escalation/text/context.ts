/** Renders the context for the agent: topic, summary, notes, metadata, each within the platform's limit. */

import type { Flow } from "../flow.ts";
import {
  contactMetadataOf,
  headOf,
  type NoteSettings,
  type Request,
  type Shown,
  shownOf,
  transcriptOf,
} from "./note.ts";
import { noteWordingIn } from "./note-wording.ts";
import { pagesOf, roomFor } from "./pages.ts";
import { oneLine, sanitize } from "./sanitize.ts";
import { render, type View } from "./template.ts";
import { type Texts, textsFor } from "./text-schema.ts";
import { isOfChat, type Line } from "./transcript.ts";
import { truncate } from "./truncate.ts";

/** More notes at once bury the agent; the oldest messages are left out instead. */
const MAX_NOTES = 5;
/** Share of the room for the head of the note, if not everything fits. */
const HEAD_SHARE = 3 / 5;
/** A message that is too long is cut to this part of its room, until it fits. */
const SHORTER = 3 / 4;
const SHORTEST = 100;
/** These are always complete, so they come last. */
const DEFAULT_TOPIC = "Chat {{session}}";
const DEFAULT_SUMMARY = "{{reason}} · handed over by {{bot}}";

const inFlow = ({ language }: Flow, { facts }: View, texts: Texts | undefined) =>
  textsFor(texts, facts.language, language);

export const topicOf = (flow: Flow, view: View, limit: number): string =>
  truncate(oneLine(render([...inFlow(flow, view, flow.conversation.topic), DEFAULT_TOPIC], view, flow.note)), limit);

/** Ends with the token, whatever its length: Baton finds a conversation whose answer was lost by it. */
export function summaryOf(flow: Flow, view: View, token: string, limit: number): string {
  const end = ` [${token}]`;
  const templates = [...inFlow(flow, view, flow.conversation.summary), DEFAULT_SUMMARY];
  return `${truncate(sanitize(render(templates, view, flow.note)), limit - end.length)}${end}`;
}

/** Small flat strings for tools beside the agent. */
export const metadataOf = (
  note: NoteSettings,
  view: View,
  token: string,
  replaces: readonly string[],
): Record<string, string> => ({
  baton_bot: view.bot,
  baton_session: view.session,
  baton_handoff: token,
  baton_reason: view.reason,
  ...contactMetadataOf(view, note),
  ...(replaces.length > 0 && { baton_previous_conversation: replaces.join(" ") }),
});

export interface Said {
  /** Oldest first. */
  lines: readonly Line[];
  /** Number of messages before those, which are not at hand any more. */
  leftOut: number;
}

interface Fitted {
  pages: string[];
  isWhole: boolean;
}

/** Fills as many pages as a number of notes holds, with the newest lines. */
function fitted(
  note: NoteSettings,
  head: readonly string[],
  title: string,
  { shown, leftOut }: { shown: readonly Shown[]; leftOut: number },
  token: string,
  limit: number,
): Fitted {
  // Five notes never hold more than this, so it is not tried.
  let from = shown.length;
  for (let length = 0; from > 0; from -= 1) {
    length += shown[from - 1]?.text.length ?? 0;
    if (length > roomFor(token, limit) * MAX_NOTES) break;
  }
  for (; ; from += 1) {
    const { heading, lines } = transcriptOf(note, title, shown.slice(from), leftOut + from);
    const [first, ...others] = lines;
    const begin = first === undefined ? heading : `${heading}\n${first}`;
    const above = head.length === 0 ? [] : [...head, ""];
    const pages = pagesOf([...above, begin, ...others], token, limit);
    const isFitting = pages.length <= MAX_NOTES;
    if (isFitting || from >= shown.length - 1) return { pages, isWhole: from === 0 && isFitting };
  }
}

/** Does the same, and cuts the longest messages if even the newest one is too long. */
function fittedWithin(
  note: NoteSettings,
  head: readonly string[],
  title: string,
  said: { shown: (longest: number) => readonly Shown[]; leftOut: number },
  token: string,
  limit: number,
): Fitted {
  const room = roomFor(token, limit) * MAX_NOTES;
  for (let longest = room - lengthOf(head); ; longest *= SHORTER) {
    const shown = said.shown(Math.max(SHORTEST, Math.floor(longest)));
    const next = fitted(note, head, title, { shown, leftOut: said.leftOut }, token, limit);
    if (next.pages.length <= MAX_NOTES || longest < SHORTEST) return next;
  }
}

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);

/**
 * Renders the first note: the reason, the known facts, and the newest messages. A note longer than `limit` becomes several, at
 * most five. Each ends with its part and the token, by which it is found again. Empty if the flow wants none.
 */
export function notesOf(
  note: NoteSettings,
  view: View,
  request: Request,
  said: Said,
  token: string,
  limit: number,
): string[] {
  if (!note.enabled) return [];
  const room = roomFor(token, limit) * MAX_NOTES;
  const lines = note.transcript ? said.lines : said.lines.filter((line) => !isOfChat(line));
  const newest = lines.slice(-note.maxMessages);
  const leftOut = (note.transcript ? said.leftOut : 0) + lines.length - newest.length;
  const shown = (longest: number): Shown[] => shownOf(note, view.bot, newest, longest);
  const pagesWith = (head: readonly string[]): Fitted => {
    if (newest.length + leftOut > 0)
      return fittedWithin(note, head, noteWordingIn(note.language).transcript, { shown, leftOut }, token, limit);
    const pages = pagesOf(head, token, limit);
    return { pages, isWhole: pages.length <= MAX_NOTES };
  };
  const head = headOf(note, view, request, null);
  if (lengthOf(head) <= room * HEAD_SHARE) return pagesWith(head).pages;
  const whole = lengthOf(head) <= room ? pagesWith(head) : null;
  return whole?.isWhole ? whole.pages : pagesWith(headOf(note, view, request, room)).pages;
}

/**
 * Renders the words since the earlier notes, cut to five notes. The last of `lines` is included in any case; if it is too long,
 * it loses its middle and says so.
 */
export function furtherNotesOf(
  note: NoteSettings,
  bot: string,
  said: Said & { lost: number },
  token: string,
  limit: number,
): Fitted {
  const wording = noteWordingIn(note.language);
  const head = said.lost === 0 ? [] : [wording.missing];
  const shown = (longest: number): Shown[] => shownOf(note, bot, said.lines, longest);
  return fittedWithin(note, head, wording.further, { shown, leftOut: said.leftOut }, token, limit);
}
