/** The story of one handoff, in order: what was said, what was decided, what was done, and who had the customer. */
import { html } from "hono/html";
import { z } from "zod";
import type { Flow } from "../../../escalation/flow.ts";
import type { HandoffStory } from "../../../handoff/api.ts";
import type { Handoff } from "../../../model/handoff.ts";
import type { StoryEvent } from "../../../store/tables/events.ts";
import { clockTime, counted, duration } from "../../format.ts";
import type { Html } from "../../page.ts";
import { badge } from "../../parts.ts";
import { whyAddress } from "../why.ts";
import { decisionOf } from "./decision.ts";
import { callbackLines, type StoryLine, stepLines, stepsToCome } from "./steps.ts";

/** Fields of a recorded event that the page shows. An earlier release may have left any of them out. */
const shownBody = z
  .object({
    text: z.string(),
    reason: z.string(),
    summary: z.string(),
    error: z.string(),
    status: z.string(),
    transcript: z.array(z.object({ author: z.string(), text: z.string() })),
    author: z.object({ name: z.string().nullable() }),
    assignee: z.unknown(),
    wireType: z.string(),
  })
  .partial()
  .catch({});
type ShownBody = z.infer<typeof shownBody>;

const EVENTS: Readonly<Record<string, string>> = {
  "session.started": "The session starts",
  "customer.message": "The customer",
  "bot.message": "The bot",
  "bot.fallback": "The bot does not understand",
  "bot.error": "The bot fails",
  "handoff.requested": "The bot asks for a person",
  "session.ended": "The customer leaves",
  "conversation.opened": "Push: the conversation is opened",
  "conversation.status": "Push: its status changes",
  "conversation.assigned": "Push: its assignee changes",
  "conversation.queue": "Push: its queue changes",
  "conversation.deleted": "Push: the conversation is deleted",
  "conversation.changed": "Push: the conversation changes",
  "customer.wrote": "Push: the customer writes to the agent",
  "agent.wrote": "Push: the agent writes",
};

/** The source of the platform's pushes, on which no rule decides. */
const PUSHED = "conversations";

const said = (text: string | undefined): Html =>
  text === undefined || text === "" ? html`` : html`<p class="words">${text}</p>`;

function wordsOf(body: ShownBody): Html {
  const lines = body.transcript ?? [];
  return html`${said(body.text)}${said(body.reason)}${said(body.summary)}${said(body.error)}${
    lines.length === 0
      ? ""
      : html`<details><summary>${counted(lines.length, "line")} of the chat</summary>${lines.map(({ author, text }) => html`<p class="small"><b>${author}</b>: ${text}</p>`)}</details>`
  }`;
}

function eventLine(event: StoryEvent, { bot, session }: Handoff, showsWords: boolean): StoryLine {
  const body = shownBody.parse(JSON.parse(event.body));
  const leftOut = event.leftOut === null ? [] : z.array(z.string()).catch([]).parse(JSON.parse(event.leftOut));
  const of =
    body.author?.name ?? body.status ?? (event.type.startsWith("conversation.changed") ? body.wireType : null) ?? null;
  const isDecided = event.outcome === "accepted" && event.epoch !== null && event.source !== PUSHED;
  const content = html`${EVENTS[event.type] ?? event.type}${of === null ? "" : html` <span class="faint">${of}</span>`}${event.outcome === "ignored" ? html` ${badge("ignored")}` : ""}${isDecided && showsWords ? html` <a href="${whyAddress(bot, session, event.seq)}" class="small" aria-label="Why ${event.type} escalated, or not">why</a>` : ""}
${showsWords ? wordsOf(body) : ""}${leftOut.length === 0 ? "" : html`<p class="faint small">Not used as it was sent: ${leftOut.join(", ")}.</p>`}${event.message === null || !showsWords ? "" : html`<p class="small">Answered: ${event.message}</p>`}`;
  return { at: event.receivedAt, tone: "", id: `e-${event.seq}`, content };
}

const BECAUSE: Record<NonNullable<Handoff["returnedBecause"]>, string> = {
  solved: "the agent solved it",
  closed: "the conversation was closed",
  deleted: "the conversation was deleted",
  "given-to-bot": "the agent gave it back",
  waited: "nobody came in time",
  "nobody-there": "no agent was available",
  ended: "an operator ended it",
};

const line = (at: number, id: string, tone: StoryLine["tone"], content: Html): StoryLine => ({ at, id, tone, content });

/** Changes of control. */
function controlLines({ ledger: { handoff }, assignedAt, conversation }: HandoffStory): StoryLine[] {
  const { state, routedAt, updatedAt, alertedAt, leftAt, returnedBecause, parkedBecause, deferredUntil } = handoff;
  const lines: StoryLine[] = [];
  if (routedAt !== null) lines.push(line(routedAt, "k-routed", "good", html`<b>In a queue</b>: the route is proved`));
  if (alertedAt !== null)
    lines.push(
      line(alertedAt, "k-late", "warn", html`<b>Late</b>: no agent in its time; whoever runs Baton was alerted`),
    );
  if (leftAt !== null)
    lines.push(line(leftAt, "k-left", "warn", html`<b>The customer left</b> while it was in the queue`));
  if (assignedAt !== null) {
    const who = conversation?.agentName ?? conversation?.agentId ?? "an agent";
    lines.push(line(assignedAt, "k-assigned", "good", html`<b>With ${who}</b>: control is the agent's`));
  }
  if (state === "deferred")
    lines.push(
      line(
        updatedAt,
        "k-deferred",
        "",
        html`<b>Put off</b> until ${deferredUntil === null ? "people are there" : clockTime(deferredUntil)}`,
      ),
    );
  if (state === "parked")
    lines.push(line(updatedAt, "k-parked", "bad", html`<b>Parked</b>: ${parkedBecause ?? "set aside"}`));
  if (state === "returned")
    lines.push(
      line(
        updatedAt,
        "k-returned",
        "good",
        html`<b>Back with the bot</b>${returnedBecause === null ? "" : `: ${BECAUSE[returnedBecause]}`}`,
      ),
    );
  if (state === "cancelled") lines.push(line(updatedAt, "k-cancelled", "", html`<b>Cancelled</b> by an operator`));
  return lines;
}

const GAP_MS = 120_000;

export function storyOf(
  story: HandoffStory,
  flow: Flow | undefined,
  now: number,
  resend: (callbackId: string) => Html,
  showsWords: boolean,
): Html {
  const { ledger, events, isWhole } = story;
  const { handoff } = ledger;
  const opening = line(
    handoff.createdAt,
    "k-opened",
    "good",
    html`<b>Handoff opened</b> by rule ${handoff.rule}: ${handoff.reason}<details id="decision" open><summary>Why</summary>${decisionOf(flow, handoff, events, showsWords)}</details>`,
  );
  const order = (it: StoryLine): number =>
    it.id.startsWith("e-") ? 0 : it.id === "k-opened" ? 1 : it.id.startsWith("s-") ? 2 : it.id.startsWith("k-") ? 3 : 4;
  const lines = [
    ...events.map((event) => eventLine(event, handoff, showsWords)),
    opening,
    ...stepLines(ledger, now),
    ...controlLines(story),
    ...callbackLines(ledger, now, resend),
  ].sort((a, b) => a.at - b.at || order(a) - order(b));
  const start = handoff.createdAt;
  const items = lines.map(({ at, tone, id, content }, index) => {
    const gap = at - (lines[index - 1]?.at ?? at);
    const elapsed = at < start ? `−${duration(start - at)}` : `+${duration(at - start)}`;
    return html`${gap < GAP_MS ? "" : html`<li class="gap">${duration(gap)} later</li>`}<li id="${id}" class="${tone}"><span class="when">${clockTime(at)}<span class="number">${elapsed}</span></span><div>${content}</div></li>`;
  });
  return html`${isWhole ? "" : html`<p class="faint">The newest events of a long round.</p>`}<ol class="story">${items}</ol>
${stepsToCome(ledger, now)}`;
}
