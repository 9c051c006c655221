/** Writes one page of the note that the agent reads first. */
import type { Step } from "../../../model/handoff.ts";
import { isSettled } from "../../ledger/queries.ts";
import { addNote } from "../add-note.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

const hasErred = ({ result }: Step): boolean => result?.kind === "error-answer";

export const note = defineStep("note", {
  isContext: true,
  isAlwaysBeforeRoute: true,
  isBeforeRelease: true,
  requests: () => [`POST ${CONVERSATION}/notes`],
  // The pages are written in reading order.
  isReady: ({ part }, _step, { handoff, steps }) =>
    handoff.conversationId !== null &&
    steps.every((it) => it.arguments.kind !== "note" || it.arguments.part >= part || isSettled(it)),
  canBeFound: () => true,
  // A page that the platform answers with ERROR, and the pages after it, are retried beside other steps.
  isAwaited: ({ part }, steps) =>
    !steps.some((it) => it.arguments.kind === "note" && it.arguments.part < part && hasErred(it) && !isSettled(it)),
  // A page's success may wait only if it is the last open page: otherwise the next page waits for it.
  canWait: (_args, { position }, steps) =>
    steps.every((it) => it.arguments.kind !== "note" || it.position === position || isSettled(it)),

  /** Writes the note again, with everything said so far. */
  restart(fresh, { arguments: args }) {
    if (args.kind !== "note") return fresh;
    return args.part === 1
      ? { ...fresh, arguments: { ...args, content: null } }
      : { ...fresh, arguments: { ...args, content: "" }, state: "skipped" };
  },

  run: (context, { content }, id) => addNote(context, id, content ?? ""),
});
