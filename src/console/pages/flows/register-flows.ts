/** Flows: their rules in words, and how often each fired. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Flow } from "../../../escalation/flow.ts";
import { REQUESTED } from "../../../escalation/rule.ts";
import { MOST_FIRED } from "../../../store/tables/overview.ts";
import type { ConsoleDeps, ConsoleEnv } from "../../environment.ts";
import { counted, dayTime, duration, number } from "../../format.ts";
import type { Live } from "../../live.ts";
import { consolePage, type Html, sendPage } from "../../page.ts";
import { addressOf, facts, table } from "../../parts.ts";
import { describeRule } from "./describe-rule.ts";

const SECTION = "/console/flows";
const COUNTED_DAYS = 7;
const DAY_MS = 86_400_000;

const OUTSIDE: Record<NonNullable<Flow["outsideHours"]>["do"], string> = {
  queue: "handoffs go to the queue as ever",
  defer: "handoffs are put off until people are there",
  decline: "handoffs are declined",
};
const outsideHours = ({ hours, outsideHours: rule }: Flow): string =>
  hours === undefined ? "it has no hours" : OUTSIDE[rule?.do ?? "queue"];

export function registerFlows(app: Hono<ConsoleEnv>, { core, flows, now }: ConsoleDeps, live: Live): void {
  const all = [...new Set<Flow>(flows.values())];

  async function partOf(flow: Flow, since: number | undefined, mayAct: boolean): Promise<Html> {
    const fired = await core.firedRules(flow.name, now() - COUNTED_DAYS * DAY_MS);
    const countOf = (rule: string): number => fired.find((it) => it.rule === rule)?.count ?? 0;
    const total = fired.reduce((sum, { count }) => sum + count, 0);
    const last = fired.length === 0 ? null : Math.max(...fired.map(({ newestAt }) => newestAt));
    const requested = countOf(REQUESTED);
    const rows = flow.rules.map((rule) => ({
      cells: [
        html`<b>${rule.name}</b>${rule.do === "suggest" ? html`<br><span class="faint small">only suggests</span>` : ""}`,
        describeRule(rule),
        html`<a href="${addressOf("/console/handoffs", { flow: flow.name, reason: rule.reason })}">${rule.reason}</a>`,
        rule.priority ?? flow.conversation.priority,
        [...flow.tags, ...rule.tags].map((tag) => html`<span class="tag">${tag}</span> `),
        rule.do === "suggest" ? "" : html`<span class="number">${number(countOf(rule.name))}</span>`,
      ],
    }));
    return html`<section id="${flow.name}" aria-labelledby="flow-${flow.name}"><h2 id="flow-${flow.name}">${flow.name}</h2>${facts(
      [
        ["Bots", flow.bots.join(", ")],
        ["Unchanged since", since === undefined ? null : html`${dayTime(since)}, ${duration(now() - since)} ago`],
        ["Account", flow.account],
        ["Queue", flow.conversation.queue ?? "by the account's rules"],
        ["Routed by", flow.routedBy === "baton" ? "Baton" : "the chatbot's own element"],
        ["Outside the hours", outsideHours(flow)],
        ["Alert", `after ${duration(flow.alertAfterSeconds * 1_000)} without an agent`],
        ["Last handoff", last === null ? `none in ${COUNTED_DAYS} days` : dayTime(last)],
      ],
    )}
${table("Rules, the first that holds fires", ["Rule", "When", "Reason", "Priority", "Tags", "Fired"], rows)}
<p class="faint small">Fired: ${counted(total, "handoff")} of the last ${COUNTED_DAYS} days${total >= MOST_FIRED ? ", the newest ones" : ""}${requested === 0 ? "" : `; ${number(requested)} were asked for and fit no rule`}.</p>
<p class="small"><a href="${addressOf("/console/dry-run", { bot: flow.bots[0] })}">Try what it would do</a>${mayAct && core.backtest !== undefined ? html` · <a href="${addressOf(`${SECTION}/backtest`, { flow: flow.name })}">Backtest a change</a>` : ""}</p></section>`;
  }

  app.get(SECTION, async (c) => {
    const since = new Map((await core.flowVersions()).map((it) => [it.flow, it.since]));
    const { mayAct } = c.get("operator");
    const parts = await Promise.all(all.map((flow) => partOf(flow, since.get(flow.name), mayAct)));
    const content = html`<h1>Flows</h1>${parts}`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Flows", section: SECTION, content }));
  });
}
