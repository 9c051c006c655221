/**
 * Takes a conversation that no person has out of the agents' sight. Baton closes the handoff's own conversation; another goes
 * back to its bot, or stays where it is. Baton reads it first: a person who has it keeps it.
 */
import { conversationOf, isOver, isOwnConversation, isSettled } from "../../ledger/queries.ts";
import { withDone } from "../../ledger/step-edits.ts";
import { andThen, done, NO_RESULT, readAssignee, STEP_LOST } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const release = defineStep("release", {
  phases: ["open", "returned"],
  endsWithRound: true,
  // A closed conversation takes nothing more, so steps on their way are finished first.
  isReady: (_args, _step, { handoff, steps, isDueBeforeRelease }) =>
    handoff.conversationId !== null && !steps.some(isDueBeforeRelease),
  // An attempt on its way goes to the old conversation: its outcome says nothing about the new one.
  restart: (fresh, step) => (isSettled(step) ? step : fresh),
  canBeFound: () => false,
  isMootWithHuman: ({ because }) => because !== "ended",

  applyResult(ledger, step, result) {
    const written = withDone(ledger, step, result);
    if (step.arguments.kind !== "release" || isOver(written.handoff)) return written;
    return { ...written, handoff: { ...written.handoff, state: "returned", returnedBecause: step.arguments.because } };
  },

  async run(context, { because }, id) {
    const { account, ledger } = context;
    const current = await account.client.get(id);
    if (current.kind !== "ok") return current;
    const { value, call } = current;
    if (value.status === "CLOSED") return done(NO_RESULT, call);
    const close = () =>
      andThen(account.client.update(id, { status: "CLOSED" }), (_, closed) => done(NO_RESULT, closed));
    // The operator asked to close it, and knows that the agent will not get the customer again. A release that began for another
    // reason looks first, also once the operator has ended the handoff.
    const isAskedFor = because === "ended" && ledger.handoff.returnedBecause === "ended";
    if (isAskedFor) return context.isHeld() ? close() : STEP_LOST;
    const who = await readAssignee(context, value, call, context.now());
    if (who.kind !== "done" || who.result.kind !== "conversation") return who;
    if (who.result.assignee === "human") return { kind: "human", seen: who.result, call };
    if (!context.isHeld()) return STEP_LOST;
    if (isOwnConversation(ledger.steps)) return close();
    const before = conversationOf(ledger.steps);
    if (before?.assignee !== "bot" || before.agentId === null || value.agentId === before.agentId)
      return done(NO_RESULT, call);
    return andThen(account.client.assign(id, before.agentId), (_, assigned) => done(NO_RESULT, assigned));
  },
});
