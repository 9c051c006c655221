/** Compares a changed flow with the one in place over what was recorded. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Flow } from "../../../escalation/flow.ts";
import { ok } from "../../../result.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../../environment.ts";
import { readForm } from "../../form.ts";
import type { Live } from "../../live.ts";
import { consolePage, type Html, type Status, sendPage } from "../../page.ts";
import { addressOf, notice, select } from "../../parts.ts";
import { backtestResult } from "./backtest-result.ts";
import { asIfIts, readChange } from "./read-change.ts";

const SECTION = "/console/flows";
const PATH = `${SECTION}/backtest`;
const HOUR_MS = 3_600_000;
const PERIODS = [
  ["24", "the last day"],
  ["168", "the last 7 days"],
  ["840", "the last 35 days"],
] as const;
/** A longer text is not sent back: the page stays small. */
const MOST_ECHOED = 20_000;
const BELOW = "";

interface Asked {
  flow: Flow;
  /** Name of another flow to compare with; empty: the change below. */
  other: string;
  text: string;
  hours: string;
}

/** A change to begin with: a rule of this flow, as it is. */
function exampleOf({ rules }: Flow): string {
  const rule = rules.findLast(({ when }) => when.every(({ text }) => text === undefined)) ?? rules.at(-1);
  if (rule === undefined) return "{}";
  const text = JSON.stringify({ rules: { [rule.name]: { when: rule.when } } }, null, 2);
  return text.length > MOST_ECHOED ? JSON.stringify({ rules: { [rule.name]: null } }, null, 2) : text;
}

export function registerBacktest(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { core, audit, now, log } = deps;
  const { backtest } = core;
  const flows = new Map([...deps.flows.values()].map((flow) => [flow.name, flow]));

  function formOf({ flow, other, text, hours }: Asked): Html {
    const others = [...flows.keys()].filter((name) => name !== flow.name);
    return html`<form method="post" action="${addressOf(PATH, { flow: flow.name })}" class="panel stack">
<div class="row">${select("other", "Compare with", [[BELOW, "the change below"], ...others.map((name) => [name, `the rules of ${name}`] as const)], other)}
${select("hours", "Over", PERIODS, hours)}</div>
<div><label for="change">The change, as JSON: the parts that differ, with rules by their names, or the whole flow</label><textarea id="change" name="change" spellcheck="false">${text.length > MOST_ECHOED ? "" : text}</textarea></div>
${text.length > MOST_ECHOED ? html`<p class="faint small">What you pasted is too long to be shown again.</p>` : ""}
<p class="faint small">A rule set to null goes, and a new one comes last. To begin with the whole flow, take <a href="${SECTION}/${flow.name}/json" download>the flow as JSON</a>.</p>
<div><button class="first" type="submit">Compare</button></div></form>`;
  }

  function show(c: ConsoleContext, asked: Asked, result: Html | "", status: Status = 200) {
    const content = html`<h1>Backtest of ${asked.flow.name}</h1><p class="faint">The flow as it is, beside a changed one, over recorded chats. Nothing is stored, sent or changed.</p>${formOf(asked)}${result}`;
    const page = { title: "Backtest", section: SECTION, content, isLive: false };
    return sendPage(c, consolePage(c, live.kind(), page), status);
  }

  function refuse(c: ConsoleContext, why: string, status: Status) {
    const content = html`<h1>No backtest</h1>${notice(why)}<p><a href="${SECTION}">Back to Flows</a></p>`;
    const page = { title: "No backtest", section: SECTION, content, isLive: false };
    return sendPage(c, consolePage(c, live.kind(), page), status);
  }

  /** The page in place of this one; null: the operator may compare. */
  function refusalOf(c: ConsoleContext, flow: Flow | undefined) {
    if (backtest === undefined)
      return refuse(
        c,
        "On Cloudflare Workers each session keeps its own record, so there is none to compare over. Try payloads in the dry run instead.",
        404,
      );
    if (!c.get("operator").mayAct)
      return refuse(c, "A backtest reads what customers wrote. You may look and not act.", 403);
    return flow === undefined ? refuse(c, "There is no such flow.", 404) : null;
  }

  app.get(`${SECTION}/:flow/json`, (c) => {
    const flow = flows.get(c.req.param("flow"));
    if (flow === undefined) return c.notFound();
    const headers = {
      ...c.env.outer.get("headers"),
      "content-type": "application/json",
      "content-disposition": `attachment; filename="${flow.name}.json"`,
    };
    return new Response(`${JSON.stringify(flow, null, 2)}\n`, { headers });
  });

  app.get(PATH, (c) => {
    const flow = flows.get(c.req.query("flow") ?? "");
    const refusal = refusalOf(c, flow);
    if (refusal !== null || flow === undefined) return refusal ?? c.notFound();
    return show(c, { flow, other: BELOW, text: exampleOf(flow), hours: "168" }, "");
  });

  app.post(PATH, async (c) => {
    const flow = flows.get(c.req.query("flow") ?? "");
    const refusal = refusalOf(c, flow);
    if (refusal !== null || flow === undefined || backtest === undefined) return refusal ?? c.notFound();
    const form = await readForm(deps.readBody, c.env.outer);
    const [other, hours] = [form.get("other") ?? "", form.get("hours") ?? ""];
    const asked = { flow, other, hours, text: form.get("change") ?? "" };
    const otherFlow = flows.get(other);
    const changed = otherFlow === undefined ? readChange(flow, asked.text) : ok(asIfIts(otherFlow, flow));
    if (!changed.ok) {
      const mistakes = html`<div role="alert">${notice("This is no flow. Nothing was compared.", "bad")}<ul>${changed.error.slice(0, 20).map((it) => html`<li>${it}</li>`)}</ul></div>`;
      return show(c, asked, mistakes, 422);
    }
    const [, period] = PERIODS;
    const [wanted] = PERIODS.find(([value]) => value === hours) ?? period;
    const requestId = c.env.outer.get("requestId");
    const act = { operator: c.get("operator").name, act: "backtest", requestId };
    const seq = await audit.begin({ at: now(), ...act, bot: null, handoffId: null, callbackId: null });
    const question = { current: flow, changed: changed.value, since: now() - Number(wanted) * HOUR_MS };
    const result = await backtest({ ...question, signal: c.req.raw.signal });
    const outcome = result.ok ? "done" : result.error;
    await audit.end(seq, outcome);
    log.info({ ...act, flow: flow.name, outcome }, "an operator acted");
    if (!result.ok) return show(c, asked, notice("Another backtest runs. Try again in a moment.", "warn"), 429);
    return show(c, asked, backtestResult(result.value));
  });
}
