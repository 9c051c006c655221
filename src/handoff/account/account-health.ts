/** Tells how an account is, as far as this process has seen. */
import { type Outcome, reasonOf } from "../../infobip/outcome.ts";
import type { Gate } from "./gate.ts";

export interface AccountHealth {
  account: string;
  /** `held`: nothing is sent for a while, since the platform fails or asks for a pause; `refused`: it refuses our credentials. */
  state: "open" | "held" | "refused";
  heldUntil: number | null;
  /** The last answer that was no success; null: there was none since the start. */
  lastFailure: { at: number; reason: string; status: number | null } | null;
  lastSuccessAt: number | null;
  lastPushAt: number | null;
}

/** These belong to the way of a handoff, and say nothing of the account. */
const OF_ONE_CONVERSATION = new Set(["closed", "unknown-tag", "tag-exists", "unknown-id"]);

export function createAccountHealth(
  account: string,
  gate: () => Pick<Gate, "heldUntil" | "isRefused">,
  now: () => number,
) {
  let lastFailure: AccountHealth["lastFailure"] = null;
  let lastSuccessAt: number | null = null;
  let lastPushAt: number | null = null;
  return {
    noteOutcome(outcome: Outcome<unknown>): void {
      if (outcome.kind === "ok") {
        lastSuccessAt = now();
        return;
      }
      const reason = reasonOf(outcome);
      if (!OF_ONE_CONVERSATION.has(reason)) lastFailure = { at: now(), reason, status: outcome.call.status };
    },
    notePush(): void {
      lastPushAt = now();
    },
    read(): AccountHealth {
      const heldUntil = gate().heldUntil();
      const state = gate().isRefused() ? "refused" : heldUntil === null ? "open" : "held";
      return { account, state, heldUntil, lastFailure, lastSuccessAt, lastPushAt };
    },
  };
}
