import { existsSync, readFileSync } from "node:fs";
import { flows } from "../../flows/index.ts";
import { explain } from "../escalation/explain.ts";
import { flowsByBot } from "../escalation/flow.ts";
import { noFacts } from "../events/facts.ts";
import { sources } from "../events/sources.ts";
import { err, ok, type Result } from "../result.ts";

/** Every flow with its bots and rules. Loading them has checked them. */
export function listFlows({ json = false }: { json?: boolean }): void {
  flowsByBot(flows);
  if (json) {
    console.log(JSON.stringify(flows, null, 2));
    return;
  }
  for (const flow of flows) {
    console.log(`${flow.name}   account ${flow.account}, bots ${flow.bots.join(", ")}, routed by ${flow.routedBy}`);
    for (const { name, priority, tags } of flow.rules) {
      console.log(`  ${name.padEnd(20)} ${(priority ?? flow.conversation.priority).padEnd(7)} ${tags.join(", ")}`);
    }
  }
}

function readPayload(file: string): Result<unknown, string> {
  if (!existsSync(file)) return err("does not exist.");
  try {
    return ok(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return err("is not JSON.");
  }
}

interface ExplainOptions {
  source: string;
  json?: boolean;
}

/** What a payload would lead to for a session nobody has heard of, and why. Nothing is stored or sent. */
export function explainPayload(bot: string, file: string, { source: name, json = false }: ExplainOptions): void {
  const flow = flowsByBot(flows).get(bot);
  const source = sources.get(name);
  if (flow === undefined || source === undefined) {
    console.error(flow === undefined ? `No flow has a bot '${bot}'.` : `There is no source '${name}'.`);
    process.exitCode = 2;
    return;
  }
  const now = Date.now();
  const payload = readPayload(file);
  if (!payload.ok) {
    console.error(`${file} ${payload.error}`);
    process.exitCode = 2;
    return;
  }
  const events = source.toEvents(payload.value, { now });
  if (!events.ok) {
    for (const { field, message } of events.error.issues) console.error(`${field}: ${message}`);
    process.exitCode = 1;
    return;
  }
  for (const { event } of events.value) {
    const subject = { bot, session: event.session, conversationId: event.conversationId ?? null, facts: noFacts };
    const explained = explain(flow, subject, event, now);
    if (json) {
      console.log(JSON.stringify(explained, null, 2));
      continue;
    }
    console.log(event.type);
    for (const { rule, when, fired, held } of explained.rules) {
      console.log(`  ${fired ? "→" : held ? "+" : " "} ${rule}`);
      for (const [index, conditions] of when.entries()) {
        if (index > 0) console.log("      or");
        for (const { key, expected, saw, held: holds } of conditions) {
          console.log(`      ${holds ? "yes" : "no "} ${key} ${JSON.stringify(expected)}, saw ${JSON.stringify(saw)}`);
        }
      }
    }
    console.log(
      explained.escalation === null ? "  no handoff" : `  handoff with ${explained.escalation.tags.join(", ")}`,
    );
  }
}
