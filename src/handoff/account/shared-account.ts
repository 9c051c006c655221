/**
 * The port to an account that many cores share, each with a record of its own. One place knows which of them may send, and what
 * the account answered.
 */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import type { Directory } from "./directory.ts";

/** Answer to a handoff that asks to send. */
export type Grant =
  /** Up to `requests` requests may be sent, at `from` or later. */
  | { kind: "go"; requests: number; from: number; isTrial: boolean }
  | { kind: "wait"; until: number }
  /** The account refuses our credentials. */
  | { kind: "refused" };

/** Outcomes that a core saw since its last report. */
export interface Report {
  /** Outcomes of requests in their order, without their values. */
  outcomes: readonly Outcome<null>[];
  /** Handoffs of which an attempt was answered after that. */
  answered: readonly string[];
  /** Number of granted requests that are not sent. */
  unused: number;
}

export interface SharedAccount extends Directory, Pick<ConversationsClient, "check" | "workingHoursStatus"> {
  enter(handoffId: string, requests: number): Promise<Grant>;
  report(report: Report): Promise<void>;
  /** Lets this handoff go first, to show whether the account accepts our credentials again; unless another one does. */
  tryWith(handoffId: string): Promise<void>;
}
