/**
 * An account that many cores share, each with a record of its own: who of them may send, and what the account told of itself,
 * is known in one place. The port, and what goes over it.
 */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import type { Directory } from "./directory.ts";

/** What a handoff may do. */
export type Grant =
  /** So many requests may be sent, from then on. */
  | { kind: "go"; requests: number; from: number; isTrial: boolean }
  | { kind: "wait"; until: number }
  /** The account does not take our credentials. */
  | { kind: "refused" };

/** What a core saw since it last told. */
export interface Report {
  /** What requests showed, without what was answered, in their order. */
  outcomes: readonly Outcome<null>[];
  /** Handoffs of which an attempt was answered after that. */
  answered: readonly string[];
  /** Requests that were granted and are not sent. */
  unused: number;
}

export interface SharedAccount extends Directory, Pick<ConversationsClient, "check" | "workingHoursStatus"> {
  enter(handoffId: string, requests: number): Promise<Grant>;
  report(report: Report): Promise<void>;
  /** This one goes first, to show whether our credentials are taken again; unless another one does. */
  tryWith(handoffId: string): Promise<void>;
}
