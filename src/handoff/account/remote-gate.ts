/** The gate of a shared account: its coordinator grants leases of several places at once. */
import type { Outcome } from "../../infobip/outcome.ts";
import type { Log } from "../../log.ts";
import type { HandoffSettings } from "../settings.ts";
import { type Gate, isAnswer, type Permit, TRIAL_MS } from "./gate.ts";
import type { Grant, Report, SharedAccount } from "./shared-account.ts";

export interface LeasedGateDeps {
  shared: Pick<SharedAccount, "enter" | "report" | "tryWith">;
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  setTimer: (wake: () => void, ms: number) => () => void;
  settings: HandoffSettings;
  /** `onRefused`: the account no longer accepts our credentials. `onAccepted`: it does again. */
  onRefused: () => void;
  onAccepted: () => void;
  log: Log;
}

/** Enough for a handoff with a few tags. Unused places are given back. */
const REQUESTS_AT_ONCE = 8;
/** Successes are reported together, after this time. */
const REPORT_AFTER_MS = 200;
/** Most outcomes in one report; fewer failures open a circuit. */
const TOLD_AT_ONCE = 50;

const withoutValue = (outcome: Outcome<unknown>): Outcome<null> =>
  outcome.kind === "ok" ? { kind: "ok", value: null, call: outcome.call } : outcome;

const unreported = (): { outcomes: Outcome<null>[]; answered: string[] } => ({ outcomes: [], answered: [] });

export function createLeasedGate(deps: LeasedGateDeps): Gate {
  const { shared, now, steady, setTimer, settings, onRefused, onAccepted, log } = deps;
  /** Times here are of the steady clock. */
  let lease: { left: number; from: number; until: number; isTrial: boolean } | null = null;
  /** Attempts that were started and have not ended. */
  let inFlight = 0;
  /** Time until which the coordinator holds requests. */
  let heldFor = 0;
  let isRefused = false;
  let trial: string | null = null;
  let trialUntil = 0;
  let seen = unreported();
  let cancelReport: (() => void) | null = null;

  const steadyTime = (at: number): number => steady() + Math.max(0, at - now());
  const heldForMs = (): number => Math.max(0, heldFor - steady());
  const heldUntil = (): number | null => (heldForMs() > 0 ? now() + heldForMs() : null);
  const isBlocked = (id: string): boolean => isRefused && trial !== id;

  function refused(): void {
    trial = null;
    if (isRefused) return;
    isRefused = true;
    onRefused();
  }

  function report(unused = 0): void {
    cancelReport?.();
    cancelReport = null;
    const told: Report = { ...seen, unused };
    seen = unreported();
    if (told.outcomes.length === 0 && told.answered.length === 0 && unused === 0) return;
    shared
      .report(told)
      .catch((err: unknown) => log.warn({ err }, "the outcomes of requests could not be reported to the account"));
  }

  /** Reports, and gives back the rest of a lease that no attempt here needs. */
  function rest(): void {
    const isNeeded = inFlight > 0 && lease !== null && lease.until > steady();
    const unused = isNeeded ? 0 : (lease?.left ?? 0);
    if (!isNeeded) {
      lease = null;
      inFlight = 0;
    }
    report(unused);
  }

  function soon(): void {
    cancelReport ??= setTimer(() => {
      cancelReport = null;
      rest();
    }, REPORT_AFTER_MS);
  }

  /** Takes at most so many attempts from the lease. */
  function passOf(most: number): Exclude<Permit, { kind: "refused" }> {
    if (lease === null || lease.left <= 0 || lease.until <= steady()) return { kind: "wait", forMs: 0 };
    if (lease.from > steady()) return { kind: "wait", forMs: lease.from - steady() };
    const atMost = Math.min(most, lease.left);
    lease.left -= atMost;
    return { kind: "go", atMost, isTrial: lease.isTrial };
  }

  function granted(grant: Grant): Permit {
    switch (grant.kind) {
      case "refused":
        refused();
        return grant;
      case "wait":
        heldFor = steadyTime(grant.until);
        return { kind: "wait", forMs: heldForMs() };
      case "go": {
        const { requests, isTrial } = grant;
        const from = steadyTime(grant.from);
        const left = (lease?.left ?? 0) + requests;
        lease = { left, from, until: from + settings.leaseMs, isTrial };
        return passOf(isTrial ? 1 : settings.stepsAtOnce);
      }
    }
  }

  function answered(id: string): void {
    if (trial !== id) return;
    seen.answered.push(id);
    report();
    trial = null;
    isRefused = false;
    onAccepted();
  }

  return {
    heldUntil,

    async acquire(id) {
      if (isBlocked(id)) return { kind: "refused" };
      const forMs = heldForMs();
      if (forMs > 0) return { kind: "wait", forMs };
      const own = passOf(settings.stepsAtOnce);
      if (own.kind === "go" || own.forMs > 0) return own;
      report();
      return granted(await shared.enter(id, REQUESTS_AT_ONCE));
    },

    /** Places are granted over the network. */
    acquireNow: () => null,
    release: soon,

    renew(id) {
      if (isBlocked(id)) return { kind: "refused" };
      const forMs = heldForMs();
      return forMs === 0 ? passOf(settings.stepsAtOnce) : { kind: "wait", forMs };
    },

    returnUnused(permit, started) {
      if (permit.kind !== "go") return;
      inFlight += started;
      if (lease !== null) lease.left += permit.atMost - started;
      soon();
    },

    recordResponse(outcome) {
      const isUnauthorized = outcome.kind === "refused" && outcome.refusal.reason === "unauthorized";
      if (isUnauthorized) refused();
      if (seen.outcomes.length < TOLD_AT_ONCE) seen.outcomes.push(withoutValue(outcome));
      // Other cores should know of it before they run into the same.
      if (outcome.kind === "ok") soon();
      else report();
    },

    recordOutcome(id, outcome) {
      inFlight = Math.max(0, inFlight - 1);
      if (isAnswer(outcome)) answered(id);
    },
    answered,

    isRefused: () => isRefused,
    trialOf: () => (trialUntil > steady() ? trial : null),
    probe(id) {
      trial = id;
      trialUntil = steady() + TRIAL_MS;
      isRefused = true;
      shared
        .tryWith(id)
        .catch((err: unknown) => log.warn({ err }, "the handoff that goes first could not be reported to the account"));
    },
    accept() {
      trial = null;
      isRefused = false;
    },
  };
}
