/** The answer to an event, for the bot and its customer. */
import { z } from "zod";
import { type Handoff, handoffStateSchema } from "../../model/handoff.ts";
import { controlSchema, type Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { leftOutOf } from "../ledger/left-out.ts";

/** A delivery that was recorded. The caller may wait for `handoffId`. */
export interface Received {
  outcome: Answer["outcome"];
  sessionId: number | null;
  handoffId: string | null;
  /** Text for the customer, in this answer only. */
  message: string | null;
  /** Reason of the rule that matched without a handoff: no agent is available, or the bot asks first. */
  reason: string | null;
  /** True: the bot asks its customer. Absent otherwise. */
  suggestion?: boolean;
  /** Fields that could not be used, or only in part; absent if there are none. */
  leftOut?: readonly string[];
  /** Control and conversation after its commit; absent if it changed nothing. */
  left?: Pick<Session, "control" | "conversationId">;
}

/** A flat object, so that an attribute mapping can read it. */
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

/** Joins the text that waited for this answer and the text about the handoff. */
const joinedTexts = (...texts: (string | null)[]): string | null => {
  const said = new Set(texts.filter((text) => text !== null));
  return said.size === 0 ? null : [...said].join("\n");
};

/** Text that the bot may say about a handoff in its present state. It mentions a transfer only once that is proved. */
function saidOf({ state, message, routedBy, returnedBecause, decision }: Handoff): string | null {
  const isSaid = state === "deferred" || (state === "returned" && returnedBecause === "nobody-there");
  const isProved =
    state === "routed" && routedBy === "baton" && (decision.texts === "return" || decision.isUnposted === true);
  return isSaid || isProved ? message : null;
}

/** Drops the text that waits for the next answer if this answer says it about the handoff anyway. */
export function dropSaid(tables: Tables, sessionId: number, handoffId: string, at: number): void {
  const session = tables.sessions.byId(sessionId);
  const handoff = session?.notice == null ? null : tables.handoffs.byId(handoffId);
  if (session === null || handoff === null || saidOf(handoff) !== session.notice) return;
  tables.sessions.save({ ...session, notice: null }, at, session);
}

/** Builds the answer from the present state. A handoff may have changed since the event; an event without one has not. */
export function answerTo(tables: Tables, received: Received): Answer {
  const { outcome, sessionId, handoffId, message, reason, suggestion, leftOut, left } = received;
  const isKnown = left !== undefined && handoffId === null;
  const session = isKnown ? left : sessionId === null ? null : tables.sessions.byId(sessionId);
  const handoff: Handoff | null = handoffId === null ? null : tables.handoffs.byId(handoffId);
  const missing = new Set([...(leftOut ?? []), ...(handoff === null ? [] : leftOutOf(handoff))]);
  return {
    outcome,
    control: session?.control ?? null,
    // A handoff that was forgotten, or stayed in another record, has no state here.
    handoffId,
    handoffState: handoff?.state ?? null,
    reason: handoff?.reason ?? reason,
    conversationId: handoff?.conversationId ?? session?.conversationId ?? null,
    message: joinedTexts(message, handoff === null ? null : saidOf(handoff)),
    ...(suggestion === true && { suggestion }),
    ...(missing.size > 0 && { leftOut: [...missing] }),
  };
}
