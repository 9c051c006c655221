import type { Step } from "../../../model/handoff.ts";

/** Tells whether we closed the conversation ourselves: it takes nothing more, and nobody reads it. */
export function isClosedByUs(steps: readonly Step[]): boolean {
  const isOurs = steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);
  return steps.some(
    ({ arguments: args, state }) => args.kind === "release" && state === "done" && (isOurs || args.because === "ended"),
  );
}
