/** The list of handoffs, and acts on all of a search. */
import type { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { findParked, MOST_RETRIED } from "../../handoff/retry-all.ts";
import { AGES, ages, describeSearch, findHandoffs, type Search, stateChoices } from "../../handoff/search-handoffs.ts";
import { retriedViewSchema } from "../../http/views/handoff-view.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { AttemptError } from "../../store/tables/overview.ts";
import { performAct } from "../acts.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { counted, dayTime, duration, fromNow, number } from "../format.ts";
import type { Live } from "../live.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { addressOf, notice, select, stateBadge, table } from "../parts.ts";

const SECTION = "/console/handoffs";
const PAGE = 50;
/** Handoffs that a preview shows, or a result names. */
const SHOWN = 20;

const given = z.string().trim().min(1).max(200).optional().catch(undefined);
/** A search in an address: a part that cannot be read is left out. */
const searchSchema = z.object({
  state: z.enum(stateChoices).optional().catch(undefined),
  ...{ bot: given, flow: given, reason: given, tag: given, word: given, before: given },
  late: z.stringbool().optional().catch(undefined),
  age: z.enum(ages).optional().catch(undefined),
});

const readSearch = (c: ConsoleContext): Search => searchSchema.parse(c.req.query());
const queryOf = ({ before: _, late, ...search }: Search): Record<string, string | undefined> => ({
  ...search,
  late: late ? "true" : undefined,
});

const textField = (name: string, label: string, value: string | undefined, size = 9): Html =>
  html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" size="${size}" value="${value ?? ""}"></div>`;

function filterForm(search: Search, bots: readonly string[]): Html {
  const any = [["", "any"]] as const;
  return html`<form method="get" action="${SECTION}" class="row" role="search" aria-label="Filter">
${select("state", "State", [...any, ...stateChoices.map((state) => [state, state] as const)], search.state)}
${select("bot", "Bot", [...any, ...bots.map((bot) => [bot, bot] as const)], search.bot)}
${textField("word", "With the word", search.word)}
${textField("reason", "Reason", search.reason)}
${textField("tag", "Tag", search.tag)}
${select("age", "Age", [...any, ...Object.entries(AGES).map(([age, { text }]) => [age, text] as const)], search.age)}
${select(
  "late",
  "Late",
  [
    ["", "any"],
    ["true", "late only"],
  ],
  search.late ? "true" : undefined,
)}
<div><button class="first" type="submit">Filter</button> <a class="button" href="${SECTION}">Clear</a></div>
</form>
<form method="get" action="/console/find" class="row" role="search" aria-label="Find by id">
${textField("id", "Find a handoff, token, or session by its id", undefined, 34)}
<div><button type="submit">Find</button></div></form>`;
}

const errorText = ({ step, outcome, status, code }: AttemptError): string =>
  `${step}: ${code ?? outcome ?? "no answer"}${status === null ? "" : ` (${status})`}`;

function rowOf(handoff: Handoff, error: AttemptError | undefined, now: number) {
  const isOver = handoff.state === "returned" || handoff.state === "cancelled";
  const problem = handoff.parkedBecause ?? (error === undefined ? "" : errorText(error));
  return {
    id: `h-${handoff.id}`,
    cells: [
      stateBadge(handoff),
      html`<a href="${SECTION}/${handoff.id}" class="id">${handoff.session}</a><br><span class="faint small">${handoff.bot}</span>`,
      handoff.reason,
      html`${dayTime(handoff.createdAt)}<br><span class="faint small">${duration(now - handoff.createdAt)} ago</span>`,
      isOver || handoff.dueAt === null ? "" : handoff.dueAt <= now ? "now" : fromNow(handoff.dueAt, now),
      problem === "" ? "" : html`<span class="small">${problem}</span>`,
    ],
  };
}

const COLUMNS = ["State", "Session", "Reason", "Opened", "Next attempt", "Newest error"];

async function listOf(deps: ConsoleDeps, handoffs: readonly Handoff[], caption: string): Promise<Html> {
  const { core, now } = deps;
  const open = handoffs.filter(({ state }) => state !== "returned" && state !== "cancelled").map(({ id }) => id);
  const errors = new Map(((await core.newestErrors?.(open)) ?? []).map((error) => [error.handoffId, error]));
  const rows = handoffs.map((handoff) => rowOf(handoff, errors.get(handoff.id), now()));
  return table(caption, COLUMNS, rows);
}

const retryForm = (search: Search, count: number): Html =>
  html`<form method="post" action="${addressOf(`${SECTION}/retry`, queryOf(search))}" class="panel stack">
<p>Each goes on where it stopped: nothing that was done is done again. What fails again is parked again.</p>
<div class="row"><button class="first" type="submit">Retry ${counted(count, "handoff")}</button>
<a class="button" href="${addressOf(SECTION, queryOf(search))}">Leave them parked</a></div></form>`;

export function registerHandoffs(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { core, flows, now } = deps;
  const bots = [...flows.keys()];

  app.get(SECTION, async (c) => {
    const search = readSearch(c);
    const { handoffs, next } = await findHandoffs(core, search, PAGE, now());
    const mayRetry = search.state === "parked" && handoffs.length > 0 && c.get("operator").mayAct;
    const list =
      handoffs.length > 0
        ? await listOf(deps, handoffs, `${counted(handoffs.length, "handoff")} on this page`)
        : notice(
            next === null ? "No handoff is like that." : "None is like that among the newest 1,000. Look further back.",
          );
    const content = html`<h1>Handoffs</h1><p class="faint search">${describeSearch(search)}</p>${filterForm(search, bots)}
${mayRetry ? html`<p><a class="button" href="${addressOf(`${SECTION}/retry`, queryOf(search))}">Retry all of these…</a></p>` : ""}
<section aria-label="List">${list}
<p class="pages">${search.before === undefined ? "" : html`<a href="${addressOf(SECTION, queryOf(search))}">Newest</a>`}
${next === null ? "" : html`<a href="${addressOf(SECTION, { ...queryOf(search), before: next })}">Older</a>`}</p></section>`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Handoffs", section: SECTION, content }));
  });

  app.get(`${SECTION}/retry`, async (c) => {
    const search: Search = { ...readSearch(c), state: "parked" };
    const { handoffs, isWhole } = await findParked(core, search, MOST_RETRIED, now());
    const some = handoffs.slice(0, SHOWN);
    const content = html`<h1>Retry ${isWhole ? counted(handoffs.length, "handoff") : `the newest ${number(handoffs.length)} handoffs`}</h1>
<p class="search">${describeSearch(search)}</p>
${
  handoffs.length === 0
    ? notice("No parked handoff is like that any more.")
    : html`${c.get("operator").mayAct ? retryForm(search, handoffs.length) : html`<p class="faint">You may look and not act.</p>`}
<section aria-label="List">${await listOf(deps, some, some.length < handoffs.length ? `The newest ${SHOWN} of them` : "The handoffs")}</section>`
}`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Retry", section: SECTION, content, isLive: false }));
  });

  app.post(`${SECTION}/retry`, async (c) => {
    const search: Search = { ...readSearch(c), state: "parked" };
    const result = await performAct(deps, c, "POST", addressOf("/handoffs/retry", queryOf(search)));
    if (!result.ok) {
      const content = html`<h1>Nothing was retried</h1>${notice(result.why, "bad")}
<p><a href="${addressOf(SECTION, queryOf(search))}">Back to the list</a></p>`;
      return sendPage(
        c,
        consolePage(c, live.kind(), { title: "Not retried", section: SECTION, content, isLive: false }),
        409,
      );
    }
    const { retried: done, failed, more } = retriedViewSchema.parse(await result.response.json());
    const left = more ? " More are parked: retry again." : "";
    const content = html`<h1>${counted(done, "handoff")} ${done === 1 ? "goes" : "go"} on</h1>
${failed.length === 0 ? notice(`All that were found go on.${left}`, "good") : notice(`${counted(failed.length, "handoff")} did not go on.${left}`, "bad")}
${
  failed.length === 0
    ? ""
    : table(
        "Not retried",
        ["Handoff", "Why"],
        failed.slice(0, SHOWN).map(({ id, detail }) => ({
          cells: [html`<a href="${SECTION}/${id}" class="id">${id}</a>`, detail],
        })),
      )
}
<p><a href="${SECTION}?state=pending">See those on their way</a> · <a href="${addressOf(SECTION, queryOf(search))}">See what is still parked</a></p>`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Retried", section: SECTION, content, isLive: false }));
  });

  app.get("/console/find", async (c) => {
    const id = (c.req.query("id") ?? "").trim().slice(0, 300);
    const handoffId = id.replace(/^\[?ho-|\]$/g, "");
    if (handoffId !== "" && (await core.handoff(handoffId)) !== null)
      return c.redirect(`${SECTION}/${encodeURIComponent(handoffId)}`, 303);
    for (const bot of id === "" ? [] : bots) {
      if ((await core.session(bot, id)) === null) continue;
      return c.redirect(addressOf("/console/sessions", { bot, session: id }), 303);
    }
    const content = html`<h1>Nothing has this id</h1><p>Look for a handoff's id, the token at the end of a conversation's summary, or a session's id as the bot names it.</p>
<p><a href="${SECTION}">Back to the list</a></p>`;
    return sendPage(
      c,
      consolePage(c, live.kind(), { title: "Not found", section: SECTION, content, isLive: false }),
      404,
    );
  });
}
