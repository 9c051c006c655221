/** Shows the decision on a payload, the reasons, and the calls that would follow. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Escalation } from "../../../escalation/decide.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../../environment.ts";
import { readForm } from "../../form.ts";
import type { Live } from "../../live.ts";
import { consolePage, type Html, sendPage } from "../../page.ts";
import { addressOf, facts, notice, select } from "../../parts.ts";
import { explainedRules } from "../handoff/decision.ts";
import { stepName } from "../handoff/steps.ts";
import { samples } from "./samples.ts";
import { REQUESTS, type Tried, tryPayload } from "./try-payload.ts";

const SECTION = "/console/dry-run";

interface Asked {
  bot: string;
  source: string;
  text: string;
}

function courseOf({ course, message }: Escalation): Html {
  switch (course) {
    case "now":
      return notice("A handoff is opened.", "good");
    case "defer":
      return notice("A handoff is opened and put off until people are there.", "warn");
    case "decline":
      return notice(`No handoff: people are away, and the customer is told “${message}”.`, "warn");
    case "limit":
      return notice(
        `No handoff: the session had as many as it may have, and the customer is told “${message}”.`,
        "warn",
      );
    case "suggest":
      return notice(`No handoff yet: the bot asks its customer “${message}”.`);
  }
}

function triedPart({ event, leftOut, rules, escalation, steps }: Tried, at: number): Html {
  return html`<section aria-labelledby="event-${at}"><h2 id="event-${at}">${event.type}, session <span class="id">${event.session}</span></h2>
${escalation === null ? notice("No handoff: no rule holds.") : courseOf(escalation)}
${leftOut.length === 0 ? "" : html`<p class="faint">Not used as it was sent: ${leftOut.join(", ")}.</p>`}
${
  escalation === null
    ? ""
    : facts([
        ["Rule", escalation.rule],
        ["Reason", escalation.reason],
        ["Priority", escalation.priority],
        ["Queue", escalation.queue ?? "by the account's rules"],
        ["Tags", escalation.tags.map((tag) => html`<span class="tag">${tag}</span> `)],
        ["The customer is told", escalation.message],
      ])
}
<h3>Why</h3>${explainedRules(rules, true)}
${steps.length === 0 ? "" : html`<h3>Calls that would be made</h3><ol>${steps.map((step) => html`<li>${stepName(step)}${step.arguments.kind === "conversation" ? html` <span class="faint">${step.arguments.topic}</span>` : ""}</li>`)}</ol>`}
</section>`;
}

export function registerDryRun(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { flows, sources, now } = deps;
  const bots = [...flows.keys()];
  const names = [...sources.keys(), REQUESTS];

  const formOf = ({
    bot,
    source,
    text,
  }: Asked): Html => html`<form method="post" action="${SECTION}" class="panel stack">
<div class="row">${select(
    "bot",
    "Bot",
    bots.map((name) => [name, name] as const),
    bot,
  )}
${select(
  "source",
  "Source",
  names.map((name) => [name, name] as const),
  source,
)}</div>
<div><label for="payload">Payload, as the bot's platform posts it</label><textarea id="payload" name="payload" spellcheck="false" required>${text}</textarea></div>
<div><button class="first" type="submit">Try it</button></div></form>
<p class="small">Or begin with a sample: ${samples.map(({ name }, at) => html`${at === 0 ? "" : " · "}<a href="${addressOf(SECTION, { bot, sample: String(at) })}">${name}</a>`)}</p>`;

  const show = (c: ConsoleContext, asked: Asked, results: Html | "", status: 200 | 422 = 200) => {
    const content = html`<h1>Dry run</h1><p class="faint">Nothing is stored or sent. The session is a new one.</p>${formOf(asked)}${results}`;
    return sendPage(
      c,
      consolePage(c, live.kind(), { title: "Dry run", section: SECTION, content, isLive: false }),
      status,
    );
  };

  app.get(SECTION, (c) => {
    const sample = samples[Number(c.req.query("sample") ?? 0)] ?? samples[0];
    const text = JSON.stringify(sample?.body, null, 2);
    return show(c, { bot: c.req.query("bot") ?? bots[0] ?? "", source: sample?.source ?? "baton", text }, "");
  });

  app.post(SECTION, async (c) => {
    const form = await readForm(deps.readBody, c.env.outer);
    const asked = { bot: form.get("bot") ?? "", source: form.get("source") ?? "", text: form.get("payload") ?? "" };
    const flow = flows.get(asked.bot);
    const source = sources.get(asked.source);
    if (flow === undefined || (source === undefined && asked.source !== REQUESTS))
      return show(c, asked, notice("Choose a bot and a source.", "bad"), 422);
    const result = tryPayload(flow, asked.bot, source, asked.text, now());
    const problems = result.ok ? result.value.problems : result.error.issues;
    const said = problems.map(({ field, message }) => notice(`Refused: ${field} ${message}`, "bad"));
    const tried = result.ok ? result.value.tried : [];
    const none =
      result.ok && tried.length === 0 && problems.length === 0 ? notice("It says nothing that Baton uses.") : "";
    return show(c, asked, html`<div role="status">${said}${none}</div>${tried.map(triedPart)}`, result.ok ? 200 : 422);
  });
}
