/** Keeps a platform that fails from being hammered: after failures in a row nothing is sent, then one attempt at a time. */
import type { HandoffSettings } from "../settings.ts";

type State =
  | { kind: "closed"; failures: number }
  | { kind: "open"; until: number; openMs: number }
  /** One attempt is on its way; without a word of it until `until` another may go. */
  | { kind: "half-open"; until: number; openMs: number };

/** How soon others look whether the one attempt has shown something. */
const LOOK_AGAIN_MS = 1_000;

export function createBreaker(now: () => number, settings: HandoffSettings) {
  let state: State = { kind: "closed", failures: 0 };

  function open(openMs: number): void {
    state = { kind: "open", until: now() + openMs, openMs };
  }

  return {
    /** Until when nothing may be sent; null: something may. */
    heldUntil(): number | null {
      if (state.kind === "closed" || state.until <= now()) return null;
      return state.kind === "open" ? state.until : Math.min(state.until, now() + LOOK_AGAIN_MS);
    },

    /** Takes the place of the one attempt where only one may go; false: any number may. Only while nothing is held. */
    takeTrial(): boolean {
      if (state.kind === "closed") return false;
      state = { kind: "half-open", until: now() + settings.leaseMs, openMs: state.openMs };
      return true;
    },

    /** Nothing was sent after all. */
    giveTrialBack(): void {
      if (state.kind === "half-open") state = { kind: "open", until: now(), openMs: state.openMs };
    },

    succeeded(): void {
      // What was sent before it opened says nothing of now.
      if (state.kind !== "open") state = { kind: "closed", failures: 0 };
    },

    /** Whether it opened by that, having been closed. */
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
