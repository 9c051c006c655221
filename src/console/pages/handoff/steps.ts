/** Steps, callbacks and their attempts. What went well is folded, what did not is open, the newest attempt first. */
import { html } from "hono/html";
import type { FullLedger } from "../../../handoff/api.ts";
import { findStepWait, type StepWait } from "../../../handoff/ledger/find-step-wait.ts";
import { isOver } from "../../../handoff/ledger/queries.ts";
import type { CallbackAttempt } from "../../../model/callback.ts";
import type { Attempt, HandoffState, Step } from "../../../model/handoff.ts";
import { clockTime, counted, duration, fromNow } from "../../format.ts";
import type { Html } from "../../page.ts";
import { badge, type Tone } from "../../parts.ts";

/** The effect of a step, in words. */
export function stepName({ name, arguments: args }: Step): string {
  switch (args.kind) {
    case "conversation":
      return args.adopt === null ? "Open a conversation" : "Update the conversation";
    case "tag":
      return `Tag it ${args.tag}`;
    case "untag":
      return `Take off the tag ${args.tag}`;
    case "note":
      return args.part === 1 ? "Write the note" : `Write the note, part ${args.part}`;
    case "words":
      return "Tell the agent what was said since";
    case "metadata":
      return "Write the metadata";
    case "queue":
      return `Put it into the queue ${args.queue}`;
    case "agents":
      return args.orWaiting === undefined
        ? "Ask whether an agent is available"
        : `Ask whether an agent is available, and fewer than ${args.orWaiting} wait`;
    case "route":
      return "Route it to agents";
    case "text":
      return "Write to the customer";
    case "priority":
      return `Raise the priority to ${args.priority}`;
    case "release":
      return "Take it out of the agents' sight";
    case "sweep":
      return "Look for conversations that came late";
  }
  return name;
}

const OUTCOMES: Record<"ok" | "refused" | "unknown", readonly [string, Tone]> = {
  ok: ["ok", "good"],
  refused: ["refused", "bad"],
  unknown: ["unknown", "warn"],
};
type AnyAttempt = Attempt | CallbackAttempt;

function attemptLine(attempt: AnyAttempt): Html {
  const { sentAt, endedAt, outcome, status, code } = attempt;
  const [text, tone] = outcome === null ? (["on its way", ""] as const) : OUTCOMES[outcome];
  const requestId = "requestId" in attempt ? attempt.requestId : null;
  return html`<li>${clockTime(sentAt)} ${badge(text, tone)} ${code ?? ""}${status === null ? "" : html` <span class="number">${status}</span>`}
${endedAt === null ? "" : html` <span class="faint small">in ${duration(endedAt - sentAt)}</span>`}${requestId === null ? "" : html` <span class="faint small">request ${requestId}</span>`}</li>`;
}

/** The newest first. */
const attemptList = (attempts: readonly AnyAttempt[]): Html =>
  html`<ul class="small">${[...attempts].reverse().map(attemptLine)}</ul>`;

const isBad = ({ outcome }: AnyAttempt): boolean => outcome === "refused" || outcome === "unknown";

export interface StoryLine {
  at: number;
  tone: Tone;
  id: string;
  content: Html;
}

const nextTry = (at: number, now: number): string => (at <= now ? "now" : fromNow(at, now));

const STATES: Record<Step["state"], readonly [string, Tone]> = {
  ready: ["to be tried", "warn"],
  sent: ["on its way", "warn"],
  unknown: ["looked up before it is repeated", "warn"],
  done: ["done", "good"],
  skipped: ["not needed", ""],
  refused: ["left out", "bad"],
};

/** Without its conversation or its route a handoff goes nowhere; other steps are left out. */
const stateOf = ({ state, arguments: { kind } }: Step): readonly [string, Tone] =>
  state === "refused" && (kind === "conversation" || kind === "route") ? ["refused", "bad"] : STATES[state];

export function stepLines({ steps, attempts, handoff }: FullLedger, now: number): StoryLine[] {
  return steps.flatMap((step): StoryLine[] => {
    const its = attempts.filter(({ position }) => position === step.position);
    const [first] = its;
    if (first === undefined) return [];
    const hasFailed = its.some(isBad);
    const [text, tone] = stateOf(step);
    const next =
      (step.state === "ready" || step.state === "unknown") && !isOver(handoff) && handoff.state !== "parked"
        ? html` <span class="faint">next attempt ${nextTry(step.nextAt, now)}</span>`
        : "";
    const content = html`<details id="s-${step.position}-d"${hasFailed ? html` open` : ""}><summary>${stepName(step)} ${badge(text, tone)}${next}
<span class="faint small">${counted(its.length, "attempt")}</span></summary>${attemptList(its)}</details>`;
    return [{ at: first.sentAt, tone, id: `s-${step.position}`, content }];
  });
}

const MOST_NAMED = 2;

/** The reason why a step is not sent yet; empty: the whole handoff waits. */
function waitText(wait: StepWait, now: number): Html | string {
  switch (wait.kind) {
    case "time":
      return wait.at <= now ? "now" : html`${fromNow(wait.at, now)}, at ${clockTime(wait.at)}`;
    case "steps": {
      const names = wait.steps.slice(0, MOST_NAMED).map((step) => `“${stepName(step)}”`);
      const more = wait.steps.length - names.length;
      return names.length === 0 ? "" : `after ${names.join(" and ")}${more > 0 ? ` and ${more} more` : ""}`;
    }
    case "route":
      return "once it is in a queue";
    case "return":
      return "once the bot has its customer again";
    case "lost-answer":
      return "only if an answer to the first call is lost";
    case "handoff":
      return "";
  }
}

const START_OF_ALL: Partial<Record<HandoffState, string>> = {
  parked: ", after a retry",
  deferred: ", when people are there",
};

/** Steps that nobody has tried yet, and what each waits for. */
export function stepsToCome({ steps, attempts, handoff }: FullLedger, now: number): Html {
  const untried = steps.filter(
    ({ position, state }) => state === "ready" && !attempts.some((it) => it.position === position),
  );
  if (untried.length === 0 || isOver(handoff)) return html``;
  const items = untried.map((step) => {
    const wait = waitText(findStepWait({ handoff, steps }, step), now);
    return html`<li>${stepName(step)}${wait === "" ? "" : html` <span class="faint small">${wait}</span>`}</li>`;
  });
  return html`<h3>Still to come${START_OF_ALL[handoff.state] ?? ""}</h3><ul>${items}</ul>`;
}

const CALLBACK_STATES = {
  ready: ["to be sent", "warn"],
  sent: ["on its way", "warn"],
  done: ["taken by the bot", "good"],
  refused: ["given up", "bad"],
} as const;

export function callbackLines(
  { callbacks, handoff }: FullLedger,
  now: number,
  resend: (callbackId: string) => Html,
): StoryLine[] {
  return callbacks.map(({ callback, attempts }) => {
    const { id, type, state, setAsideBecause, nextAt, createdAt } = callback;
    const isOvertaken = setAsideBecause === "overtaken";
    const [text, tone] = isOvertaken ? (["overtaken by a newer one", ""] as const) : CALLBACK_STATES[state];
    const isOpen = attempts.some(isBad) || (state === "refused" && !isOvertaken);
    const why = setAsideBecause === null || isOvertaken ? "" : html`<p class="small">Given up: ${setAsideBecause}.</p>`;
    const next =
      state === "ready" && nextAt !== null
        ? html` <span class="faint">next attempt ${nextTry(nextAt, now)}</span>`
        : "";
    const content = html`<details id="c-${id}-d"${isOpen ? html` open` : ""}><summary>Tell ${handoff.bot}: ${type} ${badge(text, tone)}${next}
<span class="faint small">${counted(attempts.length, "attempt")}</span></summary>${attemptList(attempts)}${why}${state === "refused" ? resend(id) : ""}</details>`;
    return { at: createdAt, tone, id: `c-${id}`, content };
  });
}
