/** What a ledger calls for next. Pure: no I/O, no clock. */
import type { ConversationResult, Handoff, Ledger, Step } from "../sessions/ledger.ts";
import type { HandoffSettings } from "./settings.ts";

/** A step to run now, its intent already in the ledger. */
export interface Run {
  step: Step;
  /** An earlier send may have had its effect: look for that before anything is repeated. */
  mayHaveHappened: boolean;
  /** Look at the conversation before it is routed: somebody may have come. */
  isStale: boolean;
}

const SETTLED = new Set<Step["state"]>(["done", "skipped", "refused"]);
const isSettled = (step: Step): boolean => SETTLED.has(step.state);
const isOver = (handoff: Handoff): boolean => ["returned", "cancelled", "parked"].includes(handoff.state);

const CONTEXT = new Set<Step["arguments"]["kind"]>(["tag", "note", "metadata"]);
const isContext = (step: Step): boolean => CONTEXT.has(step.arguments.kind);

/** What the conversation step saw, once it is done. */
export function conversationOf(steps: readonly Step[]): ConversationResult | null {
  const result = steps.find((step) => step.arguments.kind === "conversation")?.result;
  return result?.kind === "conversation" ? result : null;
}

/** Whether everything that must come before a step has come. */
function isNext(step: Step, { handoff, steps }: Ledger): boolean {
  const args = step.arguments;
  switch (args.kind) {
    case "conversation":
      return true;
    case "tag":
    case "metadata":
      return handoff.conversationId !== null;
    case "note":
      // In the order in which they are read.
      return (
        handoff.conversationId !== null &&
        steps.every((it) => it.arguments.kind !== "note" || it.arguments.part >= args.part || isSettled(it))
      );
    case "queue":
      if (args.moment === "after-route")
        return steps.some((it) => it.arguments.kind === "route" && it.state === "done");
      return conversationOf(steps) !== null && steps.filter(isContext).every(isSettled);
    case "route":
      return conversationOf(steps) !== null && steps.filter((it) => it.position < step.position).every(isSettled);
  }
}

/** A human has the conversation: it keeps its context and is not routed. */
function withoutRoute(steps: readonly Step[]): Step[] {
  return steps.map((step) =>
    (step.arguments.kind === "route" || step.arguments.kind === "queue") && !isSettled(step) && step.sends === 0
      ? { ...step, state: "skipped" as const }
      : step,
  );
}

function stateOf({ handoff, steps }: Ledger, now: number): Handoff {
  if (handoff.state !== "pending") return handoff;
  const conversation = conversationOf(steps);
  const route = steps.find((step) => step.arguments.kind === "route");
  const isInContext = conversation !== null && steps.filter(isContext).every(isSettled);
  const hasHuman = conversation?.assignee === "human";
  if (hasHuman && isInContext) return { ...handoff, state: "assigned", agentId: conversation.agentId };
  if (route?.state === "done") return { ...handoff, state: "routed", routedAt: now };
  // The chatbot's own element routes, and finds tags and note in place.
  if (handoff.routedBy === "answers" && isInContext) return { ...handoff, state: "routed", routedAt: now };
  return handoff;
}

/** Ends leases that ran out, starts `atMost` of the steps whose turn it is, and says when to look again. */
export function advance(
  ledger: Ledger,
  now: number,
  settings: HandoffSettings,
  atMost = Number.POSITIVE_INFINITY,
): { ledger: Ledger; run: Run[] } {
  if (isOver(ledger.handoff)) return { ledger: { ...ledger, handoff: { ...ledger.handoff, dueAt: null } }, run: [] };

  const conversation = conversationOf(ledger.steps);
  const known = ledger.steps.map((step): Step => {
    if (step.state !== "sent" || step.leaseUntil === null || step.leaseUntil > now) return step;
    return {
      ...step,
      state: "unknown",
      nextAt: step.leaseUntil - settings.leaseMs + settings.quietMs,
      leaseUntil: null,
    };
  });
  const before: Ledger = {
    handoff: ledger.handoff,
    steps: conversation?.assignee === "human" ? withoutRoute(known) : known,
  };

  const run: Run[] = [];
  const steps = before.steps.map((step): Step => {
    const isDue = (step.state === "ready" || step.state === "unknown") && step.nextAt <= now;
    if (!isDue || !isNext(step, before) || run.length >= atMost) return step;
    const isStale = step.arguments.kind === "route" && now - (conversation?.seenAt ?? 0) > settings.freshMs;
    const sent: Step = {
      ...step,
      state: "sent",
      sends: step.sends + 1,
      fence: step.fence + 1,
      firstSentAt: step.firstSentAt ?? now,
      tries: step.tries + 1,
      triesSince: step.triesSince ?? now,
      leaseUntil: now + settings.leaseMs,
    };
    run.push({ step: sent, mayHaveHappened: step.state === "unknown", isStale });
    return sent;
  });

  const after = { handoff: stateOf({ handoff: before.handoff, steps }, now), steps };
  const times = steps
    .filter((step) => !isSettled(step) && isNext(step, after))
    .map((step) => (step.state === "sent" ? (step.leaseUntil ?? now) : step.nextAt));
  const dueAt = times.length === 0 ? null : Math.min(...times);
  return { ledger: { handoff: { ...after.handoff, dueAt, updatedAt: now }, steps }, run };
}
