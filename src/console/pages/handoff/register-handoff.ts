/** The page of one handoff. */
import type { Hono } from "hono";
import { html } from "hono/html";
import type { FullLedger, HandoffStory } from "../../../handoff/api.ts";
import type { Handoff, HandoffState } from "../../../model/handoff.ts";
import { performAct } from "../../acts.ts";
import type { ConsoleContext, ConsoleDeps, ConsoleEnv } from "../../environment.ts";
import { readForm } from "../../form.ts";
import { clockTime, dayTime, duration, fromNow } from "../../format.ts";
import type { Live } from "../../live.ts";
import { consolePage, type Html, sendPage } from "../../page.ts";
import { addressOf, facts, notice, stateBadge } from "../../parts.ts";
import { storyOf } from "./story.ts";

const SECTION = "/console/handoffs";

interface Offered {
  path: string;
  name: string;
  /** Effect of the act. */
  says: string;
  states: readonly HandoffState[];
  isDanger?: true;
}
const ACTS: readonly Offered[] = [
  {
    path: "retry",
    name: "Retry",
    says: "It goes on where it stopped. Nothing that was done is done again.",
    states: ["parked"],
  },
  {
    path: "cancel",
    name: "Cancel",
    says: "The bot keeps its customer. No agent is told.",
    states: ["pending", "deferred", "parked"],
    isDanger: true,
  },
  {
    path: "end",
    name: "End",
    says: "The bot has its customer again. The conversation stays as it is at the platform.",
    states: ["routed", "assigned"],
    isDanger: true,
  },
  {
    path: "end?close=true",
    name: "End and close",
    says: "The bot has its customer again, and the conversation is closed for the agent.",
    states: ["routed", "assigned"],
    isDanger: true,
  },
];
const PATHS = new Set(ACTS.map(({ path }) => path));

/** An act is confirmed: the button is behind what follows from it. */
const actForm = (action: string, { path, name, says, isDanger }: Omit<Offered, "states">): Html =>
  html`<details class="act"><summary class="button">${name}…</summary><form method="post" action="${action}" class="stack">
<p>${says}</p><input type="hidden" name="act" value="${path}"><button type="submit" class="${isDanger ? "danger" : "first"}">${name} this handoff</button></form></details>`;

function actsOf(c: ConsoleContext, { handoff, callbacks }: FullLedger): Html {
  if (!c.get("operator").mayAct) return html`<p class="faint small">You may look and not act.</p>`;
  const offered = ACTS.filter(({ states }) => states.includes(handoff.state));
  const isGivenUp = callbacks.some(
    ({ callback: { state, setAsideBecause } }) => state === "refused" && setAsideBecause !== "overtaken",
  );
  const action = `${SECTION}/${handoff.id}`;
  return html`<div class="row">${offered.map((act) => actForm(action, act))}${
    isGivenUp
      ? actForm(action, {
          path: "resend",
          name: "Resend callbacks",
          says: "Every callback that was given up is sent to the bot again.",
        })
      : ""
  }</div>`;
}

/** Says what is wrong with a handoff, and what to do. */
function adviceOf(
  { state, parkedBecause, parkedFor, account, dueAt, waitingSince, createdAt, deferredUntil }: Handoff,
  now: number,
): Html {
  switch (state) {
    case "parked":
      return parkedFor === "credentials"
        ? notice(
            html`<b>Parked: ${parkedBecause ?? "the account refuses our credentials"}</b><br>Correct the API key of account ${account} and restart Baton. Then retry here; Baton also tries by itself.`,
            "bad",
          )
        : notice(
            html`<b>Parked: ${parkedBecause ?? "set aside"}</b><br>Read the newest attempt that failed below and mend what it names. Then retry. Or cancel: the bot keeps its customer.`,
            "bad",
          );
    case "pending":
      return notice(
        dueAt === null || dueAt <= now
          ? "On its way to the agents now."
          : `On its way to the agents. The next attempt is ${fromNow(dueAt, now)}.`,
        "warn",
      );
    case "deferred":
      return notice(
        deferredUntil === null
          ? "Waits until people are there."
          : html`Waits until people are there: ${dayTime(deferredUntil)}.`,
      );
    case "routed":
      return notice(
        `Waits for an agent, for ${duration(now - (waitingSince ?? createdAt))} now. No agent has it yet.`,
        "warn",
      );
    case "assigned":
      return notice("An agent has the customer. The bot stays silent.", "good");
    case "returned":
      return notice("Over: the bot has its customer again.");
    case "cancelled":
      return notice("Over: an operator cancelled it.");
  }
}

function headOf(deps: ConsoleDeps, { ledger: { handoff }, conversation, assignedAt }: HandoffStory): Html {
  const { decision, conversationId, account } = handoff;
  const desk = conversationId === null ? null : (deps.deskAddress?.(account, conversationId) ?? null);
  const { leftOut } = decision;
  const left = [...leftOut.tags, leftOut.queue, leftOut.priority, leftOut.conversationId].filter((it) => it != null);
  return html`<section aria-label="Facts"><div class="columns">${facts([
    ["Bot", handoff.bot],
    [
      "Session",
      html`<a href="${addressOf("/console/sessions", { bot: handoff.bot, session: handoff.session })}" class="id">${handoff.session}</a>`,
    ],
    ["Reason", handoff.reason],
    ["Flow", html`<a href="/console/flows#${handoff.flow}">${handoff.flow}</a>, rule ${handoff.rule}`],
    ["Account", account],
    ["Opened", dayTime(handoff.createdAt)],
    ["Handoff", html`<span class="id">${handoff.id}</span>`],
  ])}${facts([
    [
      "Conversation",
      conversationId === null
        ? "none yet"
        : html`<span class="id">${conversationId}</span>${desk === null ? "" : html` · <a href="${desk}">open at the desk</a>`}`,
    ],
    ["Agent", conversation?.agentName ?? handoff.agentId],
    ["Queue", decision.queue ?? "by the account's rules"],
    ["Priority", decision.priority],
    ["Tags", decision.tags.map((tag) => html`<span class="tag">${tag}</span> `)],
    ["Not used", left.join(", ")],
    ["To route", handoff.routedAt === null ? "" : duration(handoff.routedAt - handoff.createdAt)],
    ["To agent", assignedAt === null ? "" : duration(assignedAt - handoff.createdAt)],
    ["Text", handoff.message],
  ])}</div></section>`;
}

const SAID: Readonly<Record<string, string>> = {
  retry: "It goes on.",
  cancel: "It is cancelled.",
  end: "It is ended: the bot has its customer again.",
  "end?close=true": "It is ended and its conversation is closed.",
  resend: "The callbacks are sent again.",
};

export function registerHandoff(app: Hono<ConsoleEnv>, deps: ConsoleDeps, live: Live): void {
  const { core, flows, now } = deps;

  async function show(c: ConsoleContext, id: string, said: Html | "", status: 200 | 409 = 200): Promise<Response> {
    const story = await core.story(id);
    if (story === null) {
      const content = html`<h1>There is no such handoff</h1><p>It may be older than the record is kept. <a href="${SECTION}">See the list</a></p>`;
      return sendPage(c, consolePage(c, live.kind(), { title: "No such handoff", section: SECTION, content }), 404);
    }
    const { handoff } = story.ledger;
    const mayAct = c.get("operator").mayAct;
    const resend = (callbackId: string): Html =>
      mayAct
        ? html`<form method="post" action="${SECTION}/${handoff.id}"><input type="hidden" name="act" value="callback"><input type="hidden" name="callback" value="${callbackId}"><button type="submit">Send it again</button></form>`
        : html``;
    const content = html`${said}<h1>${handoff.reason} ${stateBadge(handoff)}</h1>
<p class="faint">${handoff.bot}, session <span class="id">${handoff.session}</span>, opened at ${clockTime(handoff.createdAt)}, ${duration(now() - handoff.createdAt)} ago</p>
${adviceOf(handoff, now())}${actsOf(c, story.ledger)}${headOf(deps, story)}
<section aria-labelledby="story"><h2 id="story">What happened</h2>${mayAct ? "" : html`<p class="faint small">Words and values of the customer are for those who may act.</p>`}${storyOf(story, flows.get(handoff.bot), now(), resend, mayAct)}</section>`;
    return sendPage(
      c,
      consolePage(c, live.kind(), { title: `${handoff.reason} · ${handoff.session}`, section: SECTION, content }),
      status,
    );
  }

  app.get(`${SECTION}/:id`, (c) => {
    const done = SAID[c.req.query("done") ?? ""];
    return show(c, c.req.param("id"), done === undefined ? "" : notice(done, "good"));
  });

  app.post(`${SECTION}/:id`, async (c) => {
    const id = c.req.param("id");
    const form = await readForm(deps.readBody, c.env.outer);
    const [act, callback] = [form.get("act") ?? "", form.get("callback") ?? ""];
    const path = act === "callback" ? `callbacks/${encodeURIComponent(callback)}/resend` : act;
    if (act !== "callback" && act !== "resend" && !PATHS.has(act))
      return show(c, id, notice("There is no such act.", "bad"), 409);
    const result = await performAct(deps, c, "POST", `/handoffs/${encodeURIComponent(id)}/${path}`);
    if (!result.ok)
      return show(c, id, html`<p class="notice bad" role="alert">Nothing was done. ${result.why}</p>`, 409);
    // A reload of the page repeats no act.
    const location = addressOf(`${SECTION}/${encodeURIComponent(id)}`, { done: act === "callback" ? "resend" : act });
    return new Response(null, { status: 303, headers: { ...c.env.outer.get("headers"), location } });
  });
}
