import { isOfType, isWordsType } from "../../events/content-type.ts";
import { type Event, eventTypes, WORDS_MAX } from "../../events/event.ts";
import { type Facts, handoffsWithin } from "../../events/facts.ts";
import type { Flow } from "../flow.ts";
import { isWorking, type KnownHours } from "../hours.ts";
import { phraseIn } from "../phrases/phrase-in.ts";
import { readingsOf } from "../phrases/readings.ts";
import { middleOf } from "../text/truncate.ts";
import { fitsPattern } from "./pattern.ts";
import type { Condition } from "./schema.ts";
import { shareOf } from "./share.ts";

type Value = string | number | boolean;

export interface CheckedCondition {
  key: string;
  expected: unknown;
  /** Value that the condition saw; for `text` the phrase that was found, for `customer` the pattern: never personal data. */
  saw: Value | null;
  held: boolean;
}

/** Values that conditions look at. The facts already count the event. */
export interface Situation {
  flow: Flow;
  bot: string;
  session: string;
  /** Time at which the bot last got its customer back; null: never. */
  returnedAt: number | null;
  facts: Facts;
  event: Event;
  now: number;
  known: KnownHours;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `en` matches `en` and `en-GB`; some platforms write `en_GB`. */
function isLanguage(wanted: string, language: string): boolean {
  const [wide, narrow] = [wanted, language].map((tag) => tag.toLowerCase().replaceAll("_", "-"));
  return narrow === wide || narrow?.startsWith(`${wide}-`) === true;
}

const DIGITS = /^\s*[+-]?\d{16,}\s*$/;

/** Compares texts without case and outer space. A bot may send "5" for a flow's 5, and "True" for true. */
function isSame(wanted: Value, value: Value): boolean {
  const [a, b] = [String(wanted).trim(), String(value).trim()];
  if (typeof wanted === typeof value || typeof wanted === "boolean" || typeof value === "boolean") return same(a, b);
  // Numbers this long equal others once they are parsed.
  if (DIGITS.test(a) || DIGITS.test(b)) return a === b;
  return a !== "" && b !== "" && Number(a) === Number(b);
}

/** A bot may send "1200" as text; a text that is no number is less than any. */
const numberOf = (value: Value): number => {
  const text = String(value).trim();
  return typeof value === "boolean" || text === "" || Number.isNaN(Number(text))
    ? Number.NEGATIVE_INFINITY
    : Number(text);
};

/** Content type of a customer's message that is no text. A choice among buttons is text. */
const contentTypeOf = ({ contentType }: Spoken): string | null =>
  contentType === undefined || isWordsType(contentType) ? null : contentType;

/** A session that ended has no customer to hand over, unless a flow names that very event. */
const beforeTheEnd = eventTypes.filter((type) => type !== "session.ended");

/** An event with the customer's words, and the bot's understanding of them. */
type Spoken = Extract<Event, { type: "customer.message" | "handoff.requested" }>;

/** The customer's words, and the bot's reason for a request. */
function textsOf(event: Event): (string | undefined)[] {
  switch (event.type) {
    case "customer.message":
    case "bot.fallback":
      return [event.text];
    case "handoff.requested":
      return [event.transcript?.findLast(({ author }) => author === "customer")?.text, event.reason];
    case "bot.message":
    case "bot.error":
    case "session.started":
    case "session.ended":
      return [];
  }
}

/** Takes the beginning and the end of a long text, where people say what they want. */
function endsOf(text: string): string[] {
  if (text.length <= WORDS_MAX) return [text];
  const { start, end } = middleOf(text, WORDS_MAX);
  return [text.slice(0, start), text.slice(end)];
}

const wordsByEvent = new WeakMap<Event, readonly string[]>();

/** The words that rules see; cached, since several rules search them. */
function wordsIn(event: Event): readonly string[] {
  const known = wordsByEvent.get(event);
  if (known !== undefined) return known;
  const words = textsOf(event).flatMap((text) => (text === undefined ? [] : endsOf(text).flatMap(readingsOf)));
  wordsByEvent.set(event, words);
  return words;
}

/** The first of the phrases in an event's words; null: none. */
function phraseOf(event: Event, phrases: readonly string[]): string | null {
  for (const words of wordsIn(event)) {
    const phrase = phraseIn(words, phrases);
    if (phrase !== null) return phrase;
  }
  return null;
}

const MINUTE_MS = 60_000;

type WantedAttribute = NonNullable<Condition["attributes"]>[string];
type WantedContact = NonNullable<NonNullable<Condition["customer"]>["name"]>;

function checkAttribute(key: string, wanted: WantedAttribute, value: Value | null): CheckedCondition {
  if (Array.isArray(wanted)) return check(key, wanted, value, (saw) => wanted.some((one) => isSame(one, saw)));
  if ("given" in wanted) return { key, expected: wanted, saw: value !== null, held: wanted.given === (value !== null) };
  return check(key, wanted, value, (saw) => numberOf(saw) >= wanted.atLeast);
}

function checkContact(key: string, wanted: WantedContact, value: string | undefined): CheckedCondition {
  if (!Array.isArray(wanted)) {
    const isGiven = value !== undefined;
    return { key, expected: wanted, saw: isGiven, held: wanted.given === isGiven };
  }
  const pattern = value === undefined ? undefined : wanted.find((one) => fitsPattern(one, value));
  return { key, expected: wanted, saw: pattern ?? null, held: pattern !== undefined };
}

const check = (
  key: string,
  expected: unknown,
  saw: CheckedCondition["saw"],
  holds: (saw: Value) => boolean,
): CheckedCondition => ({ key, expected, saw, held: saw !== null && holds(saw) });

/** Lists every key of a condition, lazily: a caller that needs only the answer stops at the first that does not match. */
export function* checkConditions(
  condition: Condition,
  { flow, bot, session, returnedAt, facts, event, now, known }: Situation,
): Generator<CheckedCondition> {
  const spoken = event.type === "customer.message" || event.type === "handoff.requested" ? event : null;
  if (condition.event !== undefined || event.type === "session.ended") {
    const types = condition.event ?? beforeTheEnd;
    yield check("event", types, event.type, (type) => types.some((wanted) => wanted === type));
  }
  if (condition.text !== undefined) {
    yield check("text", condition.text, phraseOf(event, condition.text.contains), () => true);
  }
  if (condition.intent !== undefined) {
    const names = condition.intent;
    yield check("intent", names, spoken?.intent?.name ?? null, (name) =>
      names.some((wanted) => same(wanted, String(name))),
    );
  }
  if (condition.confidence !== undefined) {
    const { below } = condition.confidence;
    yield check(
      "confidence",
      condition.confidence,
      spoken?.intent?.confidence ?? null,
      (value) => Number(value) < below,
    );
  }
  if (condition.sentiment !== undefined) {
    const { below } = condition.sentiment;
    yield check("sentiment", condition.sentiment, spoken?.sentiment ?? null, (value) => Number(value) < below);
  }
  if (condition.fallbacks !== undefined) {
    const { atLeast } = condition.fallbacks;
    yield check("fallbacks", condition.fallbacks, facts.fallbacks, (count) => Number(count) >= atLeast);
  }
  if (condition.errors !== undefined) {
    const { atLeast } = condition.errors;
    yield check("errors", condition.errors, facts.errors, (count) => Number(count) >= atLeast);
  }
  if (condition.contentType !== undefined) {
    const types = condition.contentType;
    yield check("contentType", types, spoken && contentTypeOf(spoken), (type) =>
      types.some((wanted) => isOfType(String(type), wanted)),
    );
  }
  if (condition.channel !== undefined) {
    const channels = condition.channel;
    yield check("channel", channels, facts.channel, (channel) => channels.some((c) => same(c, String(channel))));
  }
  if (condition.language !== undefined) {
    const languages = condition.language;
    yield check("language", languages, facts.language, (language) =>
      languages.some((wanted) => isLanguage(wanted, String(language))),
    );
  }
  for (const [name, wanted] of Object.entries(condition.attributes ?? {})) {
    const value = Object.hasOwn(facts.attributes, name) ? (facts.attributes[name] ?? null) : null;
    yield checkAttribute(`attributes.${name}`, wanted, value);
  }
  for (const name of ["name", "phone", "email", "externalId"] as const) {
    const wanted = condition.customer?.[name];
    if (wanted !== undefined) yield checkContact(`customer.${name}`, wanted, facts.customer[name]);
  }
  if (condition.hours !== undefined) {
    const moment = isWorking(flow.hours, now, known) ? "inside" : "outside";
    yield check("hours", condition.hours, moment, (saw) => saw === condition.hours);
  }
  if (condition.messages !== undefined) {
    const { atLeast } = condition.messages;
    yield check("messages", condition.messages, facts.messages, (said) => Number(said) >= atLeast);
  }
  if (condition.minutes !== undefined) {
    const { atLeast } = condition.minutes;
    const minutes = Math.floor((now - (facts.startedAt ?? now)) / MINUTE_MS);
    yield check("minutes", condition.minutes, minutes, (passed) => Number(passed) >= atLeast);
  }
  if (condition.handoffs !== undefined) {
    const { atLeast, withinHours } = condition.handoffs;
    const recent = handoffsWithin(facts, withinHours, now);
    yield check("handoffs", condition.handoffs, recent, (opened) => Number(opened) >= atLeast);
  }
  if (condition.sinceHandBack !== undefined) {
    const { belowMinutes } = condition.sinceHandBack;
    const minutes = returnedAt === null ? null : Math.max(0, Math.floor(((now - returnedAt) / MINUTE_MS) * 10) / 10);
    yield check("sinceHandBack", condition.sinceHandBack, minutes, (passed) => Number(passed) < belowMinutes);
  }
  if (condition.share !== undefined) {
    const { below } = condition.share;
    yield check(
      "share",
      condition.share,
      Math.round(shareOf(bot, session) * 10_000) / 10_000,
      () => shareOf(bot, session) < below,
    );
  }
}
