import type { Handoff, Step } from "../../../model/handoff.ts";
import { isOwnConversation } from "../queries.ts";

/** True if Baton closed the conversation itself: nobody writes to it or reads it. */
export function isClosedByUs(steps: readonly Step[]): boolean {
  const isOurs = isOwnConversation(steps);
  return steps.some(
    ({ arguments: args, state }) => args.kind === "release" && state === "done" && (isOurs || args.because === "ended"),
  );
}

/** Reason why Baton closed its own conversation without an agent; null: it did not. */
export const releasedBecause = (steps: readonly Step[]): Handoff["returnedBecause"] =>
  isOwnConversation(steps)
    ? (steps.flatMap(({ arguments: args, sends }) =>
        args.kind === "release" && args.because !== "ended" && sends > 0 ? [args.because] : [],
      )[0] ?? null)
    : null;
