/**
 * Keeps a conversation that two handoffs share from a second route, which would send it to the end of the line, and from a second
 * agent once the first one closed it.
 */
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import { isInContext } from "../ledger/claim-due-steps.ts";
import { conversationOf, routeOf } from "../ledger/queries.ts";
import type { Run, StepOutcome } from "../ledger/step-attempt.ts";
import { withAssigneeUnread } from "../ledger/step-edits.ts";
import { rulesOf } from "../steps/step-table.ts";

/** True before the first route of a handoff in a conversation that already existed. */
function isUnrouted({ handoff, steps }: Ledger): boolean {
  const isAdopted = steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt !== null);
  const route = routeOf(steps);
  return handoff.state === "pending" && isAdopted && route?.state === "ready" && route.sends === 0;
}

/** State of another handoff's route of the conversation, or of a person who has it; null: it has none that counts. */
function standingOf(tables: Tables, { id, state, routedBy }: Handoff): "taken" | "waits" | "unclear" | null {
  if (state === "assigned") return "taken";
  if (routedBy !== "baton" || (state !== "routed" && state !== "pending")) return null;
  const route = routeOf(tables.handoffs.ledger(id)?.steps ?? []);
  if (state === "routed") return "waits";
  return route?.state === "sent" || route?.state === "unknown" ? "unclear" : null;
}

/**
 * Removes the handoff's own route if another handoff's has put the conversation into the line; puts it off while that is not
 * known.
 */
export function withoutSecondRoute(tables: Tables, ledger: Ledger, now: number, quietMs: number): Ledger {
  const { handoff, steps } = ledger;
  const { account, conversationId } = handoff;
  const seen = conversationOf(steps);
  if (conversationId === null || seen === null || !isUnrouted(ledger) || !isInContext(steps)) return ledger;
  const others = tables.handoffs.inConversation(account, conversationId).filter(({ id }) => id !== handoff.id);
  const standings = others.map((other) => standingOf(tables, other));
  if (standings.includes("waits")) {
    const result = { kind: "route", queueId: seen.queueId } as const;
    const moot = (step: Step): Step =>
      rulesOf(step).isRouting && step.state === "ready" ? { ...step, state: "skipped", result } : step;
    return { handoff, steps: steps.map(moot) };
  }
  // A look of the other handoff showed a person: this one looks itself before it routes.
  if (standings.includes("taken")) return { handoff, steps: withAssigneeUnread(steps) };
  if (!standings.includes("unclear")) return ledger;
  const later = (step: Step): Step =>
    step.arguments.kind === "route" ? { ...step, nextAt: Math.max(step.nextAt, now + quietMs) } : step;
  return { handoff, steps: steps.map(later) };
}

type Refused = Extract<StepOutcome, { kind: "refused" }>;
const isGone = (outcome: StepOutcome, conversationId: string | null): outcome is Refused =>
  outcome.kind === "refused" &&
  (outcome.refusal.reason === "closed" ||
    (outcome.refusal.reason === "unknown-id" && [null, conversationId].includes(outcome.refusal.id)));

/**
 * Returns the outcome of an attempt that found its conversation gone. If another handoff routed that conversation meanwhile, or
 * may have, an agent had the customer, and the chat is over: a new conversation would bring them to a second agent.
 */
export function withSharedEnd(tables: Tables, { handoff }: Ledger, { step }: Run, outcome: StepOutcome): StepOutcome {
  const { id, account, conversationId, createdAt } = handoff;
  if (conversationId === null || !isGone(outcome, conversationId) || rulesOf(step).isApart) return outcome;
  const mayBeRouted = tables.handoffs.mayBeRoutedByAnother(account, conversationId, id, createdAt);
  return mayBeRouted ? { kind: "over", call: outcome.call } : outcome;
}
