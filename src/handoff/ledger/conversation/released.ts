import type { Step } from "../../../model/handoff.ts";
import { isOwnConversation } from "../queries.ts";

/** True if Baton closed the conversation itself: nobody writes to it or reads it. */
export function isClosedByUs(steps: readonly Step[]): boolean {
  const isOurs = isOwnConversation(steps);
  return steps.some(
    ({ arguments: args, state }) => args.kind === "release" && state === "done" && (isOurs || args.because === "ended"),
  );
}
