/** One attempt of a step: its start and its outcome. */
import type { Call, Refusal, Unknown } from "../../infobip/outcome.ts";
import type { ConversationResult, Step, StepResult } from "../../model/handoff.ts";

/** A step to run now, with its intent in the ledger. */
export interface Run {
  step: Step;
  /** The handoff's conversation as the attempt starts. */
  conversationId: string | null;
  /** An earlier send may have had its effect: the attempt looks for that before it repeats anything. */
  mayHaveHappened: boolean;
  /** The earlier send is so recent that its effect may not be visible yet: an attempt that finds nothing repeats nothing. */
  isLookupOnly: boolean;
  /** The conversation was read too long ago: the attempt reads it first, since somebody may have come. */
  isStale: boolean;
}

export type StepOutcome =
  | { kind: "done"; result: StepResult; call: Call | null }
  | { kind: "refused"; refusal: Refusal; call: Call }
  | {
      kind: "unknown";
      why: Unknown | "internal" | "assignee-unread" | "duplicates-unread" | "not-seen-yet";
      call: Call | null;
      retryAfterMs?: number | null;
    }
  /** The account has no queue of this name or id. */
  | { kind: "no-queue"; queue: string; call: Call }
  /** A person has the conversation, as the last look showed. */
  | { kind: "human"; seen: ConversationResult; call: Call }
  /** The conversation is closed, and a route may have brought the customer to an agent before: the chat is over. */
  | { kind: "over"; call: Call };
