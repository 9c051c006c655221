/** Adds steps and texts that follow from a handoff's state, and that no plan could know. Pure. */

import { withConversationId } from "../../../escalation/text/template.ts";
import { truncate } from "../../../escalation/text/truncate.ts";
import { MESSAGE_TEXT_MAX } from "../../../infobip/schema.ts";
import type { Handoff, Ledger, Step, StepArguments } from "../../../model/handoff.ts";
import { isOwnConversation } from "../queries.ts";
import { newStep, nextPosition } from "../step-edits.ts";

export interface Followed {
  ledger: Ledger;
  /** Text for the customer in the bot's next answer, if the flow returns texts to the bot. */
  notice: string | null;
  /** True if the handoff passed a threshold of waiting. */
  isWaiting: boolean;
}

type PostedText = Extract<StepArguments, { kind: "text" }>;

/** Cuts a text to the platform's limit. */
const post = (text: string, moment: PostedText["moment"]): PostedText => ({
  kind: "text",
  text: truncate(text, MESSAGE_TEXT_MAX),
  moment,
});

type Effect = [name: string, args: StepArguments];

/** Adds steps that a ledger does not have yet. */
function withSteps({ handoff, steps }: Ledger, effects: readonly Effect[], now: number): Ledger {
  const names = new Set(steps.map(({ name }) => name));
  const fresh = effects.filter(([name]) => !names.has(name));
  const first = nextPosition(steps);
  return { handoff, steps: [...steps, ...fresh.map(([name, args], index) => newStep(first + index, name, args, now))] };
}

/** Time of the next threshold of a handoff that waits for an agent; null: none. */
export function nextThreshold({ state, waitingSince, waited, decision, leftAt }: Handoff): number | null {
  const next = decision.waiting[waited];
  if (leftAt !== null || state !== "routed" || waitingSince === null || next === undefined) return null;
  return Math.max(waitingSince, decision.opensAt ?? 0) + next.afterMs;
}

/** Finds a name that no step has: a handoff that waits again passes the same thresholds again. */
function another(steps: readonly Step[], name: string): string {
  const names = new Set(steps.map((step) => step.name));
  let fresh = name;
  for (let n = 2; names.has(fresh); n += 1) fresh = `${name}:${n}`;
  return fresh;
}

/** The last step that puts the tag on or takes it off. */
const lastAbout = (steps: readonly Step[], tag: string): Step | undefined =>
  steps.findLast(({ arguments: args }) => (args.kind === "tag" || args.kind === "untag") && args.tag === tag);

/** True if this handoff put the tag on, or is about to, and has not taken it off since. */
function isPutOn(steps: readonly Step[], tag: string): boolean {
  const last = lastAbout(steps, tag);
  return last?.arguments.kind === "tag" && last.state !== "refused" && last.state !== "skipped";
}

const isReleasing = (steps: readonly Step[]): boolean =>
  steps.some(({ arguments: { kind }, state }) => kind === "release" && ["ready", "sent", "unknown"].includes(state));

function waitedOn(ledger: Ledger, now: number): Followed {
  let followed: Followed = { ledger, notice: null, isWaiting: false };
  for (;;) {
    const { handoff, steps } = followed.ledger;
    const due = nextThreshold(handoff);
    const threshold = handoff.decision.waiting[handoff.waited];
    if (due === null || due > now || threshold === undefined) return followed;
    const { priority, tags, giveBack } = threshold;
    const message = withConversationId(threshold.message, handoff.conversationId);
    const part = handoff.waited + 1;
    const isSent = handoff.decision.texts === "send" && message !== null;
    const effects: Effect[] = [
      ...tags
        .filter((tag) => !isPutOn(steps, tag))
        .map((tag): Effect => [another(steps, `tag:${tag}`), { kind: "tag", tag }]),
      ...(priority === null
        ? []
        : [[another(steps, `priority:${part}`), { kind: "priority", priority }] satisfies Effect]),
      ...(isSent ? [[another(steps, `text:waiting-${part}`), post(message, "waiting")] satisfies Effect] : []),
      ...(giveBack && !isReleasing(steps)
        ? [[another(steps, "release"), { kind: "release", because: "waited" }] satisfies Effect]
        : []),
    ];
    const waited = { handoff: { ...handoff, waited: part }, steps };
    const notice = isSent ? followed.notice : (message ?? followed.notice);
    followed = { ledger: withSteps(waited, effects, now), notice, isWaiting: true };
  }
}

/** Removals of the tags that go at the hand-back: those that this handoff added, or that may yet prove to be its own. */
function untagsOf({ handoff, steps }: Ledger): Effect[] {
  return handoff.decision.handBack.removeTags
    .filter((tag) => lastAbout(steps, tag)?.state !== "ready" && isPutOn(steps, tag))
    .map((tag) => [another(steps, `untag:${tag}`), { kind: "untag", tag }]);
}

/** True if the customer read why no agent came. */
const isSaidBefore = ({ returnedBecause }: Handoff): boolean =>
  returnedBecause === "nobody-there" || returnedBecause === "waited";

/** True if its conversation takes nothing more: somebody ended it, or the release of a conversation of our own closes it. */
const isClosing = ({ handoff, steps }: Ledger): boolean =>
  handoff.returnedBecause === "closed" ||
  handoff.returnedBecause === "deleted" ||
  (isSaidBefore(handoff) && isOwnConversation(steps));

/** Adds the steps of a hand-back. A closed conversation cannot be changed any more. */
function handedBack(ledger: Ledger, now: number): Followed {
  const { decision, conversationId } = ledger.handoff;
  const message = withConversationId(decision.handBack.message, conversationId);
  const isClosed = isClosing(ledger);
  const isSaid = isSaidBefore(ledger.handoff);
  const isSent = decision.texts === "send" && message !== null && !isClosed && !isSaid;
  const texts: Effect[] = isSent ? [["text:returned", post(message, "returned")]] : [];
  return {
    ledger: isClosed ? ledger : withSteps(ledger, [...untagsOf(ledger), ...texts], now),
    notice: isSent || isSaid ? null : message,
    isWaiting: false,
  };
}

/** Finds a text that could not be posted: the bot says it, unless an agent has the customer by now. */
function unsent(before: Ledger, { handoff, steps }: Ledger): PostedText | null {
  if (handoff.state === "assigned") return null;
  const fresh = steps.find(
    ({ arguments: args, state, position }) =>
      args.kind === "text" &&
      state === "refused" &&
      before.steps.some((it) => it.position === position && it.state !== "refused"),
  );
  return fresh?.arguments.kind === "text" ? fresh.arguments : null;
}

/** Puts the first text into the answer that is still to be given, any other into the next one. */
function withUnsent({ ledger, notice, isWaiting }: Followed, before: Ledger, isAnswerOwed: boolean): Followed {
  const text = unsent(before, ledger);
  if (text === null || notice !== null) return { ledger, notice, isWaiting };
  if (text.moment !== "routed" || !isAnswerOwed) return { ledger, notice: text.text, isWaiting };
  const { handoff, steps } = ledger;
  const unposted = { ...handoff, decision: { ...handoff.decision, isUnposted: true } };
  return { ledger: { handoff: unposted, steps }, notice, isWaiting };
}

type Told = (by: "handoff.routed" | "handoff.returned") => boolean;

/**
 * Adds everything that follows from a change, or from time alone. `before`: the stored ledger. `isTold`: a pending answer, or a
 * callback, tells the customer the state of the handoff.
 */
export function applyPolicy(
  before: Ledger,
  ledger: Ledger,
  now: number,
  isTold: Told = () => true,
  isAnswerOwed = false,
): Followed {
  const followed = followState(before.handoff, ledger, now);
  const notice = followed.notice ?? provedLate(before.handoff, ledger.handoff, isTold);
  return withUnsent({ ...followed, notice }, before, isAnswerOwed);
}

/** Text that the answer to the request could not give, since the outcome was not known then. */
function provedLate(
  before: Handoff,
  { state, message, returnedBecause, ...rest }: Handoff,
  isTold: Told,
): string | null {
  const { decision, deferredUntil, routedBy } = rest;
  if (before.state !== "pending" || state === "pending") return null;
  if (state === "returned") return returnedBecause === "nobody-there" && !isTold("handoff.returned") ? message : null;
  // A deferred handoff said its text in the answer to the request.
  const isProved = state === "routed" && deferredUntil === null && routedBy === "baton" && decision.texts === "return";
  return isProved && !isTold("handoff.routed") ? message : null;
}

/** The customer left the queue: they get no texts, and no priority is raised for them. */
function endAbandoned(ledger: Ledger, now: number): Followed {
  const isClosed = ledger.handoff.decision.whenCustomerLeaves === "close";
  const effects: Effect[] = isClosed ? [["release", { kind: "release", because: "waited" }]] : [];
  return { ledger: isClosed ? withSteps(ledger, effects, now) : ledger, notice: null, isWaiting: false };
}

function followState(before: Handoff, ledger: Ledger, now: number): Followed {
  const { state, message, decision, deferredUntil, leftAt } = ledger.handoff;
  const isNew = state !== before.state;
  if (state === "returned" && isNew) return handedBack(ledger, now);
  if (state === "returned") {
    // The bot had the customer already, and a person had the conversation. The chat has ended since: nothing is left to say.
    const isEndedSince = before.returnedBecause !== ledger.handoff.returnedBecause;
    const untagged = isEndedSince && !isClosing(ledger) ? withSteps(ledger, untagsOf(ledger), now) : ledger;
    return { ledger: untagged, notice: null, isWaiting: false };
  }
  if (state === "routed" && leftAt !== null) return endAbandoned(ledger, now);
  // A deferred handoff said its text in the answer to the request.
  const isUnsaid = before.state === "pending" && deferredUntil === null;
  if (state === "routed" && isNew && isUnsaid && decision.texts === "send" && message !== null) {
    const told = withSteps(ledger, [["text", post(message, "routed")]], now);
    return waitedOn(told, now);
  }
  return waitedOn(ledger, now);
}
