import { type Event, type HandoffRequested, lengthOf, type Utterance, WORDS_MAX } from "../../events/event.ts";
import type { Flow } from "../flow.ts";
import { redactWords } from "./redact.ts";

/**
 * Reduces an event to what may be recorded: free text redacted, and no words if the flow keeps no transcript. A bot's reason for
 * a request is no transcript: the agent needs it. Text that is too long for any note is cut.
 */
export function redactEvent(flow: Flow, event: Event): Event {
  const redacted = (text: string): string => redactWords(text, flow.note);
  const clean = (text: string): string => (flow.note.transcript ? redacted(text) : "");
  switch (event.type) {
    case "customer.message":
    case "bot.message":
      return { ...event, text: clean(event.text) };
    case "bot.fallback":
      return event.text === undefined ? event : { ...event, text: clean(event.text) };
    case "bot.error":
      return event.error === undefined ? event : { ...event, error: clean(event.error) };
    case "handoff.requested":
      return {
        ...event,
        ...(event.reason !== undefined && { reason: redacted(event.reason) }),
        ...(event.summary !== undefined && { summary: redacted(event.summary) }),
        ...(event.transcript !== undefined && (flow.note.transcript ? newest(event, redacted) : { transcript: [] })),
      };
    case "session.started":
    case "session.ended":
      return event;
  }
}

/** Keeps the newest lines that fit, the last one in any case, and counts the others. */
function newest(
  { transcript = [], transcriptLeftOut = 0 }: HandoffRequested,
  redacted: (text: string) => string,
): Pick<HandoffRequested, "transcript" | "transcriptLeftOut"> {
  const kept: Utterance[] = [...transcript];
  for (let length = lengthOf(kept); kept.length > 1 && length > WORDS_MAX; ) length -= kept.shift()?.text.length ?? 0;
  const leftOut = transcriptLeftOut + transcript.length - kept.length;
  return {
    transcript: kept.map((line) => ({ ...line, text: redacted(line.text) })),
    ...(leftOut > 0 && { transcriptLeftOut: leftOut }),
  };
}
