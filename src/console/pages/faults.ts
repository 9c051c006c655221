/** Lists what is parked, late, failing or given up, and says what to do about each. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Overview } from "../../handoff/overview.ts";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { dayTime, duration, fromNow, number } from "../format.ts";
import type { Live } from "../live.ts";
import { openAlerts } from "../open-alerts.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { badge, notice, table } from "../parts.ts";

const SECTION = "/console/faults";
const LATE_SHOWN = 20;
const HANDOFFS = "/console/handoffs";

const part = (id: string, title: string, content: Html): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;

function parkedPart({ parked }: Overview, mayAct: boolean): Html {
  if (parked.length === 0) return notice("No handoff is set aside.", "good");
  return html`${table(
    "Set aside, by reason",
    ["Handoffs", "Why", "Account", "Newest"],
    parked.map(({ because, account, count, newest }) => ({
      cells: [
        badge(number(count), "bad"),
        because ?? "The reason is not kept.",
        account,
        html`<a href="${HANDOFFS}/${newest}">open it</a>`,
      ],
    })),
  )}<p>Mend what the reason names. ${mayAct ? html`Then <a href="${HANDOFFS}/retry">retry all that are parked</a>, or <a href="${HANDOFFS}?state=parked">choose among them</a>.` : html`<a href="${HANDOFFS}?state=parked">See all that are parked</a>`}</p>`;
}

function failingPart({ failing }: Overview, now: number): Html {
  if (failing === null)
    return html`<p class="faint">Each session keeps its own steps here. Open a pending handoff to see them.</p>`;
  if (failing.length === 0) return notice("No step is being tried again.", "good");
  return html`${table(
    "Steps that failed and are tried again",
    ["Step", "Tries", "Next", "Handoff"],
    failing.map(({ handoffId, step, tries, nextAt }) => ({
      cells: [
        step,
        number(tries),
        nextAt <= now ? "now" : fromNow(nextAt, now),
        html`<a href="${HANDOFFS}/${handoffId}" class="id">${handoffId}</a>`,
      ],
    })),
  )}<p>Baton tries these for 24 hours, then parks them. Nothing is needed while the platform recovers.</p>`;
}

function setAsidePart({ setAside }: Overview): Html {
  if (setAside === null)
    return html`<p class="faint">Each session keeps its own callbacks here. Open a handoff to see them.</p>`;
  if (setAside.length === 0) return notice("Every callback was taken, or is on its way.", "good");
  return html`${table(
    "Callbacks that were given up",
    ["Callbacks", "Why", "Bot", "Type", "Newest"],
    setAside.map(({ because, bot, type, count, handoffId }) => ({
      cells: [
        badge(number(count), "warn"),
        because,
        bot,
        type,
        handoffId === null ? "" : html`<a href="${HANDOFFS}/${handoffId}">open its handoff</a>`,
      ],
    })),
  )}<p>Mend the bot's address or its answer. Then resend the callbacks on the page of each handoff.</p>`;
}

export function registerFaults(app: Hono<ConsoleEnv>, { core, now }: ConsoleDeps, live: Live): void {
  app.get(SECTION, async (c) => {
    const [overview, { handoffs: late }] = await Promise.all([
      core.overview(),
      core.handoffs({ isLate: true }, LATE_SHOWN),
    ]);
    const refused = overview.accounts.filter(({ state }) => state === "refused");
    const lateList =
      late.length === 0
        ? notice("Nobody waits too long.", "good")
        : html`${table(
            "No agent in their time",
            ["Session", "Reason", "Waits", "Since"],
            late.map((it) => ({
              cells: [
                html`<a href="${HANDOFFS}/${it.id}" class="id">${it.session}</a>`,
                it.reason,
                duration(now() - (it.waitingSince ?? it.createdAt)),
                dayTime(it.createdAt),
              ],
            })),
          )}<p>See that agents of the queue are signed in. <a href="${HANDOFFS}?late=true">See all who wait too long</a></p>`;
    const content = html`<h1>Faults</h1>
${refused.map(({ account }) => notice(html`<b>Account ${account} refuses our credentials.</b> Correct its API key and restart Baton. What is parked for it goes on by itself.`, "bad"))}
${part("alerts", "Open alerts", openAlerts(overview.alerts, now()))}${part("parked", "Parked", parkedPart(overview, c.get("operator").mayAct))}${part("late", "Late", lateList)}
${part("failing", "Failing steps", failingPart(overview, now()))}${part("callbacks", "Callbacks", setAsidePart(overview))}`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Faults", section: SECTION, content }));
  });
}
