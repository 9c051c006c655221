/** Tells how an account is, as far as its place has seen: the process, or the account's object. */
import { type Outcome, reasonOf } from "../../infobip/outcome.ts";
import type { Gate } from "./gate.ts";

export interface AccountHealth {
  account: string;
  /** Time since which its calls and pushes are noted. */
  since: number;
  /** `held`: nothing is sent for a while, since the platform fails or asks for a pause; `refused`: it refuses our credentials. */
  state: "open" | "held" | "refused";
  heldUntil: number | null;
  /** The last answer that was no success; null: there was none since the start. */
  lastFailure: { at: number; reason: string; status: number | null } | null;
  lastSuccessAt: number | null;
  /** Time at which it last failed so often that its circuit opened; null: it did not since the start. */
  circuitOpenedAt: number | null;
  lastPushAt: number | null;
  /** Baton routed a conversation then, and no push has told of it or of anything since; null: all is told, or no push is expected. */
  unheardSince: number | null;
}

/** These belong to the way of a handoff, and say nothing of the account. */
const OF_ONE_CONVERSATION = new Set(["closed", "unknown-tag", "tag-exists", "unknown-id"]);

/** The push that tells of a route may come before the answer to it. */
const HEARD_BEFORE_MS = 30_000;

export function createAccountHealth(
  account: string,
  gate: () => Pick<Gate, "heldUntil" | "isRefused">,
  now: () => number,
  expectsPushes: boolean,
) {
  const since = now();
  let lastFailure: AccountHealth["lastFailure"] = null;
  let lastSuccessAt: number | null = null;
  let circuitOpenedAt: number | null = null;
  let lastPushAt: number | null = null;
  let unheardSince: number | null = null;
  return {
    noteOutcome(operation: string, outcome: Outcome<unknown>): void {
      if (outcome.kind === "ok") {
        lastSuccessAt = now();
        const isHeard = lastPushAt !== null && lastPushAt >= lastSuccessAt - HEARD_BEFORE_MS;
        if (expectsPushes && operation === "route" && !isHeard) unheardSince ??= lastSuccessAt;
        return;
      }
      const reason = reasonOf(outcome);
      if (!OF_ONE_CONVERSATION.has(reason)) lastFailure = { at: now(), reason, status: outcome.call.status };
    },
    noteCircuitOpen(): void {
      circuitOpenedAt = now();
    },
    notePush(): void {
      lastPushAt = now();
      unheardSince = null;
    },
    read(): AccountHealth {
      const heldUntil = gate().heldUntil();
      const state = gate().isRefused() ? "refused" : heldUntil === null ? "open" : "held";
      return {
        ...{ account, since, state, heldUntil, lastFailure, lastSuccessAt },
        ...{ circuitOpenedAt, lastPushAt, unheardSince },
      };
    },
  };
}
