/**
 * What the HTTP interface asks of the core. On one machine the record beside it answers; on Workers each session has a record
 * of its own, and the answer comes from there.
 */

import type { Reported } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { Callback, CallbackAttempt } from "../model/callback.ts";
import type { KnownConversation } from "../model/conversation-state.ts";
import type { Attempt, Handoff, Ledger } from "../model/handoff.ts";
import type { Session } from "../model/session.ts";
import type { Result } from "../result.ts";
import type { StoryEvent } from "../store/tables/events.ts";
import type { HandoffFilter } from "../store/tables/handoffs/handoffs.ts";
import type { AttemptError } from "../store/tables/overview.ts";
import type { Overview } from "./overview.ts";
import type { Answer } from "./use-cases/event-answer.ts";
import type { KeyClaim } from "./use-cases/idempotency.ts";
import type { OperateProblem } from "./use-cases/operator-actions.ts";
import type { ErasedSession, EraseProblem, RecordedSession } from "./use-cases/personal-data.ts";
import type { Heard } from "./use-cases/receive-push.ts";
import type { ResendProblem } from "./use-cases/resend-callback.ts";

/** A handoff with every step, what the bot was told of it, and every attempt of both. */
export interface FullLedger extends Ledger {
  attempts: readonly Attempt[];
  callbacks: readonly { callback: Callback; attempts: readonly CallbackAttempt[] }[];
}

/** Everything that is known of one handoff, for a person who asks what happened. */
export interface HandoffStory {
  ledger: FullLedger;
  /** Of its round, oldest first. */
  events: readonly StoryEvent[];
  /** False: its round has more events, which came before these. */
  isWhole: boolean;
  assignedAt: number | null;
  conversation: KnownConversation | null;
}

export type Operated = Result<FullLedger, OperateProblem>;
export type Resent = Result<FullLedger, ResendProblem>;

export interface SessionView {
  session: Session;
  lastHandoff: Handoff | null;
}

/** Everything recorded of a session: a page of its events, and its handoffs. */
export interface SessionExport extends Omit<RecordedSession, "ledgers"> {
  handoffs: FullLedger[];
}

export type SessionErased = Result<ErasedSession, EraseProblem>;

type Eventually<T> = T | Promise<T>;

export interface Core {
  /**
   * Events of one delivery, in their order. Resolves when they are durable and, where one asked for a handoff, when that is
   * proved, or after `waitMs`. Each is answered as things stand after all of them.
   */
  take(bot: string, source: string, events: readonly Reported[], waitMs: number): Promise<Answer[]>;
  /** A payload that says nothing we use. */
  ignore(bot: string, source: string, contentId: string): Promise<Answer>;
  /** A request with an `Idempotency-Key` begins. */
  claimKey(bot: string, key: string, fingerprint: Uint8Array): Eventually<KeyClaim>;
  /** Ends such a request: with an answer, or with none, so that the next one may try. Returns the answer that is kept. */
  endKey(bot: string, key: string, answer: Answer | null): Eventually<Answer | null>;
  /** What the platform pushed of one account, each resolved once it is durable. */
  hear(account: string, pushes: readonly Pushed[]): Promise<Heard[]>;
  handoff(id: string): Eventually<FullLedger | null>;
  story(id: string): Eventually<HandoffStory | null>;
  session(bot: string, session: string): Eventually<SessionView | null>;
  /** `after`: where the page of events begins. */
  exportSession(bot: string, session: string, after: number): Eventually<SessionExport | null>;
  /** Nothing personal of it stays; its events are still known again. */
  eraseSession(bot: string, session: string): Promise<SessionErased>;
  /** Newest first. */
  handoffs(filter: HandoffFilter, limit: number): Eventually<Handoff[]>;
  /** Figures over all sessions. */
  overview(): Eventually<Overview>;
  /** The newest attempt of each that did not end well. Absent: each session has its own. */
  newestErrors?(handoffIds: readonly string[]): Eventually<readonly AttemptError[]>;
  retry(id: string): Promise<Operated>;
  cancel(id: string): Promise<Operated>;
  /** The bot has the customer of a routed or assigned one again. `isClosing`: its conversation is closed. */
  end(id: string, isClosing: boolean): Promise<Operated>;
  /** A callback of a handoff is sent again; null: all of them that are set aside. */
  resend(handoffId: string, callbackId: string | null): Promise<Resent>;
  /**
   * Only where lists are kept apart from the sessions: these objects tell them everything again. Returns how many did, which
   * is fewer where one is no session's.
   */
  tellAgain?(objects: readonly string[]): Promise<number>;
}
