import type { Event } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import type { Condition, Flow } from "./flow.ts";
import { isOpen } from "./hours.ts";
import { phraseIn } from "./phrase.ts";

export interface SeenCondition {
  key: string;
  expected: unknown;
  /** The value the condition saw; for `text` the phrase that was found, never the text itself. */
  saw: string | number | boolean | null;
  held: boolean;
}

/** What conditions look at. The facts already count the event. */
export interface Situation {
  flow: Flow;
  facts: Facts;
  event: Event;
  now: number;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const isLanguage = (wanted: string, language: string): boolean =>
  same(wanted, language) || language.toLowerCase().startsWith(`${wanted.toLowerCase()}-`);

const seen = (
  key: string,
  expected: unknown,
  saw: SeenCondition["saw"],
  holds: (saw: string | number | boolean) => boolean,
): SeenCondition => ({ key, expected, saw, held: saw !== null && holds(saw) });

/** Every key of a condition, lazily: whoever needs only the answer stops at the first that does not hold. */
export function* conditionsSeen(
  condition: Condition,
  { flow, facts, event, now }: Situation,
): Generator<SeenCondition> {
  const message = event.type === "customer.message" ? event : null;
  if (condition.event !== undefined) {
    const types = condition.event;
    yield seen("event", types, event.type, (type) => types.some((wanted) => wanted === type));
  }
  if (condition.text !== undefined) {
    yield seen("text", condition.text, message && phraseIn(message.text, condition.text.contains), () => true);
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
    yield seen("contentType", types, message?.contentType ?? null, (type) => types.some((t) => same(t, String(type))));
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
    // A bot may send 5 where the flow says "5".
    yield seen(`attributes.${name}`, values, value, (saw) => values.some((wanted) => String(wanted) === String(saw)));
  }
  if (condition.hours !== undefined) {
    const moment = flow.hours !== undefined && isOpen(flow.hours, now) ? "inside" : "outside";
    yield seen("hours", condition.hours, moment, (saw) => saw === condition.hours);
  }
}
