/** Calls to the platform that the steps of a new handoff would make. */
import { html } from "hono/html";
import type { Step, StepArguments } from "../../../model/handoff.ts";
import type { Html } from "../../page.ts";
import { stepName } from "../handoff/steps.ts";

const ONE = "/ccaas/1/conversations/{id}";

/** Method and path; null: a step of a later time. */
function callOf(args: StepArguments): string | null {
  switch (args.kind) {
    case "conversation":
      return args.adopt === null ? "POST /ccaas/1/conversations" : `PATCH ${ONE}`;
    case "tag":
      return `POST ${ONE}/tags`;
    case "note":
      return `POST ${ONE}/notes`;
    case "metadata":
      return `PATCH ${ONE}/metadata`;
    case "queue":
      return `PATCH ${ONE}`;
    case "agents":
      return args.queue === null ? `GET ${ONE}/simulate-routing, GET /ccaas/1/agents` : "GET /ccaas/1/agents";
    case "route":
      return `POST ${ONE}/route`;
    case "text":
      return `POST ${ONE}/messages`;
    case "words":
    case "priority":
    case "untag":
    case "release":
      return null;
    case "sweep":
      return "GET /ccaas/1/conversations";
  }
}

function detailOf(args: StepArguments): string {
  if (args.kind === "conversation") return args.topic;
  return args.kind === "text" ? args.text : "";
}

function callLine({ arguments: args, state, ...step }: Step): Html {
  const call = callOf(args);
  const detail = detailOf(args);
  return html`<li>${stepName({ ...step, state, arguments: args })}${detail === "" ? "" : html` <span class="faint">${detail}</span>`}
${call === null ? "" : html`<br><code>${call}</code>`}${state === "skipped" ? html` <span class="faint small">only if no agent is available</span>` : ""}${args.kind === "sweep" ? html` <span class="faint small">only if an answer to the first call was lost</span>` : ""}</li>`;
}

export const plannedCalls = (steps: readonly Step[]): Html =>
  html`<h3>Calls that would be made</h3><ol>${steps.map(callLine)}</ol>`;
