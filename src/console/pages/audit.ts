/** Lists the acts of operators. */
import type { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { dayTime } from "../format.ts";
import type { Live } from "../live.ts";
import { consolePage, sendPage } from "../page.ts";
import { addressOf, badge, notice, select, table } from "../parts.ts";

const SECTION = "/console/audit";
const PAGE = 50;
const ACTS = [
  "retry",
  "cancel",
  "end",
  "resend",
  "export",
  "history",
  "erase",
  "rebuild",
  "backtest",
  "sign-in",
] as const;
const given = z.string().trim().min(1).max(200).optional().catch(undefined);
const filterSchema = z.object({
  operator: given,
  act: given,
  handoff: given,
  before: z.coerce.number().int().min(0).optional().catch(undefined),
});

export function registerAudit(app: Hono<ConsoleEnv>, { audit, operators }: ConsoleDeps, live: Live): void {
  const names = [...new Set(operators.map(({ name }) => name))];
  const any = [["", "any"]] as const;

  app.get(SECTION, async (c) => {
    const { before, ...filter } = filterSchema.parse(c.req.query());
    const { operator, act, handoff } = filter;
    const entries = await audit.list({ operator, act, handoffId: handoff, before }, PAGE);
    const rows = entries.map((it) => ({
      id: `a-${it.seq}`,
      cells: [
        dayTime(it.at),
        it.operator,
        it.act,
        it.handoffId === null
          ? (it.bot ?? "")
          : html`<a href="/console/handoffs/${it.handoffId}" class="id">${it.handoffId}</a>`,
        it.outcome === "done" ? badge("done", "good") : badge(it.outcome ?? "did not end", "warn"),
      ],
    }));
    const last = entries.length === PAGE ? entries.at(-1)?.seq : undefined;
    const content = html`<h1>Audit</h1><p class="faint">What operators did, the newest first. It is kept for 400 days.</p>
<form method="get" action="${SECTION}" class="row" role="search" aria-label="Filter">
${select("operator", "Operator", [...any, ...names.map((name) => [name, name] as const)], operator)}
${select("act", "Act", [...any, ...ACTS.map((name) => [name, name] as const)], act)}
<div><label for="handoff">Handoff</label><input id="handoff" name="handoff" size="28" value="${handoff ?? ""}"></div>
<div><button class="first" type="submit">Filter</button> <a class="button" href="${SECTION}">Clear</a></div></form>
<section aria-label="List">${rows.length === 0 ? notice("Nobody did anything like that.") : table("Acts", ["When", "Operator", "Act", "On", "Outcome"], rows)}
<p class="pages">${before === undefined ? "" : html`<a href="${addressOf(SECTION, filter)}">Newest</a>`}
${last === undefined ? "" : html`<a href="${addressOf(SECTION, { ...filter, before: String(last) })}">Older</a>`}</p></section>`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Audit", section: SECTION, content }));
  });
}
