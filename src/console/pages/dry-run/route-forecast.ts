/** Shows where the account says that it would route a chat, or why it did not say. */
import { html } from "hono/html";
import type { RouteForecast } from "../../../handoff/account/forecast-route.ts";
import type { Html } from "../../page.ts";
import { notice } from "../../parts.ts";

const NOT_ASKED: Record<Extract<RouteForecast, { kind: "not-asked" }>["because"], string> = {
  held: "it fails, or asks for a pause, so Baton leaves it alone for now. Try again in a minute.",
  refused: "it refuses Baton's credentials. Correct its API key first.",
  "not-configured": "this service has no credentials for it.",
};

const failed = (what: string, why: string): Html => html`<li class="no">${what} could not be read: ${why}.</li>`;
const ledTo = (queue: string | null): Html => (queue === null ? html`no queue` : html`queue <b>${queue}</b>`);

function lines(asked: Extract<RouteForecast, { kind: "asked" }>): Html[] {
  const { simulated, rules, wanted, agents } = asked;
  const all: Html[] = [];
  if (simulated !== null)
    all.push(
      simulated.ok
        ? html`<li>The platform simulates: ${ledTo(simulated.value.queue)}${simulated.value.priority === null ? "" : `, priority ${simulated.value.priority}`}. It counts the tags that the conversation has now.</li>`
        : failed("The platform's simulation", simulated.error),
    );
  if (!rules.ok) all.push(failed("The routing rules", rules.error));
  else {
    const { possible, certain } = rules.value;
    for (const { rule, queue, on } of possible)
      all.push(html`<li>Rule ${rule} may send it to ${ledTo(queue)}. That depends on ${on}.</li>`);
    const otherwise = possible.length === 0 ? "" : "Otherwise: ";
    all.push(
      certain === null
        ? html`<li>${otherwise}No routing rule matches by the tags: it is in no queue, or in the account's default queue.</li>`
        : html`<li>${otherwise}Rule ${certain.rule} sends it to ${ledTo(certain.queue)}.</li>`,
    );
  }
  if (wanted !== null) {
    if (!wanted.ok) all.push(failed("The account's queues", wanted.error));
    else if (wanted.value === null)
      all.push(
        html`<li class="no">The account has no queue of the name that the flow gives. The rules alone choose.</li>`,
      );
    else all.push(html`<li>The flow asks for ${ledTo(wanted.value)}.</li>`);
  }
  if (agents !== null)
    all.push(
      agents.isAnybody.ok
        ? html`<li>${agents.isAnybody.value ? "An agent" : html`<b>No agent</b>`} of queue ${agents.queue} is available now.</li>`
        : failed(`The agents of queue ${agents.queue}`, agents.isAnybody.error),
    );
  return all;
}

export function routeForecast(account: string, forecast: RouteForecast): Html {
  const title = html`<h3>Where account ${account} would route it</h3>`;
  if (forecast.kind === "not-asked")
    return html`${title}${notice(`The account was not asked: ${NOT_ASKED[forecast.because]}`, "warn")}`;
  return html`${title}<ul>${lines(forecast)}</ul>`;
}
