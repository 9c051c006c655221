/** What goes with a handoff to the agent: topic, summary, notes, metadata, each within the platform's limit. */
import { cut } from "./cut.ts";
import type { Flow } from "./flow.ts";
import { headOf, type NoteContent, newestOf, transcriptOf } from "./note.ts";
import { pagesOf, roomFor } from "./pages.ts";
import { oneLine, readable } from "./readable.ts";
import { render, type View } from "./template.ts";

/** More notes than this bury the agent; the oldest messages are left out instead. */
const MAX_NOTES = 5;
/** Always complete, so they come last. */
const DEFAULT_TOPIC = "Chat {{session}}";
const DEFAULT_SUMMARY = "{{reason}} · handed over by {{bot}}";

export const topicOf = (flow: Flow, view: View, limit: number): string =>
  cut(oneLine(render([...flow.conversation.topic, DEFAULT_TOPIC], view, flow.note)), limit);

/** Ends with the token, whatever its length: that is how a conversation whose answer was lost is found again. */
export function summaryOf(flow: Flow, view: View, token: string, limit: number): string {
  const end = ` [${token}]`;
  const templates = [...(flow.conversation.summary ?? []), DEFAULT_SUMMARY];
  return `${cut(readable(render(templates, view, flow.note)), limit - end.length)}${end}`;
}

/** Small flat strings that a tool beside the agent can read. */
export const metadataOf = (view: View, token: string, replaces: readonly string[]): Record<string, string> => ({
  baton_bot: view.bot,
  baton_session: view.session,
  baton_handoff: token,
  baton_reason: view.reason,
  ...(replaces.length > 0 && { baton_previous_conversation: replaces.join(" ") }),
});

/**
 * What the agent reads first: why, what is known, and the newest messages. Longer than `limit` it becomes several notes.
 * Each ends with its part and the token, by which it is found again. None where the flow wants none.
 */
export function notesOf(flow: Flow, view: View, content: NoteContent, token: string, limit: number): string[] {
  if (!flow.note.enabled) return [];
  const room = roomFor(token, limit);
  const head = headOf(flow, view, content, room);
  const total = flow.note.transcript ? content.transcript.length : 0;
  if (total === 0) return pagesOf(head, token, limit);

  const messages = newestOf(flow, content.transcript, room, MAX_NOTES);
  for (let from = 0; ; from += 1) {
    const { heading, lines } = transcriptOf(messages.slice(from), total - messages.length + from);
    const [first = "", ...others] = lines;
    const pages = pagesOf([...head, "", `${heading}\n${first}`, ...others], token, limit);
    if (pages.length <= MAX_NOTES || from >= messages.length - 1) return pages;
  }
}
