import type { SeenCondition } from "../../escalation/conditions/seen.ts";
import type { Escalation } from "../../escalation/decide.ts";
import { explain } from "../../escalation/explain.ts";
import { type Flow, flowsByBot } from "../../escalation/flow.ts";
import { absenceOf } from "../../escalation/rule.ts";
import { type Item, toItems } from "../../events/batch.ts";
import { type Facts, noFacts } from "../../events/facts.ts";
import type { PayloadProblem, Source } from "../../events/source.ts";
import { baton, toHandoffRequest } from "../../events/sources/baton.ts";
import { sources } from "../../events/sources.ts";
import { parseBody, parsePastedBody } from "../../http/body.ts";
import { readTextFile } from "../../replay/read-text-file.ts";
import { ok, type Result } from "../../result.ts";
import { Failure, faint, good, printJson } from "../support/print.ts";
import { projectFlows } from "../support/project-flows.ts";

/** Reads a payload as the service does. */
function readPayload(file: string, source: Source): unknown {
  let bytes: Uint8Array;
  try {
    bytes = new TextEncoder().encode(readTextFile(file));
  } catch {
    throw new Failure(`${file} cannot be read.`, 2);
  }
  const pasted = source.isPasted ? parsePastedBody(bytes, source.limits?.depth) : null;
  const body = pasted ?? parseBody(bytes, source.limits?.depth);
  if (!body.ok) throw new Failure(`${file} cannot be read. ${body.error}`, 2);
  return pasted?.ok ? pasted.value.value : body.value;
}

interface ExplainOptions {
  source: string;
  /** ISO 8601. Opening hours count as of then. */
  at?: string;
  json?: boolean;
}

/** Source of the bodies of `POST /v1/bots/{bot}/handoffs`. */
const REQUESTS = "handoffs";

/** Returns the events of a payload, or its problem. */
function readItems(file: string, name: string, now: number): Result<Item[], PayloadProblem> {
  const source = name === REQUESTS ? baton : sources.get(name);
  if (source === undefined) {
    throw new Failure(`There is no source '${name}'. Sources: ${[...sources.keys(), REQUESTS].join(", ")}.`, 2);
  }
  const payload = readPayload(file, source);
  if (name !== REQUESTS) return toItems(source, payload, { now });
  const request = toHandoffRequest(payload, { now });
  return request.ok ? ok([request]) : request;
}

function timeOf(at: string | undefined): number {
  if (at === undefined) return Date.now();
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw new Failure(`--at ${at} is no time: write one such as 2026-12-24T18:00:00+01:00.`, 2);
  return time;
}

function outcomeOf({ course, tags, message }: Escalation): string {
  switch (course) {
    case "now":
      return `handoff, tags ${tags.join(", ") || "none"}`;
    case "defer":
      return `handoff, put off until people are there, tags ${tags.join(", ") || "none"}`;
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

function printConditions(all: readonly SeenCondition[][], between: string): void {
  for (const [index, conditions] of all.entries()) {
    if (index > 0) console.log(faint(`      ${between}`));
    for (const { key, expected, saw, held } of conditions) {
      const line = `      ${held ? "yes" : "no "} ${key} ${folded(expected)}, saw ${JSON.stringify(saw)}`;
      console.log(held ? line : faint(line));
    }
  }
}

/** Shows the decisions on a payload's events in new sessions, with their conditions. Nothing is stored or sent. */
export async function explainPayload(bot: string, file: string, options: ExplainOptions): Promise<void> {
  const flow = flowsByBot(await projectFlows()).get(bot);
  if (flow === undefined) throw new Failure(`No flow has a bot '${bot}'.`, 2);
  const now = timeOf(options.at);
  const items = readItems(file, options.source, now);
  const problems = items.ok ? items.value.flatMap((item) => (item.ok ? [] : item.error.issues)) : items.error.issues;
  const issues = problems.map(({ field, message }) => `${field}: ${message}`).join("\n");
  if (!items.ok) throw new Failure(issues);
  if (issues !== "") console.error(issues);
  const events = items.value.flatMap((item) => (item.ok ? [item.value] : []));
  // Facts of earlier events count for later events of the same session.
  const factsOf = new Map<string, Facts>();
  const explained = events.map(({ event, leftOut = [] }) => {
    const facts = factsOf.get(event.session) ?? noFacts;
    const subject = { bot, session: event.session, conversationId: event.conversationId ?? null, facts };
    const { facts: after, ...decision } = explain(flow, subject, event, now);
    factsOf.set(event.session, after);
    return { event: event.type, leftOut, ...decision };
  });
  if (options.json) return printJson(explained);
  if (explained.length === 0) return console.log("It says nothing that Baton uses.");
  for (const { event, leftOut, rules, escalation } of explained) {
    console.log(event);
    if (leftOut.length > 0) console.log(`  left out, or not used as it was sent: ${leftOut.join(", ")}`);
    for (const { rule, when, unless, fired, held } of rules) {
      console.log(`  ${fired ? "→" : held ? "+" : " "} ${fired ? good(rule) : rule}`);
      printConditions(when, "or");
      if (unless.length > 0) console.log(faint("      unless"));
      printConditions(unless, "or unless");
    }
    console.log(`  ${escalation === null ? "no handoff" : outcomeOf(escalation)}`);
    if (escalation === null || (escalation.course !== "now" && escalation.course !== "defer")) continue;
    console.log(`    priority ${escalation.priority}, queue ${escalation.queue ?? "by the account's rules"}`);
    if (escalation.message !== null) console.log(`    the customer reads “${escalation.message}”`);
    const absence = absenceLine(flow, escalation.rule);
    if (absence !== null) console.log(`    ${absence}`);
  }
}
