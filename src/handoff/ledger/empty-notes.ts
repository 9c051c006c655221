/** Removes the words from notes that are not needed again: the agent has them, and the handoff is over. Pure. */
import type { Handoff, Step } from "../../model/handoff.ts";

const NOT_KEPT = "(The words of this note are not kept: the handoff is over.)";
const ENDED = new Set<Step["state"]>(["done", "skipped", "refused"]);

/** Baton finds a note at the platform by its last line, so that stays. */
export const withoutWords = (content: string): string => {
  const lastLine = content.slice(content.lastIndexOf("\n") + 1);
  return `${NOT_KEPT}\n${lastLine}`;
};

/** A note of a returned handoff with an unknown outcome may be sent again, if a person takes the chat again. */
const isOver = (step: Step, { state }: Pick<Handoff, "state">): boolean =>
  ENDED.has(step.state) || (state === "cancelled" && step.state !== "sent");

/** Empties the delivered notes of a handoff that is over. Unchanged steps stay the same objects. */
export const withoutDelivered = (steps: readonly Step[], handoff: Pick<Handoff, "state">): Step[] =>
  steps.map((step) => {
    const args = step.arguments;
    if (args.kind !== "note" || !args.content || args.content.startsWith(NOT_KEPT) || !isOver(step, handoff))
      return step;
    return { ...step, arguments: { ...args, content: withoutWords(args.content) } };
  });
