import type { SeenCondition } from "../escalation/conditions/seen.ts";
import type { Escalation } from "../escalation/decide.ts";
import { explain } from "../escalation/explain.ts";
import { flowsByBot } from "../escalation/flow.ts";
import { toItems } from "../events/batch.ts";
import { noFacts } from "../events/facts.ts";
import type { Source } from "../events/source.ts";
import { sources } from "../events/sources.ts";
import { parseBody, parsePastedBody } from "../http/body.ts";
import { readTextFile } from "../replay/read-text-file.ts";
import { Failure, faint, good, printJson } from "./print.ts";
import { projectFlows } from "./project-flows.ts";

/** A payload as the service reads it. */
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
  json?: boolean;
}

function outcomeOf({ course, tags, message }: Escalation): string {
  switch (course) {
    case "now":
      return `handoff with ${tags.join(", ")}`;
    case "defer":
      return `handoff with ${tags.join(", ")}, put off until people are there`;
    case "decline":
      return `no handoff: nobody is there now, and the customer is told “${message}”`;
    case "suggest":
      return `no handoff: the bot is to ask its customer first: “${message}”`;
  }
}

function printConditions(all: readonly SeenCondition[][], between: string): void {
  for (const [index, conditions] of all.entries()) {
    if (index > 0) console.log(faint(`      ${between}`));
    for (const { key, expected, saw, held } of conditions) {
      const line = `      ${held ? "yes" : "no "} ${key} ${JSON.stringify(expected)}, saw ${JSON.stringify(saw)}`;
      console.log(held ? line : faint(line));
    }
  }
}

/** Shows the decision on a payload in a new session, and why. Nothing is stored or sent. */
export async function explainPayload(bot: string, file: string, options: ExplainOptions): Promise<void> {
  const flow = flowsByBot(await projectFlows()).get(bot);
  if (flow === undefined) throw new Failure(`No flow has a bot '${bot}'.`, 2);
  const source = sources.get(options.source);
  if (source === undefined) {
    throw new Failure(`There is no source '${options.source}'; there is ${[...sources.keys()].join(", ")}.`, 2);
  }
  const now = Date.now();
  const items = toItems(source, readPayload(file, source), { now });
  const problems = items.ok ? items.value.flatMap((item) => (item.ok ? [] : item.error.issues)) : items.error.issues;
  const issues = problems.map(({ field, message }) => `${field}: ${message}`).join("\n");
  if (!items.ok) throw new Failure(issues);
  if (issues !== "") console.error(issues);
  const events = items.value.flatMap((item) => (item.ok ? [item.value] : []));
  const explained = events.map(({ event, leftOut = [] }) => {
    const subject = { bot, session: event.session, conversationId: event.conversationId ?? null, facts: noFacts };
    return { event: event.type, leftOut, ...explain(flow, subject, event, now) };
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
  }
}
