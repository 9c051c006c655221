import type { Handoff, Step } from "../../../model/handoff.ts";
import { isOwnConversation } from "../queries.ts";

/** True if Baton closed the conversation itself: nobody writes to it or reads it. */
export function isClosedByUs(steps: readonly Step[]): boolean {
  const isOurs = isOwnConversation(steps);
  return steps.some(
    ({ arguments: args, state }) => args.kind === "release" && state === "done" && (isOurs || args.because === "ended"),
  );
}

/** True if it found that a person has the conversation, and left it to them. */
const hasFoundPerson = ({ state, result }: Step): boolean => state === "skipped" && result?.kind === "conversation";

/** Reason why Baton closed its own conversation without an agent, or may have; null: it did not. */
export function releasedBecause(steps: readonly Step[]): Handoff["returnedBecause"] {
  if (!isOwnConversation(steps)) return null;
  for (const step of steps) {
    const { arguments: args, sends } = step;
    const isOurs = args.kind === "release" && args.because !== "ended" && sends > 0;
    if (isOurs && !hasFoundPerson(step)) return args.because;
  }
  return null;
}
