/** Describes a rule of a flow in plain words. */
import type { Condition } from "../../../escalation/conditions/schema.ts";
import type { Rule } from "../../../escalation/rule.ts";

const MOST_NAMED = 5;
const oneOf = (all: readonly unknown[]): string => {
  const named = all.slice(0, MOST_NAMED).map(String);
  const more = all.length - named.length;
  return more > 0 ? `${named.join(", ")} or ${more} more` : named.join(" or ");
};
const percent = (part: number): string => `${Math.round(part * 100)} %`;
const value = (wanted: unknown): string => {
  if (Array.isArray(wanted)) return `is ${oneOf(wanted)}`;
  if (typeof wanted === "object" && wanted !== null) {
    if ("atLeast" in wanted) return `is at least ${wanted.atLeast}`;
    if ("given" in wanted) return wanted.given === true ? "is known" : "is not known";
  }
  return `is ${String(wanted)}`;
};

/** Each key of a condition as a part of a sentence. */
function partsOf(it: Condition): string[] {
  const parts: (string | null)[] = [
    it.event === undefined ? null : `the event is ${oneOf(it.event)}`,
    it.text === undefined ? null : `the text has “${oneOf(it.text.contains)}”`,
    it.intent === undefined ? null : `the intent is ${oneOf(it.intent)}`,
    it.confidence === undefined ? null : `the bot is less than ${percent(it.confidence.below)} sure of the intent`,
    it.sentiment === undefined ? null : `the sentiment is below ${it.sentiment.below}`,
    it.fallbacks === undefined ? null : `the bot did not understand ${it.fallbacks.atLeast} times in a row`,
    it.errors === undefined ? null : `the bot failed ${it.errors.atLeast} times in a row`,
    it.contentType === undefined ? null : `the message is ${oneOf(it.contentType)}`,
    it.channel === undefined ? null : `the channel is ${oneOf(it.channel)}`,
    it.language === undefined ? null : `the language is ${oneOf(it.language)}`,
    ...Object.entries(it.attributes ?? {}).map(([name, wanted]) => `attribute ${name} ${value(wanted)}`),
    ...Object.entries(it.customer ?? {}).map(([name, wanted]) => `the customer's ${name} ${value(wanted)}`),
    it.hours === undefined ? null : `it is ${it.hours} the hours`,
    it.messages === undefined ? null : `the customer wrote ${it.messages.atLeast} messages or more`,
    it.minutes === undefined ? null : `the round is ${it.minutes.atLeast} min old or more`,
    it.handoffs === undefined
      ? null
      : `there were ${it.handoffs.atLeast} handoffs or more in ${it.handoffs.withinHours} h`,
    it.sinceHandBack === undefined ? null : `an agent gave it back less than ${it.sinceHandBack.belowMinutes} min ago`,
    it.share === undefined ? null : `it is in ${percent(it.share.below)} of all sessions`,
  ];
  return parts.filter((part) => part !== null);
}

const sentenceOf = (conditions: readonly Condition[]): string =>
  conditions.map((it) => partsOf(it).join(", and ")).join("; or when ");

export const describeRule = ({ when, unless }: Rule): string =>
  `When ${sentenceOf(when)}${unless === undefined || unless.length === 0 ? "" : `; unless ${sentenceOf(unless)}`}.`;
