import type { Event, Utterance } from "../events/event.ts";
import type { Flow } from "./flow.ts";
import { redact } from "./redact.ts";

/** The words of an event, if it has any. */
export function utteranceOf(event: Event): Utterance | null {
  switch (event.type) {
    case "customer.message":
      return {
        author: "customer",
        text: event.text !== "" ? event.text : `(${event.contentType?.toLowerCase() ?? "no text"})`,
        at: event.at,
      };
    case "bot.message":
      return { author: "bot", text: event.text, at: event.at };
    case "bot.fallback":
    case "bot.error":
    case "handoff.requested":
    case "session.started":
    case "session.ended":
      return null;
  }
}

const keyOf = ({ author, text }: Utterance): string => `${author}\u0000${text.trim()}`;

/** What was recorded and what the request brought, without saying twice what is in both. */
export function mergeTranscript(recorded: readonly Utterance[], given: readonly Utterance[]): Utterance[] {
  const told = new Set(given.map(keyOf));
  return [...recorded.filter((utterance) => !told.has(keyOf(utterance))), ...given];
}

/** The event as it may be kept: free text redacted, or gone where the flow keeps no transcript. */
export function redactEvent(flow: Flow, event: Event): Event {
  const clean = (text: string): string => (flow.note.transcript ? redact(text, flow.note.redact) : "");
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
        ...(event.reason !== undefined && { reason: clean(event.reason) }),
        ...(event.summary !== undefined && { summary: clean(event.summary) }),
        ...(event.transcript !== undefined && {
          transcript: flow.note.transcript
            ? event.transcript.map((utterance) => ({ ...utterance, text: clean(utterance.text) }))
            : [],
        }),
      };
    case "session.started":
    case "session.ended":
      return event;
  }
}
