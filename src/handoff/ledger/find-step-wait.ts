/** Says what a step that is not settled waits for, by the rules that claim it. Pure: no I/O, no clock. */
import type { HandoffState, Ledger, Step } from "../../model/handoff.ts";
import { rulesOf } from "../steps/step-table.ts";
import { isNextIn, isWanted } from "./claim-due-steps.ts";
import { conversationOf, createsOf, isSettled } from "./queries.ts";

export type StepWait =
  /** It is sent at this time, or at once if that is past. */
  | { kind: "time"; at: number }
  /** Other steps come first. */
  | { kind: "steps"; steps: readonly Step[] }
  /** The conversation has to be in a queue. */
  | { kind: "route" }
  /** The bot has to have its customer back. */
  | { kind: "return" }
  /** It has work only if an answer to a request for a new conversation is lost. */
  | { kind: "lost-answer" }
  /** Nothing is done for the whole handoff until it goes on. */
  | { kind: "handoff" };

const done = (step: Step): Step => ({ ...step, state: "done" });

export function findStepWait(ledger: Ledger, step: Step): StepWait {
  const { handoff, steps } = ledger;
  if (isNextIn(step, ledger)) return { kind: "time", at: step.nextAt };
  if (rulesOf(step).needsLostAnswer && createsOf(steps) <= 1) return { kind: "lost-answer" };
  if (handoff.state === "parked" || handoff.state === "deferred") return { kind: "handoff" };
  const isWantedIn = (state: HandoffState): boolean => isWanted(step, { ...handoff, state, returnedBecause: null });
  if (!isWantedIn(handoff.state)) return { kind: isWantedIn("routed") ? "route" : "return" };
  // Nothing is known of a conversation that is still to be opened, so no other rule can be asked.
  const opening = steps.find(({ arguments: { kind } }) => kind === "conversation");
  if (opening !== undefined && conversationOf(steps) === null) return { kind: "steps", steps: [opening] };
  const isInTheWay = (other: Step): boolean => {
    const others = steps.map((it) => (it === step || it === other || isSettled(it) ? it : done(it)));
    return !isNextIn(step, { handoff, steps: others });
  };
  return { kind: "steps", steps: steps.filter((it) => it !== step && !isSettled(it) && isInTheWay(it)) };
}
