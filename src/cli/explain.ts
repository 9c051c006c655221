import type { Escalation } from "../escalation/decide.ts";
import { explain } from "../escalation/explain.ts";
import { flowsByBot } from "../escalation/flow.ts";
import { noFacts } from "../events/facts.ts";
import { sources } from "../events/sources.ts";
import { readTextFile } from "../replay/read-text-file.ts";
import { Failure, faint, good, printJson } from "./print.ts";
import { projectFlows } from "./project-flows.ts";

function readPayload(file: string): unknown {
  let text: string;
  try {
    text = readTextFile(file);
  } catch {
    throw new Failure(`${file} cannot be read.`, 2);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${file} is not JSON.`, 2);
  }
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
  }
}

/** What a payload would lead to for a session nobody has heard of, and why. Nothing is stored or sent. */
export async function explainPayload(bot: string, file: string, options: ExplainOptions): Promise<void> {
  const flow = flowsByBot(await projectFlows()).get(bot);
  if (flow === undefined) throw new Failure(`No flow has a bot '${bot}'.`, 2);
  const source = sources.get(options.source);
  if (source === undefined) {
    throw new Failure(`There is no source '${options.source}'; there is ${[...sources.keys()].join(", ")}.`, 2);
  }
  const now = Date.now();
  const events = source.toEvents(readPayload(file), { now });
  if (!events.ok) throw new Failure(events.error.issues.map(({ field, message }) => `${field}: ${message}`).join("\n"));
  const explained = events.value.map(({ event }) => {
    const subject = { bot, session: event.session, conversationId: event.conversationId ?? null, facts: noFacts };
    return { event: event.type, ...explain(flow, subject, event, now) };
  });
  if (options.json) return printJson(explained);
  if (explained.length === 0) return console.log("It says nothing that Baton uses.");
  for (const { event, rules, escalation } of explained) {
    console.log(event);
    for (const { rule, when, fired, held } of rules) {
      console.log(`  ${fired ? "→" : held ? "+" : " "} ${fired ? good(rule) : rule}`);
      for (const [index, conditions] of when.entries()) {
        if (index > 0) console.log(faint("      or"));
        for (const { key, expected, saw, held: holds } of conditions) {
          const line = `      ${holds ? "yes" : "no "} ${key} ${JSON.stringify(expected)}, saw ${JSON.stringify(saw)}`;
          console.log(holds ? line : faint(line));
        }
      }
    }
    console.log(`  ${escalation === null ? "no handoff" : outcomeOf(escalation)}`);
  }
}
