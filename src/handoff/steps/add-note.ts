import type { StepOutcome } from "../ledger/step-attempt.ts";
import { andThen, type Context, done, NO_RESULT, notSeenYet, STEP_LOST } from "./step-context.ts";

/** Adds a note to the conversation. One that was added before is found by its last line. */
export async function addNote(
  { account, run, isHeld }: Context,
  conversationId: string,
  content: string,
): Promise<StepOutcome> {
  if (run.mayHaveHappened) {
    const notes = await account.client.notesOf(conversationId);
    if (notes.kind !== "ok") return notes;
    const footer = content.slice(content.lastIndexOf("\n") + 1);
    const isThere = notes.value.some((it) => typeof it.content === "string" && it.content.trimEnd().endsWith(footer));
    if (isThere) return done(NO_RESULT, notes.call);
    if (run.isLookupOnly) return notSeenYet(notes.call);
    if (!isHeld()) return STEP_LOST;
  }
  return andThen(account.client.addNote(conversationId, { content, type: "INTERNAL" }), (_, call) =>
    done(NO_RESULT, call),
  );
}
