/** Prints an explained event: every rule, its conditions and what they saw, and the outcome. */
import type { CheckedCondition } from "../../../escalation/conditions/check-conditions.ts";
import type { Escalation } from "../../../escalation/decide.ts";
import type { ExplainedRule } from "../../../escalation/explain.ts";
import type { Flow } from "../../../escalation/flow.ts";
import { absenceOf } from "../../../escalation/rule.ts";
import { faint, good } from "../../support/print.ts";

export interface Explained {
  type: string;
  leftOut: readonly string[];
  /** Empty: the rules are not asked. */
  rules: readonly ExplainedRule[];
  escalation: Escalation | null;
  /** True: a handoff is open, and what the rules find joins it. */
  isJoined: boolean;
}

const tagsOf = ({ tags }: Escalation): string => `tags ${tags.join(", ") || "none"}`;

function outcomeOf(escalation: Escalation): string {
  const { course, message } = escalation;
  switch (course) {
    case "now":
      return `handoff, ${tagsOf(escalation)}`;
    case "defer":
      return `handoff, put off until people are there, ${tagsOf(escalation)}`;
    case "decline":
      return `no handoff: no agent is available; the customer reads “${message}”`;
    case "limit":
      return `no handoff: the session had as many as 'atMost' allows; the customer reads “${message}”`;
    case "suggest":
      return `no handoff: the bot asks its customer first: “${message}”`;
  }
}

/** Says when `noAgent` counts, and its course. */
function absenceLine(flow: Flow, rule: string): string | null {
  const { noAgent } = flow.routedBy === "baton" ? absenceOf(flow, rule) : {};
  if (noAgent === undefined) return null;
  const orWaiting = noAgent.orWaiting === undefined ? "" : `, or ${noAgent.orWaiting} wait in its queue`;
  const course = {
    queue: "it waits all the same",
    "other-queue": `it goes to queue ${noAgent.queue}`,
    decline: "no handoff",
  }[noAgent.do];
  return `where no agent is available${orWaiting}: ${course}`;
}

/** A rule may know a hundred phrases. */
const MOST_SHOWN = 6;

/** Renders an expected value, and folds long lists in it. */
function folded(value: unknown): string {
  if (Array.isArray(value)) {
    const more = value.length - MOST_SHOWN;
    const shown = (more > 1 ? value.slice(0, MOST_SHOWN) : value).map(folded);
    return `[${[...shown, ...(more > 1 ? [`… ${more} more`] : [])].join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, it]) => `${JSON.stringify(key)}:${folded(it)}`)
    .join(",")}}`;
}

function printConditions(all: readonly CheckedCondition[][], between: string): void {
  for (const [index, conditions] of all.entries()) {
    if (index > 0) console.log(faint(`      ${between}`));
    for (const { key, expected, saw, held } of conditions) {
      const line = `      ${held ? "yes" : "no "} ${key} ${folded(expected)}, saw ${JSON.stringify(saw)}`;
      console.log(held ? line : faint(line));
    }
  }
}

function outcomeLines(flow: Flow, { rules, escalation, isJoined }: Explained): (string | null)[] {
  if (rules.length === 0) return ["no handoff: an agent has the customer, so no rule is asked"];
  if (escalation === null) return ["no handoff"];
  const { course, priority, queue, message, rule } = escalation;
  const place = `  priority ${priority}, queue ${queue ?? "by the account's rules"}`;
  if (isJoined)
    return [`joins the open handoff, and raises it where this is more urgent: ${tagsOf(escalation)}`, place];
  const outcome = outcomeOf(escalation);
  if (course !== "now" && course !== "defer") return [outcome];
  const absence = absenceLine(flow, rule);
  return [
    outcome,
    place,
    message === null ? null : `  the customer reads “${message}”`,
    absence === null ? null : `  ${absence}`,
  ];
}

/** The marks before the names of rules. */
export const MARKS = "→ fired; + would have fired, had none above it";

export function printExplained(flow: Flow, explained: Explained): void {
  const { type, leftOut, rules } = explained;
  console.log(type);
  if (leftOut.length > 0) console.log(`  left out, or not used as it was sent: ${leftOut.join(", ")}`);
  for (const { rule, when, unless, fired, held } of rules) {
    console.log(`  ${fired ? "→" : held ? "+" : " "} ${fired ? good(rule) : rule}`);
    printConditions(when, "or");
    if (unless.length > 0) console.log(faint("      unless"));
    printConditions(unless, "or unless");
  }
  for (const line of outcomeLines(flow, explained)) if (line !== null) console.log(`  ${line}`);
}
