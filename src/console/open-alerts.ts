/** Names the open alerts: what the operator's webhook was told. */
import { html } from "hono/html";
import { ALERT_SAYS, type Alert } from "../model/alert.ts";
import { duration, number } from "./format.ts";
import type { Html } from "./page.ts";
import { badge } from "./parts.ts";

const SHOWN = 30;

/** `alerts`: null if nothing watches for them. */
export function openAlerts(alerts: readonly Alert[] | null, now: number): Html {
  if (alerts === null)
    return html`<p class="faint">On Cloudflare Workers the console knows of alerts where a webhook of alerts is set. Without one they are lines in the log, with the field <code>alert</code>.</p>`;
  if (alerts.length === 0) return html`<p class="faint">No alert is open.</p>`;
  const newest = alerts.slice(-SHOWN).reverse();
  return html`<ul class="spaced">${newest.map(
    ({ code, bot, account, handoffId, count, since }) =>
      html`<li>${badge(code, "bad")} ${ALERT_SAYS[code]}<br><span class="small faint">Open for ${duration(now - since)}${bot === null ? "" : `, bot ${bot}`}${account === null ? "" : `, account ${account}`}${count > 1 ? `, ${number(count)} in all` : ""}</span>${handoffId === null ? "" : html` <a href="/console/handoffs/${handoffId}">open it</a>`}</li>`,
  )}</ul>${alerts.length > SHOWN ? html`<p class="small faint">The newest ${number(SHOWN)} of ${number(alerts.length)}.</p>` : ""}`;
}

/** One line a kind, the oldest first. */
export const alertsByCode = (alerts: readonly Alert[], now: number): Html =>
  html`<ul class="spaced">${[...Map.groupBy(alerts, ({ code }) => code)].map(([code, all]) => {
    const subjects = [
      ...new Set(all.map(({ account, bot }) => (account === null ? bot && `bot ${bot}` : `account ${account}`))),
    ].filter((it) => it !== null);
    const since = Math.min(...all.map((it) => it.since));
    const count = all.reduce((sum, it) => sum + it.count, 0);
    return html`<li>${badge(count > 1 ? `${number(count)} × ${code}` : code, "bad")} ${ALERT_SAYS[code]}
<br><span class="small faint">${all.length > 1 ? "The oldest is open" : "Open"} for ${duration(now - since)}${subjects.length === 0 ? "" : `; ${subjects.join(", ")}`}</span></li>`;
  })}</ul>`;
