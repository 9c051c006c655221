import type { StepOutcome } from "../ledger/step-attempt.ts";
import { after, type Context, done, LOST, notSeenYet, PLAIN } from "./step-context.ts";

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
    if (isThere) return done(PLAIN, notes.call);
    if (run.isLook) return notSeenYet(notes.call);
    if (!isHeld()) return LOST;
  }
  return after(account.client.addNote(conversationId, { content, type: "INTERNAL" }), (_, call) => done(PLAIN, call));
}
