/** Flows: their rules in words, and how often each fired. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Flow } from "../../escalation/flow.ts";
import { REQUESTED } from "../../escalation/rule.ts";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { ruleInWords } from "../flow-words.ts";
import type { Live } from "../live.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { addressOf, facts, table } from "../parts.ts";
import { counted, dayTime, number } from "../words.ts";

const SECTION = "/console/flows";
/** Handoffs by which the rules are counted. */
const COUNTED = 300;

export function registerFlows(app: Hono<ConsoleEnv>, { core, flows }: ConsoleDeps, live: Live): void {
  const all = [...new Set<Flow>(flows.values())];

  async function partOf(flow: Flow): Promise<Html> {
    const { handoffs: newest } = await core.handoffs({ flow: flow.name }, COUNTED);
    const byRule = Map.groupBy(newest, ({ rule }) => rule);
    const last = newest[0];
    const requested = byRule.get(REQUESTED)?.length ?? 0;
    const rows = flow.rules.map((rule) => ({
      cells: [
        html`<b>${rule.name}</b>${rule.do === "suggest" ? html`<br><span class="faint small">only suggests</span>` : ""}`,
        ruleInWords(rule),
        html`<a href="${addressOf("/console/handoffs", { flow: flow.name, reason: rule.reason })}">${rule.reason}</a>`,
        rule.priority ?? flow.conversation.priority,
        [...flow.tags, ...rule.tags].map((tag) => html`<span class="tag">${tag}</span> `),
        html`<span class="number">${number(byRule.get(rule.name)?.length ?? 0)}</span>`,
      ],
    }));
    return html`<section id="${flow.name}" aria-labelledby="flow-${flow.name}"><h2 id="flow-${flow.name}">${flow.name}</h2>${facts(
      [
        ["Bots", flow.bots.join(", ")],
        ["Account", flow.account],
        ["Queue", flow.conversation.queue ?? "by the account's rules"],
        ["Routed by", flow.routedBy === "baton" ? "Baton" : "the chatbot's own element"],
        ["Outside the hours", flow.hours === undefined ? "it has no hours" : (flow.outsideHours?.do ?? "queue")],
        ["Alert", `after ${flow.alertAfterSeconds} s without an agent`],
        ["Last handoff", last === undefined ? "none is recorded" : dayTime(last.createdAt)],
      ],
    )}
${table("Rules, the first that holds fires", ["Rule", "When", "Reason", "Priority", "Tags", "Fired"], rows)}
<p class="faint small">Counted over the newest ${counted(newest.length, "handoff")}${requested === 0 ? "" : `; ${number(requested)} were asked for and fit no rule`}.
<a href="${addressOf("/console/dry-run", { bot: flow.bots[0] })}">Try what it would do</a></p></section>`;
  }

  app.get(SECTION, async (c) => {
    const content = html`<h1>Flows</h1>${await Promise.all(all.map(partOf))}`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Flows", section: SECTION, content }));
  });
}
