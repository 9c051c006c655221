/** Explains one recorded event of a session: each rule, with its conditions and what they saw then. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Flow } from "../../escalation/flow.ts";
import { describeLimit, type ExplainedPast, explainPast } from "../../escalation/past/explain-past.ts";
import { eventIn, type SessionHistory } from "../../escalation/past/history.ts";
import { historyIn, historyViewSchema } from "../../http/views/history-view.ts";
import { performAct } from "../acts.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { dayTime, number } from "../format.ts";
import type { Live } from "../live.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { addressOf, badge, facts, notice, table } from "../parts.ts";
import { explainedRules } from "./handoff/decision.ts";

const SECTION = "/console/sessions";
const PATH = `${SECTION}/why`;
const LISTED = 30;

/** Address of the explanation. `seq`: the event's number; without it the newest is explained. */
export const whyAddress = (bot: string, session: string, seq?: number): string =>
  addressOf(PATH, { bot, session, event: seq === undefined ? undefined : String(seq) });

const ruleOr = (rule: string | null): Html => (rule === null ? html`no rule` : html`rule <b>${rule}</b>`);

function explainedPart({ recorded, event, rules, escalation, isAsRecorded, limits }: ExplainedPast): Html {
  const { rule, receivedAt, handoffId } = recorded;
  const words = "text" in event ? event.text : "reason" in event ? event.reason : undefined;
  return html`<section aria-labelledby="why"><h2 id="why">${event.type}, ${dayTime(receivedAt)}</h2>
${words === undefined || words === "" ? "" : html`<p class="words">${words}</p>`}
${facts([
  ["Fired then", ruleOr(rule)],
  ["Handoff", handoffId === null ? null : html`<a href="/console/handoffs/${handoffId}" class="id">${handoffId}</a>`],
  [
    "The flow today",
    html`${ruleOr(escalation?.rule ?? null)} ${isAsRecorded ? badge("the same", "good") : badge("otherwise", "warn")}`,
  ],
])}
${limits.length === 0 ? "" : html`<ul class="small">${limits.map((limit) => html`<li>${describeLimit(limit)}</li>`)}</ul>`}
<h3>Why</h3><p class="faint small">The rules as they are now, over what the session had then.</p>${explainedRules(rules, true)}</section>`;
}

function eventList({ bot, session, events }: SessionHistory, shown: number | undefined): Html {
  const newest = events.slice(-LISTED).reverse();
  const rows = newest.map(({ seq, receivedAt, epoch, body, rule }) => ({
    id: `w-${seq}`,
    cells: [
      dayTime(receivedAt),
      epoch === null ? "" : html`<span class="number">${number(epoch)}</span>`,
      eventIn(body)?.type ?? "no longer recorded",
      rule ?? "",
      seq === shown ? badge("shown above") : html`<a href="${whyAddress(bot, session, seq)}">why</a>`,
    ],
  }));
  const caption = events.length > LISTED ? `The newest ${LISTED} of ${number(events.length)} events` : "Its events";
  return html`<section aria-label="Events">${table(caption, ["When", "Round", "Event", "Rule", ""], rows)}</section>`;
}

function pageOf(flow: Flow, history: SessionHistory, wanted: string | undefined): Html {
  const { events } = history;
  const index = wanted === undefined ? events.length - 1 : events.findIndex(({ seq }) => String(seq) === wanted);
  if (events.length === 0) return notice("The record has no event of this session any more.");
  const explained = explainPast(flow, history, index);
  return html`${
    explained === null
      ? notice(index === -1 ? "The record has no such event." : "The record no longer holds what this event said.")
      : explainedPart(explained)
  }${eventList(history, explained?.recorded.seq)}`;
}

export function registerWhy(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  function show(c: ConsoleContext, content: Html, status: 200 | 403 | 404 = 200) {
    const page = { title: "Why", section: SECTION, content, isLive: false };
    return sendPage(c, consolePage(c, live.kind(), page), status);
  }

  app.get(PATH, async (c) => {
    const { bot = "", session = "", event } = c.req.query();
    const flow = deps.flows.get(bot);
    const head = html`<h1>Why it escalated, or not</h1><p class="faint">${bot}, session <a href="${addressOf(SECTION, { bot, session })}" class="id">${session}</a></p>`;
    if (flow === undefined) return show(c, html`${head}${notice("No flow has this bot.")}`, 404);
    // It shows what a person said, so the operators' interface checks the right and keeps an entry of it.
    const path = `/bots/${encodeURIComponent(bot)}/sessions/${encodeURIComponent(session)}/history`;
    const result = await performAct(deps, c, "GET", path);
    if (!result.ok)
      return result.status === 404
        ? show(c, html`${head}${notice("This bot has no such session. It may have been forgotten or erased.")}`, 404)
        : show(c, html`${head}${notice(result.why)}`, 403);
    const history = historyIn(historyViewSchema.parse(await result.response.json()));
    return show(c, html`${head}${pageOf(flow, history, event)}`);
  });
}
