/** Replaces a conversation that was given up before its route: all steps start again, in a new one. Pure. */
import type { Ledger, Step } from "../../../model/handoff.ts";
import type { HandoffSettings } from "../../settings.ts";
import type { Restart } from "../../steps/step-kind.ts";
import { rulesOf } from "../../steps/step-table.ts";
import { freshStep } from "../step-edits.ts";
import { park } from "../transitions/park.ts";

/** Returns a step as if nothing had been sent, for the new conversation. */
export const resetStep = (step: Step, restart: Restart): Step =>
  rulesOf(step).restart({ ...freshStep(step, restart.now), fence: step.fence + 1 }, step, restart);

/** Starts again with a new conversation that names the old one: the old one is closed or gone and was never routed. */
export function replaceConversation(ledger: Ledger, now: number, settings: HandoffSettings): Ledger {
  const { handoff } = ledger;
  const old = handoff.conversationId;
  if (old === null) return park(ledger, "the platform refused a new conversation as closed or unknown");
  const replaces = [...handoff.replaces, old];
  const steps = ledger.steps.map((step) => resetStep(step, { handoff, replaces, now }));
  const replacements = handoff.replacements + 1;
  const again = { replaces, replacements, conversationId: null, agentId: null, toldUntil: null, wordsAt: null };
  const fresh = { handoff: { ...handoff, ...again }, steps };
  if (handoff.replacements < settings.maxReplacements) return fresh;
  // A resumed handoff begins with a new conversation, not with the last closed one.
  return park(fresh, "every conversation opened for it was closed before it could be routed; find out who closes them");
}
