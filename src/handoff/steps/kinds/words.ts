/** Shows the agent the words that came after the first note. A handoff has one such step: it begins anew with each batch. */
import { isClosedByUs } from "../../ledger/conversation/released.ts";
import { freshWords, pageDone, pageLost, seenByAgent } from "../../ledger/later-words.ts";
import { isSettled } from "../../ledger/queries.ts";
import { withStep } from "../../ledger/step-edits.ts";
import { addNote } from "../add-note.ts";
import { done, STEP_LOST } from "../step-context.ts";
import { defineStep } from "../step-kind.ts";

export const words = defineStep("words", {
  phases: ["open", "returned"],
  isBeforeRelease: true,
  endsWithConversation: true,
  // The agent reads the note first, so later words follow it.
  isReady: (_args, _step, { handoff, steps }) =>
    handoff.conversationId !== null &&
    handoff.toldUntil !== null &&
    !isClosedByUs(steps) &&
    steps.every((it) => it.arguments.kind !== "note" || isSettled(it)),
  canBeFound: () => true,
  giveUp: pageLost,

  applyResult(ledger, step, result, now) {
    if (result.kind === "on-channel") return seenByAgent(ledger, step, now);
    const written = withStep(ledger, pageDone(step, now));
    // The conversation holds no message of the customer.
    return { ...written, handoff: { ...written.handoff, onChannel: false } };
  },

  restart(fresh, { arguments: args }, { now }) {
    if (args.kind !== "words") return fresh;
    return { ...freshWords(fresh, { ...args, pages: [], lost: 0 }, now), state: "done" };
  },

  /** First checks whether the customer writes into the conversation itself, where the agent sees it. */
  async run(context, { pages }, id) {
    const content = pages[0] ?? "";
    if (context.ledger.handoff.onChannel !== null || context.run.mayHaveHappened) return addNote(context, id, content);
    const last = await context.account.client.lastInbound(id);
    if (last.kind !== "ok") return last;
    if (last.value !== null) return done({ kind: "on-channel" }, last.call);
    return context.isHeld() ? addNote(context, id, content) : STEP_LOST;
  },
});
