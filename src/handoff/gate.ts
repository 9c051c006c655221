/** What may be sent to one account now: a bounded number of attempts at once, fewer while it fails, none while it asks for a pause. */
import type { Outcome } from "../conversations/outcome.ts";
import { createBreaker } from "./breaker.ts";
import type { HandoffSettings } from "./settings.ts";
import { createSlots } from "./slots.ts";

/** What a handoff may do in one turn. */
export type Pass =
  /** So many attempts may be started; their places are taken until they are given back. */
  { kind: "go"; atMost: number; isTrial: boolean } | { kind: "wait"; until: number };

export interface GateDeps {
  now: () => number;
  settings: HandoffSettings;
  /** It failed so often in a row that it is left alone for a while. */
  onOpen: () => void;
}

export function createGate({ now, settings, onOpen }: GateDeps) {
  const slots = createSlots(settings.attemptsAtOnce);
  const breaker = createBreaker(now, settings);
  let pausedUntil = 0;
  let throttles = 0;

  function pause(askedMs: number | null): void {
    throttles += 1;
    const ownMs = Math.min(settings.slowestRetryMs, settings.firstRetryMs * 2 ** Math.min(throttles - 1, 30));
    pausedUntil = Math.max(pausedUntil, now() + (askedMs ?? ownMs));
  }

  function heldUntil(): number | null {
    const until = Math.max(pausedUntil, breaker.heldUntil() ?? 0);
    return until > now() ? until : null;
  }

  /** For somebody who has one place. */
  function passed(): Pass {
    const until = heldUntil();
    if (until !== null) {
      slots.give(1);
      return { kind: "wait", until };
    }
    const isTrial = breaker.takeTrial();
    return { kind: "go", atMost: isTrial ? 1 : 1 + slots.takeMore(settings.stepsAtOnce - 1), isTrial };
  }

  return {
    /** Until when nothing may be sent; null: something may. */
    heldUntil,

    /** A handoff's turn begins; resolves when there is a place, or at once where it would have to wait for something else. */
    async enter(): Promise<Pass> {
      const until = heldUntil();
      if (until !== null) return { kind: "wait", until };
      await slots.take();
      return passed();
    },

    /** An attempt ended: its place is the next turn's of its handoff. */
    stay: passed,

    /** The intents of a turn are written: places that it did not take are free again. */
    settled(pass: Pass, started: number): void {
      if (pass.kind !== "go") return;
      slots.give(pass.atMost - started);
      if (pass.isTrial && started === 0) breaker.giveTrialBack();
    },

    /** What a request to the account showed. */
    heard(outcome: Outcome<unknown>): void {
      const isAsked = outcome.kind === "unknown" && outcome.retryAfterMs !== null;
      const isThrottled = outcome.kind === "refused" && outcome.refusal.reason === "throttled";
      const isNotSent = outcome.kind === "refused" && outcome.refusal.reason === "not-sent";
      if (isAsked) pause(outcome.retryAfterMs);
      if (isThrottled) pause(outcome.refusal.reason === "throttled" ? outcome.refusal.retryAfterMs : null);
      if (outcome.kind === "unknown" || isNotSent) {
        if (breaker.failed()) onOpen();
      } else if (outcome.call.status !== null) {
        breaker.succeeded();
        if (!isThrottled) throttles = 0;
      }
    },
  };
}
export type Gate = ReturnType<typeof createGate>;
