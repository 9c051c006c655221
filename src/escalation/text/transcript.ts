import { shownContent } from "../../events/content-type.ts";
import type { Event, Utterance } from "../../events/event.ts";

const plain = (text: string): string => text.trim().replace(/\s+/g, " ");

/** Entry of a chat in a note: words, another request of the bot, or the customer's leave. */
export interface Line extends Omit<Utterance, "author"> {
  author: Utterance["author"] | "asked-before" | "asked-again" | "end";
  /** Other fields of a request. */
  told?: Pick<Event, "customer" | "attributes" | "channel" | "language">;
}

/** Authors whose lines are words of the chat; other lines are requests or an end. */
const OF_CHAT = new Set<Line["author"]>(["customer", "bot", "agent"]);
export const isOfChat = ({ author }: Line): boolean => OF_CHAT.has(author);

/** The words of an event, if it has any. */
function utteranceOf(event: Event): Utterance | null {
  switch (event.type) {
    case "customer.message":
      return { author: "customer", text: shownContent(event.text, event.contentType), at: event.at };
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

const keyOf = ({ author, text }: Line): string => `${author} ${plain(text)}`;

/**
 * Collects the words that each event adds. Words that a bot did not understand are the customer's: if the bot also reported them
 * as a message, the customer said them once.
 */
function createUtterances(): (event: Event) => Utterance | null {
  /** The customer's last message, until a fallback speaks of it or of a part of it. */
  let message = "";
  return (event) => {
    const utterance = utteranceOf(event);
    if (utterance === null) return null;
    if (event.type === "bot.fallback" && message.includes(plain(utterance.text))) {
      message = "";
      return null;
    }
    if (event.type === "customer.message") message = plain(event.text);
    return utterance;
  };
}

/** Collects the words of a chat, in the order of the events. */
export function utterancesOf(events: readonly Event[]): Utterance[] {
  const next = createUtterances();
  return events.flatMap((event) => next(event) ?? []);
}

/** True if all of a request's words were said before all recorded ones. */
function isEarlier(given: readonly Line[], recorded: readonly Line[]): boolean {
  const [last, first] = [given.at(-1)?.at, recorded[0]?.at];
  return last !== undefined && first !== undefined && Date.parse(last) < Date.parse(first);
}

/**
 * Merges recorded words with those of a request, each message once. A message in both stands where the request has it; one that
 * was only recorded stays between its neighbours. The words of a request without any recorded ones come last, unless its times
 * are earlier. Both have the same redaction, since they would not be recognised otherwise.
 */
export function mergeTranscript<T extends Line>(recorded: readonly T[], given: readonly T[]): T[] {
  const told = given.map((utterance): T => ({ ...utterance }));
  const places = new Map<string, number[]>();
  for (const [place, utterance] of told.entries()) {
    const same = places.get(keyOf(utterance));
    if (same === undefined) places.set(keyOf(utterance), [place]);
    else same.push(place);
  }
  // Compares from the end, since a request brings the end of a chat, and "yes" may have been said before it too.
  const backwards: T[] = [];
  let end = told.length;
  let isShared = false;
  for (const utterance of recorded.toReversed()) {
    const place = places.get(keyOf(utterance))?.pop();
    const twin = place === undefined ? undefined : told[place];
    if (place === undefined || twin === undefined) {
      backwards.push(utterance);
      continue;
    }
    isShared = true;
    if (utterance.at !== undefined) twin.at ??= utterance.at;
    if (place >= end) continue;
    backwards.push(...told.slice(place, end).reverse());
    end = place;
  }
  if (!isShared && !isEarlier(told, recorded)) return [...recorded, ...told];
  return [...told.slice(0, end), ...backwards.reverse()];
}

/** Filters `given` by words that are new, each as often as it is new: a request mostly brings the whole chat again. */
function newOf(said: readonly Utterance[], given: readonly Utterance[]): Utterance[] {
  const known = new Map<string, number>();
  for (const utterance of said) known.set(keyOf(utterance), (known.get(keyOf(utterance)) ?? 0) + 1);
  // Compares from the end: the same words said before may be older than what the request brings.
  return given
    .toReversed()
    .filter((utterance) => {
      const left = known.get(keyOf(utterance)) ?? 0;
      known.set(keyOf(utterance), left - 1);
      return left <= 0;
    })
    .reverse();
}

/** An item in the order of the record. */
export interface Placed<T> {
  seq: number;
  of: T;
}

/** An event of a chat in view of a handoff. `request`: it opened the handoff, came while it was open, or led to none before. */
export interface Told extends Placed<Event> {
  request: "opener" | "again" | "before";
}

/** Fields of a request beside its transcript. */
const wordsOfRequest = ({ reason, summary }: { reason?: string | undefined; summary?: string | undefined }): string =>
  [reason ?? "", summary ? `Summary: ${summary}` : ""].filter((part) => part !== "").join("\n");

/**
 * Turns a chat's events, in the order in which they are told, into lines. A request gives the new lines of its transcript, then
 * its own words; the note's head has those of the one that opened the handoff.
 */
export function linesOf(events: readonly Told[], isEndShown: boolean): Placed<Line>[] {
  const next = createUtterances();
  const said: Utterance[] = [];
  const linesOfEvent = ({ of: event, request }: Told): Line[] => {
    if (event.type === "session.ended") return isEndShown ? [{ author: "end", text: "", at: event.at }] : [];
    if (event.type !== "handoff.requested") {
      const utterance = next(event);
      if (utterance === null) return [];
      said.push(utterance);
      return [utterance];
    }
    const fresh = newOf(said, event.transcript ?? []);
    said.push(...fresh);
    if (request === "opener") return [];
    const text = wordsOfRequest(event);
    const { customer, attributes, channel, language } = event;
    const hasTold = [customer, attributes].some((it) => Object.keys(it ?? {}).length > 0);
    // A request that brings news is not told as a request, too.
    if (text === "" && fresh.length > 0 && !hasTold) return fresh;
    const author = request === "again" ? "asked-again" : "asked-before";
    return [...fresh, { author, text, at: event.at, told: { customer, attributes, channel, language } }];
  };
  return events.flatMap((told) => linesOfEvent(told).map((of) => ({ seq: told.seq, of })));
}

/** Inserts further lines into an ordered list, each after the words before it. */
function withFurther(lines: readonly Line[], further: readonly Line[]): Line[] {
  const all = [...lines];
  for (const line of further) {
    const at = line.at === undefined ? Number.POSITIVE_INFINITY : Date.parse(line.at);
    let place = all.length;
    for (const [index, { at: other }] of [...all.entries()].reverse()) {
      if (other === undefined) continue;
      if (Date.parse(other) <= at) break;
      place = index;
    }
    all.splice(place, 0, line);
  }
  return all;
}

/** Collects all words of a chat until now, each message once, for a handoff whose agent knows none of them yet. */
export function openingOf(events: readonly Told[], isEndShown: boolean): Line[] {
  // The note's head has the known facts.
  const placed = linesOf(events, isEndShown).map(({ seq, of: { told: _, ...of } }) => ({ seq, of }));
  const opener = events.find(({ request, of }) => request === "opener" && of.type === "handoff.requested");
  if (opener?.of.type !== "handoff.requested") return placed.map(({ of }) => of);
  const isBefore = ({ seq }: Placed<Line>): boolean => seq < opener.seq;
  const before = placed.filter(isBefore).map(({ of }) => of);
  const after = placed.filter((line) => !isBefore(line)).map(({ of }) => of);
  return withFurther(mergeTranscript<Line>(before, opener.of.transcript ?? []), after);
}
