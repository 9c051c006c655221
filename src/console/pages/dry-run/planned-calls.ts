/** Shows the calls to the platform that the steps of a new handoff would make. */
import { html } from "hono/html";
import { plannedCallOf } from "../../../http/dry-run/planned-call.ts";
import type { Step } from "../../../model/handoff.ts";
import type { Html } from "../../page.ts";
import { stepName } from "../handoff/steps.ts";

const ONLY = {
  "no-agent-available": "only if no agent is available",
  "answer-lost": "only if an answer to the first call was lost",
};

function callLine(step: Step): Html {
  const { requests, text, only } = plannedCallOf(step);
  return html`<li>${stepName(step)}${text === null ? "" : html` <span class="faint">${text}</span>`}
${requests.length === 0 ? "" : html`<br><code>${requests.join(", ")}</code>`}${only === null ? "" : html` <span class="faint small">${ONLY[only]}</span>`}</li>`;
}

export const plannedCalls = (steps: readonly Step[]): Html =>
  html`<h3>Calls that would be made</h3><ol>${steps.map(callLine)}</ol>`;
