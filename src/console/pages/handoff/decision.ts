/** Why a handoff was opened: each rule's conditions and what they saw. */
import { html } from "hono/html";
import type { CheckedCondition } from "../../../escalation/conditions/check-conditions.ts";
import { type ExplainedRule, explain } from "../../../escalation/explain.ts";
import type { Flow } from "../../../escalation/flow.ts";
import { type Event, eventSchema } from "../../../events/event.ts";
import { noFacts } from "../../../events/facts.ts";
import type { Handoff } from "../../../model/handoff.ts";
import type { StoryEvent } from "../../../store/tables/events.ts";
import type { Html } from "../../page.ts";
import { badge } from "../../parts.ts";

/** A rule may know a hundred phrases. */
const MOST_NAMED = 4;
function inWords(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const more = value.length - MOST_NAMED;
    return `${value.slice(0, MOST_NAMED).map(inWords).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  }
  if (value === null || typeof value !== "object") return value === null ? "nothing" : String(value);
  return Object.entries(value)
    .map(([key, it]) => `${key} ${inWords(it)}`)
    .join(", ");
}

/** `showsValues`: shows what a condition saw, which is the customer's. */
const conditionLine = ({ key, expected, saw, held }: CheckedCondition, showsValues: boolean): Html =>
  html`<li class="${held ? "yes" : "no"}">${held ? "✓" : "✗"} ${key} <code>${inWords(expected)}</code>${showsValues ? html`, saw <code>${inWords(saw)}</code>` : ""}</li>`;

const alternatives = (all: readonly CheckedCondition[][], between: string, showsValues: boolean): Html =>
  html`${all.map((conditions, at) => html`${at === 0 ? "" : html`<p class="faint small">${between}</p>`}<ul class="small">${conditions.map((it) => conditionLine(it, showsValues))}</ul>`)}`;

const ruleLine = (
  { rule, when, unless, fired, held }: ExplainedRule,
  showsValues: boolean,
): Html => html`<details${fired ? html` open` : ""}>
<summary>${rule} ${fired ? badge("fired", "good") : held ? badge("also held") : badge("did not hold")}</summary>
${alternatives(when, "or", showsValues)}${unless.length === 0 ? "" : html`<p class="faint small">unless</p>${alternatives(unless, "or unless", showsValues)}`}</details>`;

export const explainedRules = (rules: readonly ExplainedRule[], showsValues: boolean): Html =>
  html`${rules.map((it) => ruleLine(it, showsValues))}`;

const parsed = (text: string): unknown => JSON.parse(text);

const readEvent = ({ epoch, body }: StoryEvent): Event | null =>
  epoch === null ? null : (eventSchema.safeParse(parsed(body)).data ?? null);

/** The same decision again, from the events as they are kept; null: it comes out otherwise, since what is kept is redacted or the flow has changed. */
function explainAgain(flow: Flow | undefined, handoff: Handoff, events: readonly StoryEvent[]): ExplainedRule[] | null {
  if (flow === undefined) return null;
  let facts = noFacts;
  for (const stored of events) {
    const event = readEvent(stored);
    if (event === null) continue;
    const subject = { bot: handoff.bot, session: handoff.session, conversationId: event.conversationId ?? null, facts };
    const explained = explain(flow, subject, event, stored.receivedAt);
    if (stored.handoffId === handoff.id && stored.rule === handoff.rule) {
      return explained.rules.find(({ fired }) => fired)?.rule === handoff.rule ? explained.rules : null;
    }
    facts = explained.facts;
  }
  return null;
}

export function decisionOf(
  flow: Flow | undefined,
  handoff: Handoff,
  events: readonly StoryEvent[],
  showsValues: boolean,
): Html {
  const again = explainAgain(flow, handoff, events);
  if (again !== null)
    return html`<p class="faint small">By the flow as it is now.</p>${explainedRules(again, showsValues)}`;
  const opener = events.find(({ handoffId, rule }) => handoffId === handoff.id && rule === handoff.rule);
  const why = opener?.why == null ? null : parsed(opener.why);
  if (!Array.isArray(why)) return html`<p class="faint small">What the rule saw is not kept.</p>`;
  return html`<p class="faint small">As recorded when it was decided. The rules above it did not hold.</p>
<ul class="small">${why.map((it: CheckedCondition) => conditionLine({ ...it, held: true }, showsValues))}</ul>`;
}
