/** Calls to the platform that the steps of a new handoff would make. */
import type { Step, StepArguments } from "../../model/handoff.ts";

const ONE = "/ccaas/1/conversations/{id}";

/** Methods and paths; empty: a step of a later time. */
export function requestsOf(args: StepArguments): string[] {
  switch (args.kind) {
    case "conversation":
      return [args.adopt === null ? "POST /ccaas/1/conversations" : `PATCH ${ONE}`];
    case "tag":
      return [`POST ${ONE}/tags`];
    case "note":
      return [`POST ${ONE}/notes`];
    case "metadata":
      return [`PATCH ${ONE}/metadata`];
    case "queue":
      return [`PATCH ${ONE}`];
    case "agents":
      return [...(args.queue === null ? [`GET ${ONE}/simulate-routing`] : []), "GET /ccaas/1/agents"];
    case "route":
      return [`POST ${ONE}/route`];
    case "text":
      return [`POST ${ONE}/messages`];
    case "words":
    case "priority":
    case "untag":
    case "release":
      return [];
    case "sweep":
      return ["GET /ccaas/1/conversations"];
  }
}

/** The text that a step sends, as far as it is known before. */
export function textOf(args: StepArguments): string | null {
  if (args.kind === "conversation") return args.topic;
  return args.kind === "text" ? args.text : null;
}

/** The only case in which a step is done; null: always. */
export function caseOf({ arguments: { kind }, state }: Step): "no-agent-available" | "answer-lost" | null {
  if (kind === "sweep") return "answer-lost";
  return state === "skipped" ? "no-agent-available" : null;
}
