/** The answer to an event: what the bot is told, and what its customer is. */
import { z } from "zod";
import { type Handoff, handoffStateSchema } from "../../model/handoff.ts";
import { controlSchema, type Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { leftOutOf } from "../ledger/left-out.ts";

/** A delivery as it was taken; `handoffId` is what the caller may wait for. */
export interface Received {
  outcome: Answer["outcome"];
  sessionId: number | null;
  handoffId: string | null;
  /** For the customer, with this answer and no other. */
  message: string | null;
  /** Of the rule that held where no handoff followed: nobody is there, or the bot is to ask first. */
  reason: string | null;
  /** The bot is to ask its customer; absent where it is not. */
  suggestion?: boolean;
  /** The fields that could not be used, or not whole; absent where there are none. */
  leftOut?: readonly string[];
  /** What its commit left the session at; absent where it changed nothing. */
  left?: Pick<Session, "control" | "conversationId">;
}

/** Flat, so that an attribute mapping can read it. */
export const answerSchema = z.object({
  outcome: z.enum(["accepted", "duplicate", "ignored"]),
  control: controlSchema
    .nullable()
    .describe("Who talks to the customer now. The bot stays silent while it is not `bot`."),
  handoffId: z.string().nullable(),
  handoffState: handoffStateSchema.nullable(),
  reason: z.string().nullable().describe("The reason of the rule that matched."),
  conversationId: z.string().nullable(),
  message: z.string().nullable().describe("A text for the customer: the bot says it once."),
  suggestion: z
    .boolean()
    .exactOptional()
    .describe("True: the bot asks its customer whether they want a person, with `message`. Absent otherwise."),
  leftOut: z
    .array(z.string())
    .exactOptional()
    .describe("The fields that could not be used, or not whole; absent where there are none."),
});
export type Answer = z.infer<typeof answerSchema>;

/** A text that waited for this answer, and what is to be said of the handoff. */
const joinedTexts = (...texts: (string | null)[]): string | null => {
  const said = new Set(texts.filter((text) => text !== null));
  return said.size === 0 ? null : [...said].join("\n");
};

/** What the bot may say of a handoff as it stands: of a transfer only once it is proved. */
function saidOf({ state, message, routedBy, returnedBecause, decision }: Handoff): string | null {
  const isSaid = state === "deferred" || (state === "returned" && returnedBecause === "nobody-there");
  const isProved =
    state === "routed" && routedBy === "baton" && (decision.texts === "return" || decision.isUnposted === true);
  return isSaid || isProved ? message : null;
}

/** A text that waits for the next answer and is said with this one, of the handoff as it stands. */
export function dropSaid(tables: Tables, sessionId: number, handoffId: string, at: number): void {
  const session = tables.sessions.byId(sessionId);
  const handoff = session?.notice == null ? null : tables.handoffs.byId(handoffId);
  if (session === null || handoff === null || saidOf(handoff) !== session.notice) return;
  tables.sessions.save({ ...session, notice: null }, at);
}

/** What to tell the bot, as things stand now. Of a handoff that may have changed since; of a mere event not. */
export function answerTo(tables: Tables, received: Received): Answer {
  const { outcome, sessionId, handoffId, message, reason, suggestion, leftOut, left } = received;
  const isKnown = left !== undefined && handoffId === null;
  const session = isKnown ? left : sessionId === null ? null : tables.sessions.byId(sessionId);
  const handoff: Handoff | null = handoffId === null ? null : tables.handoffs.byId(handoffId);
  const missing = new Set([...(leftOut ?? []), ...(handoff === null ? [] : leftOutOf(handoff))]);
  return {
    outcome,
    control: session?.control ?? null,
    handoffId: handoff?.id ?? null,
    handoffState: handoff?.state ?? null,
    reason: handoff?.reason ?? reason,
    conversationId: handoff?.conversationId ?? session?.conversationId ?? null,
    message: joinedTexts(message, handoff === null ? null : saidOf(handoff)),
    ...(suggestion === true && { suggestion }),
    ...(missing.size > 0 && { leftOut: [...missing] }),
  };
}
