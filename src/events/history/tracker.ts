/** The events of a Rasa tracker, which hold a conversation and everything else that happened in it. */
import { isRecord } from "../reading/scalars.ts";

type TrackerEvent = Record<string, unknown>;
/** A line of the transcript, or the place of an action. */
type Entry = { author: "customer" | "bot"; text: unknown; at: unknown } | "action";

export const isTracker = (list: readonly unknown[]): boolean =>
  list.some((event) => isRecord(event) && typeof event.event === "string" && event.timestamp !== undefined);

/** Payloads of buttons and `/session_start`: nobody wrote them. */
const isCommand = (text: unknown): boolean => typeof text === "string" && /^\/(?![\s/])/.test(text);

const titleOf = ({ metadata }: TrackerEvent): unknown => (isRecord(metadata) ? metadata.title : undefined);

/** Titles of a bot's buttons, or the kind of what else it showed. */
function shownBy({ data }: TrackerEvent): unknown {
  if (!isRecord(data)) return undefined;
  const buttons = Array.isArray(data.buttons) ? data.buttons.flatMap((it) => (isRecord(it) ? [it.title] : [])) : [];
  const titles = buttons.filter((title) => typeof title === "string").join(", ");
  if (titles !== "") return titles;
  return data.image ? "(image)" : data.attachment ? "(attachment)" : undefined;
}

function drop(entries: Entry[], last: (entry: Entry) => boolean): void {
  const from = entries.findLastIndex(last);
  if (from !== -1) entries.length = from;
}

/** The lines of the session that goes on, without those that were taken back. */
export function toTrackerLines(list: readonly unknown[]): Exclude<Entry, "action">[] {
  const entries: Entry[] = [];
  for (const event of list) {
    if (!isRecord(event)) continue;
    const at = event.timestamp;
    switch (event.event) {
      case "user": {
        const text = isCommand(event.text) ? titleOf(event) : event.text;
        entries.push({ author: "customer", text: text ?? "", at });
        break;
      }
      case "bot":
        entries.push({ author: "bot", text: event.text || shownBy(event), at });
        break;
      case "action":
        entries.push("action");
        break;
      case "session_started":
      case "restart":
        entries.length = 0;
        break;
      case "rewind":
        drop(entries, (entry) => entry !== "action" && entry.author === "customer");
        break;
      case "undo":
        drop(entries, (entry) => entry === "action");
        break;
    }
  }
  return entries.filter((entry) => entry !== "action");
}
