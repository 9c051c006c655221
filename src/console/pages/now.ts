/** The first page: whether customers reach agents, why not, and where to go. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { AccountHealth } from "../../handoff/account/account-health.ts";
import type { Overview } from "../../handoff/overview.ts";
import type { HandoffState } from "../../model/handoff.ts";
import { MOST_COUNTED } from "../../store/tables/overview.ts";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { clockTime, counted, dayTime, duration, fromNow, number, percentile } from "../format.ts";
import type { Live } from "../live.ts";
import { alertsByCode } from "../open-alerts.ts";
import { consolePage, type Html, sendPage } from "../page.ts";
import { addressOf, badge, barChart, type Tone } from "../parts.ts";

interface Verdict {
  tone: Tone;
  sentence: string;
}

const least = (count: number): string => (count >= MOST_COUNTED ? `more than ${number(count)}` : number(count));

/** One sentence: the worst that is true now. */
function verdictOf(overview: Overview, now: number): Verdict {
  const { states, late, longestWaitSince, accounts, failing } = overview;
  const refused = accounts.find(({ state }) => state === "refused");
  const held = accounts.find(({ state }) => state === "held");
  const parked = states.get("parked") ?? 0;
  const waiting = (states.get("pending") ?? 0) + (states.get("routed") ?? 0);
  if (refused !== undefined)
    return { tone: "bad", sentence: `Customers reach no agents: account ${refused.account} refuses our credentials.` };
  if (held !== undefined && (held.lastFailure?.reason ?? "") !== "throttled")
    return { tone: "bad", sentence: `Customers reach no agents: the platform fails for account ${held.account}.` };
  if (parked > 0)
    return {
      tone: "bad",
      sentence: `${counted(parked, "handoff")} ${parked === 1 ? "is" : "are"} set aside and ${parked === 1 ? "needs" : "need"} you.`,
    };
  if (late > 0) {
    const wait = longestWaitSince === null ? "" : `; the longest for ${duration(now - longestWaitSince)}`;
    return {
      tone: "warn",
      sentence: `${counted(late, "customer")} ${late === 1 ? "waits" : "wait"} too long for an agent${wait}.`,
    };
  }
  if (held !== undefined)
    return { tone: "warn", sentence: `Account ${held.account} asks for a pause; handoffs go on after it.` };
  const failed = new Set(failing?.map(({ handoffId }) => handoffId)).size;
  if (failed > 0)
    return {
      tone: "warn",
      sentence: `${counted(failed, "handoff")} ${failed === 1 ? "meets" : "meet"} errors at the platform and ${failed === 1 ? "is" : "are"} tried again.`,
    };
  if (waiting > 0)
    return { tone: "good", sentence: `All is well: ${counted(waiting, "customer")} on the way to an agent.` };
  return { tone: "good", sentence: "All is well: nobody waits." };
}

const tile = (href: string, value: unknown, name: string, more: unknown = "", tone: Tone = ""): Html =>
  html`<li><a href="${href}" class="${tone}">${name}<b>${value}</b><span class="faint small">${more}</span></a></li>`;

const middleOf = (times: readonly number[]): Html => {
  const [half, most] = [percentile(times, 0.5), percentile(times, 0.95)];
  if (half === null || most === null) return html`–`;
  return html`${duration(half)}`;
};
const mostOf = (times: readonly number[]): string => {
  const most = percentile(times, 0.95);
  return most === null ? "none in the last hour" : `95 of 100 within ${duration(most)}`;
};

function tiles(overview: Overview, now: number): Html {
  const { states, late, longestWaitSince, failing, recent } = overview;
  const of = (state: HandoffState): number => states.get(state) ?? 0;
  const waiting = of("pending") + of("routed");
  const wait = longestWaitSince === null ? "nobody waits" : `the longest for ${duration(now - longestWaitSince)}`;
  const toRoute = recent.handoffs.flatMap(({ createdAt, routedAt }) =>
    routedAt === null ? [] : [routedAt - createdAt],
  );
  const toAgent = recent.handoffs.flatMap(({ createdAt, assignedAt }) =>
    assignedAt === null ? [] : [assignedAt - createdAt],
  );
  const failed = failing === null ? null : new Set(failing.map(({ handoffId }) => handoffId)).size;
  const list = (query: Record<string, string>): string => addressOf("/console/handoffs", query);
  return html`<ul class="tiles">
${tile(list({ state: "waiting" }), least(waiting), "Waiting", waiting === 0 ? "nobody waits" : wait, late > 0 ? "warn" : "")}
${tile(list({ state: "assigned" }), least(of("assigned")), "With agents", "customers in a chat now")}
${tile(list({ state: "parked" }), least(of("parked")), "Parked", of("parked") === 0 ? "nothing is set aside" : "set aside for you", of("parked") > 0 ? "bad" : "")}
${failed === null ? tile(list({ late: "true" }), least(late), "Late", "no agent in their time", late > 0 ? "warn" : "") : tile("/console/faults#failing", number(failed), "Failing steps", failed === 0 ? "no step is tried again" : "are tried again", failed > 0 ? "warn" : "")}
${tile(list({ age: "last-hour" }), middleOf(toRoute), "Time to route", mostOf(toRoute))}
${tile(list({ age: "last-hour", state: "assigned" }), middleOf(toAgent), "Time to agent", mostOf(toAgent))}
</ul>`;
}

const BARS = 30;
function lastHour({ recent }: Overview, now: number): Html {
  const bars = (times: readonly number[]): number[] => {
    const counts = Array<number>(BARS).fill(0);
    for (const time of times) {
      const at = Math.min(BARS - 1, Math.max(0, Math.floor(((time - recent.since) / (now - recent.since)) * BARS)));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts;
  };
  const opened = recent.handoffs.map(({ createdAt }) => createdAt);
  const routed = recent.handoffs.flatMap(({ routedAt }) => routedAt ?? []);
  const parked = recent.handoffs.filter(({ state }) => state === "parked").map(({ createdAt }) => createdAt);
  const reasons = [...Map.groupBy(recent.handoffs, ({ reason }) => reason)].sort((a, b) => b[1].length - a[1].length);
  const charts: [string, number[]][] = [
    ["Opened", opened],
    ["Routed", routed],
    ["Parked", parked],
  ];
  return html`<section aria-labelledby="hour"><h2 id="hour">The last hour</h2>
${recent.isWhole ? "" : html`<p class="faint small">The newest ${number(recent.handoffs.length)} handoffs of it.</p>`}
${charts.map(([name, times]) => html`<p class="small">${name} <b class="number">${number(times.length)}</b></p>${barChart(`${name} in the last hour, two minutes a bar`, bars(times))}`)}
${
  reasons.length === 0
    ? html`<p class="faint">No handoff was opened in the last hour.</p>`
    : html`<h3>By reason</h3><ul>${reasons
        .slice(0, 8)
        .map(
          ([reason, all]) =>
            html`<li><a href="${addressOf("/console/handoffs", { reason, age: "last-hour" })}">${reason}</a> <span class="number">${number(all.length)}</span></li>`,
        )}</ul>`
}
</section>`;
}

function needsYou({ parked, late, setAside }: Overview): Html {
  const lines: Html[] = parked.map(
    ({
      because,
      account,
      count,
      newest,
    }) => html`<li>${badge(least(count), "bad")} parked at account ${account}: ${because ?? "for a reason that is not kept"}
<br><a href="/console/handoffs/${newest}">The newest one</a> · <a href="${addressOf("/console/handoffs", { state: "parked" })}">all parked</a></li>`,
  );
  if (late > 0)
    lines.push(
      html`<li>${badge(least(late), "warn")} late: no agent in their time<br><a href="/console/handoffs?late=true">See who waits</a></li>`,
    );
  for (const { because, bot, count, handoffId } of setAside ?? [])
    lines.push(html`<li>${badge(least(count), "warn")} callbacks to bot ${bot} were given up: ${because}
${handoffId === null ? "" : html`<br><a href="/console/handoffs/${handoffId}">The newest one's handoff</a>`}</li>`);
  return html`<section aria-labelledby="needs"><h2 id="needs">What needs you</h2>
${lines.length === 0 ? html`<p class="faint">Nothing. Baton tries again what can be tried again.</p>` : html`<ul class="spaced">${lines}</ul>`}
<p class="small"><a href="/console/faults">Every fault, and what to do</a></p></section>`;
}

const HEALTH: Record<AccountHealth["state"], readonly [string, Tone]> = {
  open: ["in use", "good"],
  held: ["left alone for now", "warn"],
  refused: ["refuses our credentials", "bad"],
};
function accountHealth({ accounts }: Overview, now: number): Html {
  return html`<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>${
    accounts.length === 0 ? html`<p class="faint">No account could be asked.</p>` : ""
  }${accounts.map((it) => {
    const [text, tone] = HEALTH[it.state];
    const since = html`since ${dayTime(it.since)}`;
    return html`<h3>${it.account} ${badge(text, tone)}</h3><ul class="small">
${it.heldUntil === null ? "" : html`<li>Something is sent again ${fromNow(it.heldUntil, now)}.</li>`}
<li>${it.lastSuccessAt === null ? html`No call has succeeded ${since}.` : `The last call that succeeded: ${fromNow(it.lastSuccessAt, now)}.`}</li>
<li>${it.lastFailure === null ? html`No call has failed ${since}.` : html`The last failure: ${it.lastFailure.reason}${it.lastFailure.status === null ? "" : ` (${it.lastFailure.status})`}, ${fromNow(it.lastFailure.at, now)}, at ${clockTime(it.lastFailure.at)}.`}</li>
${it.circuitOpenedAt === null ? "" : html`<li>It last failed so often that Baton left it alone: ${fromNow(it.circuitOpenedAt, now)}.</li>`}
<li>${it.lastPushAt === null ? html`No push has come ${since}: the account is asked every 30 s.` : `The last push: ${fromNow(it.lastPushAt, now)}.`}</li>
</ul>`;
  })}</section>`;
}

function alertsPart({ alerts }: Overview, now: number): Html {
  if (alerts === null || alerts.length === 0) return html``;
  return html`<section aria-labelledby="alerts"><h2 id="alerts">Open alerts</h2>${alertsByCode(alerts, now)}
<p class="small"><a href="/console/faults#alerts">Each of them</a></p></section>`;
}

export function registerNow(app: Hono<ConsoleEnv>, { core, now }: ConsoleDeps, live: Live): void {
  app.get("/console", async (c) => {
    const at = now();
    const overview = await core.overview();
    const { tone, sentence } = verdictOf(overview, at);
    const content = html`<section class="verdict ${tone}"><h1>${sentence}</h1></section>
${tiles(overview, at)}${alertsPart(overview, at)}
<div class="columns">${needsYou(overview)}${lastHour(overview, at)}${accountHealth(overview, at)}</div>`;
    return sendPage(c, consolePage(c, live.kind(), { title: "Now", section: "/console", content }));
  });
}
