import type { Step } from "../../../model/handoff.ts";
import { isOwnConversation } from "../queries.ts";

/** Tells whether we closed the conversation ourselves: it takes nothing more, and nobody reads it. */
export function isClosedByUs(steps: readonly Step[]): boolean {
  const isOurs = isOwnConversation(steps);
  return steps.some(
    ({ arguments: args, state }) => args.kind === "release" && state === "done" && (isOurs || args.because === "ended"),
  );
}
