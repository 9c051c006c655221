/** What goes with a handoff to the agent: topic, summary, notes, metadata, each within the platform's limit. */
import type { Utterance } from "../events/event.ts";
import { cut } from "./cut.ts";
import type { Flow } from "./flow.ts";
import { redact, redactValue } from "./redact.ts";
import { render, type View } from "./template.ts";

/** More notes than this bury the agent; the oldest messages are left out instead. */
const MAX_NOTES = 5;
/** Room for `(5/5) [token]` under each note. */
const FOOTER_ROOM = 60;
const DEFAULT_SUMMARY = ["{{reason}} · handed over by {{bot}}"];
/** All control characters but newline and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const readable = (text: string): string => text.replace(/\r\n?/g, "\n").replace(CONTROL, "");
const oneLine = (text: string): string => readable(text).replace(/\s+/g, " ").trim();
const valueRedaction = (flow: Flow) => (text: string) => redactValue(text, flow.note.redact);

export const topicOf = (flow: Flow, view: View, limit: number): string =>
  cut(oneLine(render(flow.conversation.topic, view, valueRedaction(flow))), limit);

/** Ends with the token, whatever its length: that is how a conversation whose answer was lost is found again. */
export function summaryOf(flow: Flow, view: View, token: string, limit: number): string {
  const end = ` [${token}]`;
  const text = readable(render(flow.conversation.summary ?? DEFAULT_SUMMARY, view, valueRedaction(flow))).trim();
  return `${cut(text, limit - end.length)}${end}`;
}

/** Small flat strings that a tool beside the agent can read. */
export const metadataOf = (view: View, token: string, replaces: readonly string[]): Record<string, string> => ({
  baton_bot: view.bot,
  baton_session: view.session,
  baton_handoff: token,
  baton_reason: view.reason,
  ...(replaces.length > 0 && { baton_previous_conversation: replaces.join(" ") }),
});

export interface NoteContent {
  /** What the bot's own request said. */
  request: { reason?: string | undefined; summary?: string | undefined };
  transcript: readonly Utterance[];
}

function facts(flow: Flow, view: View, { request }: NoteContent): string[] {
  const { customer, attributes } = view.facts;
  const value = valueRedaction(flow);
  const free = (text: string): string => redact(readable(text), flow.note.redact).trim();
  const known = Object.entries(attributes).map(([name, it]) => `${name}: ${oneLine(value(String(it)))}`);
  return [
    `Handed over by bot ${view.bot}. Reason: ${view.reason}`,
    ...(request.reason ? [`The bot said: ${free(request.reason)}`] : []),
    ...(request.summary ? [`Summary: ${free(request.summary)}`] : []),
    ...(customer.name ? [`Customer: ${oneLine(value(customer.name))}`] : []),
    ...(known.length > 0 ? [`Known: ${known.join(" · ")}`] : []),
  ];
}

function lineOf(flow: Flow, { author, text, at }: Utterance): string {
  const time = at === undefined ? "" : ` ${new Date(at).toISOString().slice(11, 16)}`;
  const words = redact(readable(text), flow.note.redact).trim().replaceAll("\n", "\n    ");
  return `${author === "customer" ? "Customer" : "Bot"}${time}: ${words}`;
}

/** Blocks put together into as few pages as hold them, each within `room`; an overlong block is cut. */
function pagesOf(blocks: readonly string[], room: number): string[] {
  const pages: string[] = [];
  for (const block of blocks.map((it) => cut(it, room))) {
    const last = pages.at(-1);
    if (last !== undefined && last.length + 1 + block.length <= room) pages[pages.length - 1] = `${last}\n${block}`;
    else pages.push(block);
  }
  return pages;
}

/**
 * What the agent reads first: why, what is known, and the newest messages. Longer than `limit` it becomes several notes.
 * Each ends with its part and the token, by which it is found again. None where the flow wants none.
 */
export function notesOf(flow: Flow, view: View, content: NoteContent, token: string, limit: number): string[] {
  if (!flow.note.enabled) return [];
  const room = limit - FOOTER_ROOM;
  const all = flow.note.transcript ? content.transcript : [];
  const head = facts(flow, view, content);

  let messages = all.slice(-flow.note.maxMessages);
  const compose = (): string[] => {
    const left = all.length - messages.length;
    const title = left > 0 ? `Transcript (UTC; ${left} earlier messages left out)` : "Transcript (UTC)";
    const lines = messages.map((utterance) => lineOf(flow, utterance));
    return pagesOf([...head, ...(all.length > 0 ? ["", title, ...lines] : [])], room);
  };
  let pages = compose();
  while (pages.length > MAX_NOTES && messages.length > 1) {
    messages = messages.slice(Math.ceil(messages.length / 10));
    pages = compose();
  }
  const kept = pages.slice(0, MAX_NOTES);
  return kept.map((page, index) => {
    const part = kept.length > 1 ? `(${index + 1}/${kept.length}) ` : "";
    return `${page}\n\n${part}[${token}]`;
  });
}
