/**
 * The core as the HTTP interface calls it. On one machine the record beside it answers; on Workers each session has a record of
 * its own, which answers.
 */

import type { ParsedEvent } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { Callback, CallbackAttempt } from "../model/callback.ts";
import type { KnownConversation } from "../model/conversation-state.ts";
import type { Attempt, Handoff, Ledger } from "../model/handoff.ts";
import type { Session } from "../model/session.ts";
import type { Result } from "../result.ts";
import type { StoryEvent } from "../store/tables/events.ts";
import type { FlowVersion } from "../store/tables/flows/flow-versions.ts";
import type { HandoffFilter, HandoffPage } from "../store/tables/handoffs/handoff-pages.ts";
import type { AttemptError, FiredRule } from "../store/tables/overview.ts";
import type { RouteForecast, RouteQuestion } from "./account/forecast-route.ts";
import type { RunBacktest } from "./backtest.ts";
import type { Overview } from "./overview.ts";
import type { Answer } from "./use-cases/event-answer.ts";
import type { OperateProblem } from "./use-cases/operator-actions.ts";
import type { ErasedSession, EraseProblem, RecordedSession } from "./use-cases/personal-data.ts";
import type { PushOutcome } from "./use-cases/receive-push.ts";
import type { KeyClaim } from "./use-cases/repeats/idempotency.ts";
import type { ResendProblem } from "./use-cases/resend-callback.ts";

/** A handoff with every step, its callbacks, and every attempt of both. */
export interface FullLedger extends Ledger {
  attempts: readonly Attempt[];
  callbacks: readonly { callback: Callback; attempts: readonly CallbackAttempt[] }[];
}

/** Everything that is known of one handoff, for a person who asks what happened. */
export interface HandoffStory {
  ledger: FullLedger;
  /** Events of its round, oldest first. */
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

export interface HandoffApi {
  /**
   * Takes the events of one delivery, in their order. Resolves once they are durable and, if one requested a handoff, once that
   * is proved, or after `waitMs`. Each answer shows the state after all of them.
   */
  take(bot: string, source: string, events: readonly ParsedEvent[], waitMs: number): Promise<Answer[]>;
  /** Takes a payload that Baton does not use. */
  ignore(bot: string, source: string, contentId: string): Promise<Answer>;
  /** Begins a request with an `Idempotency-Key`. */
  claimKey(bot: string, key: string, fingerprint: Uint8Array): Eventually<KeyClaim>;
  /** Ends such a request with its answer, or with none, so that the next one may try. Returns the recorded answer. */
  endKey(bot: string, key: string, answer: Answer | null): Eventually<Answer | null>;
  /** Takes the platform's pushes of one account; each resolves once it is durable. */
  receivePushes(account: string, pushes: readonly Pushed[]): Promise<PushOutcome[]>;
  handoff(id: string): Eventually<FullLedger | null>;
  story(id: string): Eventually<HandoffStory | null>;
  session(bot: string, session: string): Eventually<SessionView | null>;
  /** `after`: start of the page of events. */
  exportSession(bot: string, session: string, after: number): Eventually<SessionExport | null>;
  /** Erases everything personal of it. Its events are still recognised. */
  eraseSession(bot: string, session: string): Promise<SessionErased>;
  /** Newest first. */
  handoffs(filter: HandoffFilter, limit: number): Eventually<HandoffPage>;
  /** Figures over all sessions. */
  overview(): Eventually<Overview>;
  /** Since when each flow has been as it is. A flow may be missing. */
  flowVersions(): Eventually<readonly FlowVersion[]>;
  /** Rules of a flow that opened a handoff since then, in milliseconds since the epoch, among its newest. */
  firedRules(flow: string, since: number): Eventually<readonly FiredRule[]>;
  /** Compares a changed flow with the one in place over recorded chats. Absent: each session has its own record. */
  backtest?: RunBacktest;
  /** Asks an account where it would route a chat. Nothing changes there. */
  forecastRoute(account: string, question: RouteQuestion): Promise<RouteForecast>;
  /** The newest attempt of each that did not end well. Absent: each session has its own. */
  newestErrors?(handoffIds: readonly string[]): Eventually<readonly AttemptError[]>;
  retry(id: string): Promise<Operated>;
  cancel(id: string): Promise<Operated>;
  /** Gives the bot the customer of a routed or assigned handoff back. `isClosing`: closes its conversation. */
  end(id: string, isClosing: boolean): Promise<Operated>;
  /** Resends a callback of a handoff; null: all that are set aside. */
  resend(handoffId: string, callbackId: string | null): Promise<Resent>;
  /**
   * Exists only where lists are kept apart from the sessions: these objects project everything again. Returns the number that
   * did; an object that is no session's does not count.
   */
  tellAgain?(objects: readonly string[]): Promise<number>;
}
