/** A handoff outside opening hours: it is deferred until they begin, and its waiting counts from then. Pure. */
import type { Escalation } from "../../../escalation/decide.ts";
import type { Handoff, Ledger } from "../../../model/handoff.ts";
import { isOver } from "../queries.ts";

/** Next opening of a handoff's flow, in milliseconds since the epoch; not later than `at`: it is open. */
export type OpensAt = (handoff: Handoff, at: number) => number;

/** How a handoff begins: outside opening hours it is deferred until they begin. */
export function deferUntil(
  opensAt: number,
  { course }: Escalation,
  now: number,
): Pick<Handoff, "state" | "deferredUntil" | "dueAt"> {
  if (course !== "defer" || opensAt <= now) return { state: "pending", deferredUntil: null, dueAt: now };
  return { state: "deferred", deferredUntil: opensAt, dueAt: opensAt };
}

/** Resumes a deferred handoff at the opening, by the local clock as it is now. */
export function resumeDeferred(ledger: Ledger, opensAt: OpensAt, at: number): Ledger {
  const { handoff, steps } = ledger;
  if (handoff.state !== "deferred") return ledger;
  const deferredUntil = opensAt(handoff, at);
  return { handoff: { ...handoff, state: deferredUntil <= at ? "pending" : "deferred", deferredUntil }, steps };
}

/** Waiting counts from the opening as it is known now: a clock that was ahead when the handoff was opened expected a later one. */
export function withOpening(ledger: Ledger, opensAt: OpensAt, at: number): Ledger {
  const { handoff, steps } = ledger;
  const { decision } = handoff;
  if (decision.opensAt === null || decision.opensAt <= at || isOver(handoff)) return ledger;
  const opens = opensAt(handoff, at);
  return opens < decision.opensAt
    ? { handoff: { ...handoff, decision: { ...decision, opensAt: opens } }, steps }
    : ledger;
}

/** Opens a deferred handoff now, with the text for the customer. */
export function openDeferred({ handoff, steps }: Ledger, message: string | null, now: number): Ledger {
  const decision = { ...handoff.decision, opensAt: null };
  return { handoff: { ...handoff, state: "pending", deferredUntil: null, dueAt: now, message, decision }, steps };
}
