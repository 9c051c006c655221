/** Shows who has a customer now, and serves the rights of a person: export and erasure. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { SessionView } from "../../handoff/api.ts";
import type { Control } from "../../model/session.ts";
import { performAct } from "../acts.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { readForm } from "../form.ts";
import { dayTime, duration } from "../format.ts";
import type { Live } from "../live.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { badge, facts, notice, select, stateBadge, table } from "../parts.ts";
import { whyAddress } from "./why.ts";

const SECTION = "/console/sessions";
const SHOWN = 50;

const CONTROLS: Record<Control, string> = {
  bot: "The bot has the customer.",
  queue: "The customer waits in a queue. The bot stays silent.",
  agent: "An agent has the customer. The bot stays silent.",
  nobody: "Nobody: the session is over.",
};

const lookUp = (bots: readonly string[], bot: string | undefined, session: string | undefined): Html =>
  html`<form method="get" action="${SECTION}" class="row" role="search" aria-label="Look a session up">
${select(
  "bot",
  "Bot",
  bots.map((name) => [name, name] as const),
  bot,
)}
<div><label for="session">Session, as the bot names it</label><input id="session" name="session" size="30" required value="${session ?? ""}"></div>
<div><button class="first" type="submit">Look up</button></div></form>`;

const hidden = (name: string, value: string): Html => html`<input type="hidden" name="${name}" value="${value}">`;

function rightsOf({ session: { bot, session } }: SessionView): Html {
  const whose = html`${hidden("bot", bot)}${hidden("session", session)}`;
  return html`<section aria-labelledby="rights"><h2 id="rights">A person's rights</h2><div class="row">
<details class="act"><summary class="button">Export…</summary><form method="post" action="${SECTION}/export" class="stack">${whose}
<p>You get everything that is recorded of this session as JSON, at most 10,000 events at once. The audit trail notes it.</p>
<button type="submit" class="first">Export this session</button></form></details>
<details class="act"><summary class="button">Erase…</summary><form method="post" action="${SECTION}/erase" class="stack">${whose}
<p>Nothing of this person stays in Baton's record. It cannot be undone. Conversations stay at the platform: delete them there.</p>
<button type="submit" class="danger">Erase this session</button></form></details></div></section>`;
}

/** `agentName`: null if the platform did not say it. */
function cardOf(view: SessionView, agentName: string | null, mayAct: boolean, now: number): Html {
  const { session, lastHandoff: last } = view;
  return html`<section aria-label="Session"><h2 class="id">${session.session}</h2><p>${CONTROLS[session.control]}</p>${facts(
    [
      ["Bot", session.bot],
      [
        "Control",
        badge(session.control, session.control === "agent" ? "good" : session.control === "queue" ? "warn" : ""),
      ],
      ["Agent", session.control === "agent" ? (agentName ?? session.agentId) : null],
      [
        "Conversation",
        session.conversationId === null ? null : html`<span class="id">${session.conversationId}</span>`,
      ],
      ["Round", String(session.epoch)],
      [
        "Last handoff",
        last === null ? "none" : html`<a href="/console/handoffs/${last.id}">${last.reason}</a> ${stateBadge(last)}`,
      ],
      ["Back with the bot", session.returnedAt === null ? null : dayTime(session.returnedAt)],
      ["Last change", html`${dayTime(session.updatedAt)}, ${duration(now - session.updatedAt)} ago`],
    ],
  )}${mayAct ? html`<p class="small"><a href="${whyAddress(session.bot, session.session)}">Its events, and why each escalated or not</a></p>` : ""}</section>${mayAct ? rightsOf(view) : html`<p class="faint small">You may look and not act.</p>`}`;
}

export function registerSessions(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { core, flows, now } = deps;
  const bots = [...flows.keys()];
  const send = (c: ConsoleContext, content: Html, status: 200 | 404 | 409 = 200) =>
    sendPage(c, consolePage(c, live.kind(), { title: "Sessions", section: SECTION, content }), status);

  app.get(SECTION, async (c) => {
    const { bot, session } = c.req.query();
    const head = html`<h1>Sessions</h1>${lookUp(bots, bot, session)}`;
    if (bot === undefined || session === undefined || session.trim() === "") {
      const { handoffs: held } = await core.handoffs({ state: "assigned" }, SHOWN);
      const rows = held.map((it) => ({
        id: `h-${it.id}`,
        cells: [
          html`<a href="${SECTION}?${new URLSearchParams({ bot: it.bot, session: it.session })}" class="id">${it.session}</a>`,
          it.bot,
          it.reason,
          dayTime(it.createdAt),
        ],
      }));
      const list =
        rows.length === 0
          ? notice("No agent has a customer now.")
          : table("With agents now", ["Session", "Bot", "Reason", "Handed over"], rows);
      return send(c, html`${head}<section aria-label="List">${list}</section>`);
    }
    const view = await core.session(bot, session.trim());
    if (view === null)
      return send(
        c,
        html`${head}${notice("This bot has no such session. It may have been forgotten or erased.")}`,
        404,
      );
    const { lastHandoff: last } = view;
    const story = view.session.control === "agent" && last !== null ? await core.story(last.id) : null;
    const name = story?.conversation?.agentName ?? null;
    return send(c, html`${head}${cardOf(view, name, c.get("operator").mayAct, now())}`);
  });

  const pathOf = (form: URLSearchParams): string =>
    `/bots/${encodeURIComponent(form.get("bot") ?? "")}/sessions/${encodeURIComponent(form.get("session") ?? "")}`;
  const failed = (c: ConsoleContext, why: string) =>
    send(
      c,
      html`<h1>Nothing was done</h1><p class="notice bad" role="alert">${why}</p><p><a href="${SECTION}">Back to Sessions</a></p>`,
      409,
    );

  app.post(`${SECTION}/export`, async (c) => {
    const form = await readForm(deps.readBody, c.env.outer);
    const result = await performAct(deps, c, "GET", `${pathOf(form)}/export`);
    if (!result.ok) return failed(c, result.why);
    const headers = {
      ...c.env.outer.get("headers"),
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="session.json"',
    };
    return new Response(result.response.body, { headers });
  });

  app.post(`${SECTION}/erase`, async (c) => {
    const form = await readForm(deps.readBody, c.env.outer);
    const result = await performAct(deps, c, "DELETE", pathOf(form));
    if (!result.ok) return failed(c, result.why);
    return send(
      c,
      html`<h1>Erased</h1>${notice("Nothing of this person stays in Baton's record.", "good")}<p>Its conversations stay at the platform, with their notes and messages: delete them there.</p><p><a href="${SECTION}">Back to Sessions</a></p>`,
    );
  });
}
