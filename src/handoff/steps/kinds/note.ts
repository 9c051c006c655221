/** Writes one page of the note that the agent reads first. */
import type { Step } from "../../../model/handoff.ts";
import { isSettled } from "../../ledger/queries.ts";
import { addNote } from "../add-note.ts";
import { defineStep } from "../step-kind.ts";

const hasErred = ({ result }: Step): boolean => result?.kind === "error-answer";

export const note = defineStep("note", {
  isContext: true,
  isAlwaysBeforeRoute: true,
  isBeforeRelease: true,
  // Pages in the order in which they are read.
  isReady: ({ part }, _step, { handoff, steps }) =>
    handoff.conversationId !== null &&
    steps.every((it) => it.arguments.kind !== "note" || it.arguments.part >= part || isSettled(it)),
  canBeFound: () => true,
  // A page that the platform answers with ERROR is tried again beside the rest, and so are the pages after it.
  isAwaited: ({ part }, steps) =>
    !steps.some((it) => it.arguments.kind === "note" && it.arguments.part < part && hasErred(it) && !isSettled(it)),
  // The next page waits for this one alone.
  canWait: (_args, { position }, steps) =>
    steps.every((it) => it.arguments.kind !== "note" || it.position === position || isSettled(it)),

  /** The note is written anew, with all that was said until then. */
  restart(fresh, { arguments: args }) {
    if (args.kind !== "note") return fresh;
    return args.part === 1
      ? { ...fresh, arguments: { ...args, content: null } }
      : { ...fresh, arguments: { ...args, content: "" }, state: "skipped" };
  },

  run: (context, { content }, id) => addNote(context, id, content ?? ""),
});
