import { shownContent } from "../events/content-type.ts";
import type { Event, Utterance } from "../events/event.ts";
import type { Flow } from "./flow.ts";
import { redact } from "./redact.ts";

const plain = (text: string): string => text.trim().replace(/\s+/g, " ");

/** The words of an event, if it has any. */
function utteranceOf(event: Event): Utterance | null {
  switch (event.type) {
    case "customer.message":
      return {
        author: "customer",
        text: shownContent(event.text, event.contentType),
        at: event.at,
      };
    case "bot.message":
      return { author: "bot", text: event.text, at: event.at };
    case "bot.fallback":
      return event.text ? { author: "customer", text: event.text, at: event.at } : null;
    case "bot.error":
    case "handoff.requested":
    case "session.started":
    case "session.ended":
      return null;
  }
}

const keyOf = ({ author, text }: Utterance): string => `${author} ${plain(text)}`;

/**
 * What was said, in the order of the events. What a bot did not understand are the customer's words: a bot that has
 * reported them as a message too said them once.
 */
export function utterancesOf(events: readonly Event[]): Utterance[] {
  const said: Utterance[] = [];
  /** The customer's last message, until a fallback speaks of it or of a part of it. */
  let message = "";
  for (const event of events) {
    const utterance = utteranceOf(event);
    if (utterance === null) continue;
    if (event.type === "bot.fallback" && message.includes(plain(utterance.text))) {
      message = "";
      continue;
    }
    if (event.type === "customer.message") message = plain(utterance.text);
    said.push(utterance);
  }
  return said;
}

/**
 * What was recorded and what the request brought, each message once: what is in both stands where the request has it,
 * what was only recorded stays between its neighbours. Both redacted alike, or they would not be recognised.
 */
export function mergeTranscript(recorded: readonly Utterance[], given: readonly Utterance[]): Utterance[] {
  const told = given.map((utterance) => ({ ...utterance }));
  const places = new Map<string, number[]>();
  for (const [place, utterance] of told.entries()) {
    const same = places.get(keyOf(utterance));
    if (same === undefined) places.set(keyOf(utterance), [place]);
    else same.push(place);
  }
  // From the end, since a request brings the end of a chat, and "yes" may have been said before it too.
  const backwards: Utterance[] = [];
  let end = told.length;
  for (const utterance of recorded.toReversed()) {
    const place = places.get(keyOf(utterance))?.pop();
    const twin = place === undefined ? undefined : told[place];
    if (place === undefined || twin === undefined) {
      backwards.push(utterance);
      continue;
    }
    if (utterance.at !== undefined) twin.at ??= utterance.at;
    if (place >= end) continue;
    backwards.push(...told.slice(place, end).reverse());
    end = place;
  }
  return [...told.slice(0, end), ...backwards.reverse()];
}

/**
 * The event as it may be kept: free text redacted, and what was said gone where the flow keeps no transcript. Why a bot
 * asks for a person is no transcript: the agent needs it.
 */
export function redactEvent(flow: Flow, event: Event): Event {
  const redacted = (text: string): string => redact(text, flow.note);
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
