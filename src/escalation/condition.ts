import { type Event, eventTypes } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import type { Condition, Flow } from "./flow.ts";
import { isWorking, type KnownHours } from "./hours.ts";
import { phraseIn, wordsOf } from "./phrase.ts";

type Value = string | number | boolean;

export interface SeenCondition {
  key: string;
  expected: unknown;
  /** The value the condition saw; for `text` the phrase that was found, never the text itself. */
  saw: Value | null;
  held: boolean;
}

/** What conditions look at. The facts already count the event. */
export interface Situation {
  flow: Flow;
  facts: Facts;
  event: Event;
  now: number;
  known: KnownHours;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `en` is wanted by `en` and `en-GB`; some platforms write `en_GB`. */
function isLanguage(wanted: string, language: string): boolean {
  const [wide, narrow] = [wanted, language].map((tag) => tag.toLowerCase().replaceAll("_", "-"));
  return narrow === wide || narrow?.startsWith(`${wide}-`) === true;
}

/** A bot may send "5" where the flow says 5, and "True" where it says true. */
function isSame(wanted: Value, value: Value): boolean {
  const [a, b] = [String(wanted), String(value)];
  if (typeof wanted === "boolean" || typeof value === "boolean") return same(a, b);
  if (typeof wanted === typeof value) return a === b;
  return a.trim() !== "" && b.trim() !== "" && Number(a) === Number(b);
}

/** A message that is not text. A content type of text says no more than none. */
const contentTypeOf = (message: Extract<Event, { type: "customer.message" }>): string | null =>
  message.contentType === undefined || /^text(?:\/plain)?$/i.test(message.contentType) ? null : message.contentType;

/** A session that ended has nobody to hand over, unless a flow asks for that very event. */
const beforeTheEnd = eventTypes.filter((type) => type !== "session.ended");

const texts = new WeakMap<Event, string>();

/** The words of a message; several rules look for theirs. */
function wordsOfMessage(message: Extract<Event, { type: "customer.message" }>): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const words = wordsOf(message.text);
  texts.set(message, words);
  return words;
}

const seen = (
  key: string,
  expected: unknown,
  saw: SeenCondition["saw"],
  holds: (saw: Value) => boolean,
): SeenCondition => ({ key, expected, saw, held: saw !== null && holds(saw) });

/** Every key of a condition, lazily: whoever needs only the answer stops at the first that does not hold. */
export function* conditionsSeen(
  condition: Condition,
  { flow, facts, event, now, known }: Situation,
): Generator<SeenCondition> {
  const message = event.type === "customer.message" ? event : null;
  if (condition.event !== undefined || event.type === "session.ended") {
    const types = condition.event ?? beforeTheEnd;
    yield seen("event", types, event.type, (type) => types.some((wanted) => wanted === type));
  }
  if (condition.text !== undefined) {
    yield seen(
      "text",
      condition.text,
      message && phraseIn(wordsOfMessage(message), condition.text.contains),
      () => true,
    );
  }
  if (condition.intent !== undefined) {
    const names = condition.intent;
    yield seen("intent", names, message?.intent?.name ?? null, (name) => names.some((wanted) => wanted === name));
  }
  if (condition.confidence !== undefined) {
    const { below } = condition.confidence;
    yield seen(
      "confidence",
      condition.confidence,
      message?.intent?.confidence ?? null,
      (value) => Number(value) < below,
    );
  }
  if (condition.sentiment !== undefined) {
    const { below } = condition.sentiment;
    yield seen("sentiment", condition.sentiment, message?.sentiment ?? null, (value) => Number(value) < below);
  }
  if (condition.fallbacks !== undefined) {
    const { atLeast } = condition.fallbacks;
    yield seen("fallbacks", condition.fallbacks, facts.fallbacks, (count) => Number(count) >= atLeast);
  }
  if (condition.errors !== undefined) {
    const { atLeast } = condition.errors;
    yield seen("errors", condition.errors, facts.errors, (count) => Number(count) >= atLeast);
  }
  if (condition.contentType !== undefined) {
    const types = condition.contentType;
    yield seen("contentType", types, message && contentTypeOf(message), (type) =>
      types.some((t) => same(t, String(type))),
    );
  }
  if (condition.channel !== undefined) {
    const channels = condition.channel;
    yield seen("channel", channels, facts.channel, (channel) => channels.some((c) => same(c, String(channel))));
  }
  if (condition.language !== undefined) {
    const languages = condition.language;
    yield seen("language", languages, facts.language, (language) =>
      languages.some((wanted) => isLanguage(wanted, String(language))),
    );
  }
  for (const [name, values] of Object.entries(condition.attributes ?? {})) {
    const value = Object.hasOwn(facts.attributes, name) ? (facts.attributes[name] ?? null) : null;
    yield seen(`attributes.${name}`, values, value, (saw) => values.some((wanted) => isSame(wanted, saw)));
  }
  if (condition.hours !== undefined) {
    const moment = isWorking(flow.hours, now, known) ? "inside" : "outside";
    yield seen("hours", condition.hours, moment, (saw) => saw === condition.hours);
  }
}
