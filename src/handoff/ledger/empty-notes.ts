/** Takes the words out of notes that nobody needs again: the agent has them, and the handoff is over. Pure. */
import type { Handoff, Step } from "../../model/handoff.ts";

const NOT_KEPT = "(The words of this note are not kept: the handoff is over.)";
const ENDED = new Set<Step["state"]>(["done", "skipped", "refused"]);

/** A note is found at the platform by its last line, which stays. */
export const withoutWords = (content: string): string => {
  const lastLine = content.slice(content.lastIndexOf("\n") + 1);
  return `${NOT_KEPT}\n${lastLine}`;
};

/** A note of a returned handoff whose outcome is not known may be sent again, should a person take the chat up again. */
const isOver = (step: Step, { state }: Pick<Handoff, "state">): boolean =>
  ENDED.has(step.state) || (state === "cancelled" && step.state !== "sent");

/** The steps of a handoff that is over; each that keeps what it has is the same. */
export const withoutDelivered = (steps: readonly Step[], handoff: Pick<Handoff, "state">): Step[] =>
  steps.map((step) => {
    const args = step.arguments;
    if (args.kind !== "note" || !args.content || args.content.startsWith(NOT_KEPT) || !isOver(step, handoff))
      return step;
    return { ...step, arguments: { ...args, content: withoutWords(args.content) } };
  });
