/** Shows the decision on a payload, the reasons, the calls that would follow, and where the account would route it. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Escalation } from "../../../escalation/decide.ts";
import { CONVERSATION_ID_MAX, forecastRoutes } from "../../../http/dry-run/forecast-routes.ts";
import { REQUESTS, type Tried, tryPayload, type Unusable } from "../../../http/dry-run/try-payload.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../../environment.ts";
import { readForm } from "../../form.ts";
import type { Live } from "../../live.ts";
import { consolePage, type Html, sendPage } from "../../page.ts";
import { addressOf, facts, notice, select } from "../../parts.ts";
import { explainedRules } from "../handoff/decision.ts";
import { plannedCalls } from "./planned-calls.ts";
import { routeForecast } from "./route-forecast.ts";
import { samples } from "./samples.ts";

const SECTION = "/console/dry-run";

interface Asked {
  bot: string;
  source: string;
  text: string;
  /** True: the account is asked where it would route. */
  isLive: boolean;
  /** Conversation for the platform's own simulation; empty: the one that the payload names. */
  conversation: string;
}

const toIssues = (unusable: Unusable) =>
  unusable.kind === "invalid-event" ? unusable.issues : [{ field: "(body)", message: unusable.detail }];

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

function triedPart({ event, leftOut, rules, escalation, steps }: Tried, forecast: Html | "", at: number): Html {
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
${steps.length === 0 ? "" : plannedCalls(steps)}${forecast}
</section>`;
}

export function registerDryRun(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { flows, sources, now } = deps;
  const bots = [...flows.keys()];
  const names = [...sources.keys(), REQUESTS];

  const liveFields = ({ isLive, conversation }: Asked): Html => html`<fieldset class="row">
<legend>The account</legend>
<label class="check"><input type="checkbox" name="live" value="true"${isLive ? html` checked` : ""}>Ask it where it would route this. That only reads.</label>
<div><label for="conversation">A conversation to simulate with, if there is one</label><input id="conversation" name="conversation" size="34" value="${conversation}"></div></fieldset>`;

  const formOf = (
    asked: Asked,
    mayAct: boolean,
  ): Html => html`<form method="post" action="${SECTION}" class="panel stack">
<div class="row">${select(
    "bot",
    "Bot",
    bots.map((name) => [name, name] as const),
    asked.bot,
  )}
${select(
  "source",
  "Source",
  names.map((name) => [name, name] as const),
  asked.source,
)}</div>
<div><label for="payload">Payload, as the bot's platform posts it</label><textarea id="payload" name="payload" spellcheck="false" required>${asked.text}</textarea></div>
${mayAct ? liveFields(asked) : ""}
<div><button class="first" type="submit">Try it</button></div></form>
<p class="small">Or begin with a sample: ${samples.map(({ name }, at) => html`${at === 0 ? "" : " · "}<a href="${addressOf(SECTION, { bot: asked.bot, sample: String(at) })}">${name}</a>`)}</p>`;

  const show = (c: ConsoleContext, asked: Asked, results: Html | "", status: 200 | 422 = 200) => {
    const { mayAct } = c.get("operator");
    const content = html`<h1>Dry run</h1><p class="faint">Nothing is stored or sent. The session is a new one.</p>${formOf(asked, mayAct)}${results}`;
    return sendPage(
      c,
      consolePage(c, live.kind(), { title: "Dry run", section: SECTION, content, isLive: false }),
      status,
    );
  };

  app.get(SECTION, (c) => {
    const sample = samples[Number(c.req.query("sample") ?? 0)] ?? samples[0];
    const text = JSON.stringify(sample?.body, null, 2);
    const bot = c.req.query("bot") ?? bots[0] ?? "";
    return show(c, { bot, source: sample?.source ?? "baton", text, isLive: false, conversation: "" }, "");
  });

  app.post(SECTION, async (c) => {
    const form = await readForm(deps.readBody, c.env.outer);
    const given = (name: string): string => form.get(name) ?? "";
    const asked: Asked = {
      ...{ bot: given("bot"), source: given("source"), text: given("payload") },
      isLive: given("live") === "true" && c.get("operator").mayAct,
      conversation: given("conversation").trim().slice(0, CONVERSATION_ID_MAX),
    };
    const flow = flows.get(asked.bot);
    const source = sources.get(asked.source);
    if (flow === undefined || (source === undefined && asked.source !== REQUESTS))
      return show(c, asked, notice("Choose a bot and a source.", "bad"), 422);
    const result = tryPayload(flow, asked.bot, source, new TextEncoder().encode(asked.text), now());
    const problems = result.ok ? result.value.problems : toIssues(result.error);
    const said = problems.map(({ field, message }) => notice(`Refused: ${field} ${message}`, "bad"));
    const tried = result.ok ? result.value.tried : [];
    const none =
      result.ok && tried.length === 0 && problems.length === 0 ? notice("It says nothing that Baton uses.") : "";
    const named = asked.conversation === "" ? null : asked.conversation;
    const forecasts = await forecastRoutes(deps.core, flow, asked.isLive ? tried : [], named);
    const parts = tried.map((one, at) => {
      const forecast = forecasts.get(one);
      return triedPart(one, forecast === undefined ? "" : routeForecast(flow.account, forecast), at);
    });
    return show(c, asked, html`<div role="status">${said}${none}</div>${parts}`, result.ok ? 200 : 422);
  });
}
