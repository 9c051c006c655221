/** A ledger whose conversation is given up before it was routed: everything again, with a new one. Pure. */
import type { Ledger, Step } from "../../../model/handoff.ts";
import type { HandoffSettings } from "../../settings.ts";
import { freshWords } from "../later-words.ts";
import { isSettled, isTagMissing } from "../next-steps.ts";
import { linked } from "../plan.ts";
import { parked } from "../transitions/park.ts";

/** A step as if nothing of it had been sent, for the conversation that takes the old one's place. */
export function restarted(step: Step, { handoff }: Ledger, replaces: readonly string[], now: number): Step {
  const fresh: Step = {
    ...step,
    state: "ready",
    sends: 0,
    fence: step.fence + 1,
    firstSentAt: null,
    tries: 0,
    triesSince: null,
    sentAt: null,
    nextAt: now,
    result: isTagMissing(step) ? { kind: "tag-missing" } : null,
  };
  const args = step.arguments;
  switch (args.kind) {
    case "conversation": {
      const summary = linked(args.summary, handoff.token, replaces.at(-1));
      // Earlier creates of this handoff may still have their effect.
      const counted =
        args.adopt === null ? { sends: step.sends, firstSentAt: step.firstSentAt, sentAt: step.sentAt } : {};
      const { priority } = handoff.decision;
      return { ...fresh, ...counted, arguments: { ...args, adopt: null, reopen: false, summary, priority } };
    }
    case "metadata":
      if (replaces.length === 0) return fresh;
      return {
        ...fresh,
        arguments: { ...args, data: { ...args.data, baton_previous_conversation: replaces.join(" ") } },
      };
    case "queue":
      // A new conversation is created in its queue; whether nobody is there is asked again.
      return args.moment === "before-route" || args.instead ? { ...fresh, state: "skipped" } : fresh;
    case "note":
      // Written anew, with all that was said until then.
      return args.part === 1
        ? { ...fresh, arguments: { ...args, content: null } }
        : { ...fresh, arguments: { ...args, content: "" }, state: "skipped" };
    case "words":
      return { ...freshWords(fresh, { ...args, pages: [], lost: 0 }, now), state: "done" };
    case "tag":
    case "agents":
    case "route":
    case "sweep":
      return fresh;
    case "priority":
      // The new conversation is created with the raised priority.
      return isSettled(step) ? step : { ...fresh, state: "skipped" };
    case "text":
    case "untag":
    case "release":
      // One on its way goes to the old conversation: its outcome says nothing of the new one.
      return isSettled(step) ? step : fresh;
  }
}

/** The conversation is closed or gone and was never routed: everything again, with a new one that names the old. */
export function replaced(ledger: Ledger, now: number, settings: HandoffSettings): Ledger {
  const { handoff } = ledger;
  const old = handoff.conversationId;
  if (old === null) return parked(ledger, "the platform refused a new conversation as closed or unknown");
  const replaces = [...handoff.replaces, old];
  const steps = ledger.steps.map((step) => restarted(step, ledger, replaces, now));
  const replacements = handoff.replacements + 1;
  const again = { replaces, replacements, conversationId: null, agentId: null, toldUntil: null, wordsAt: null };
  const fresh = { handoff: { ...handoff, ...again }, steps };
  if (handoff.replacements < settings.maxReplacements) return fresh;
  // Whoever resumes it begins with a new one, not with the last that was closed.
  return parked(
    fresh,
    "every conversation opened for it was closed before it could be routed; find out who closes them",
  );
}
