/** Spares a platform that fails: nothing is sent after failures in a row, then one attempt at a time. */
import type { HandoffSettings } from "../settings.ts";

type State =
  | { kind: "closed"; failures: number }
  | { kind: "open"; until: number; openMs: number }
  /** One attempt is on its way. Another may go if it has no result by `until`. */
  | { kind: "half-open"; until: number; openMs: number };

/** Other handoffs look again after this time whether the one attempt has a result. */
const LOOK_AGAIN_MS = 1_000;

export function createBreaker(now: () => number, settings: HandoffSettings) {
  let state: State = { kind: "closed", failures: 0 };

  function open(openMs: number): void {
    state = { kind: "open", until: now() + openMs, openMs };
  }

  return {
    /** Time until which nothing may be sent; null: requests may be sent. */
    heldUntil(): number | null {
      if (state.kind === "closed" || state.until <= now()) return null;
      return state.kind === "open" ? state.until : Math.min(state.until, now() + LOOK_AGAIN_MS);
    },

    /** Takes the place of the one attempt if only one may go; false: any number may. Call it only while nothing is held. */
    takeTrial(): boolean {
      if (state.kind === "closed") return false;
      state = { kind: "half-open", until: now() + settings.leaseMs, openMs: state.openMs };
      return true;
    },

    /** The attempt was not sent after all. */
    giveTrialBack(): void {
      if (state.kind === "half-open") state = { kind: "open", until: now(), openMs: state.openMs };
    },

    succeeded(): void {
      // A request that was sent before the circuit opened shows nothing about now.
      if (state.kind !== "open") state = { kind: "closed", failures: 0 };
    },

    /** Returns true if this failure opened a closed circuit. */
    failed(): boolean {
      switch (state.kind) {
        case "closed": {
          const failures = state.failures + 1;
          state = { kind: "closed", failures };
          if (failures < settings.breakAfter) return false;
          open(settings.openMs);
          return true;
        }
        case "half-open":
          open(Math.min(settings.longestOpenMs, state.openMs * 2));
          return false;
        case "open":
          return false;
      }
    },
  };
}
