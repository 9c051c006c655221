/**
 * Coordinates an account that many cores share: one gate and one token bucket for all requests, and one memory of what the
 * account answered.
 */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import { createSteadyClock } from "../../steady-clock.ts";
import type { HandoffSettings } from "../settings.ts";
import { createDirectory } from "./directory.ts";
import { createGate, type Gate } from "./gate.ts";
import type { Grant, Report, SharedAccount } from "./shared-account.ts";
import { createBucket } from "./token-bucket.ts";

export interface AccountHomeDeps {
  /** Its `onCall` goes to `recordResponse`. */
  client: ConversationsClient;
  now: () => number;
  settings: HandoffSettings;
  /** Requests a second, over all cores. A pause saves up two seconds' worth of them. */
  perSecond: number;
  /** The account failed so often in a row that Baton leaves it alone for a while. */
  onOpen: () => void;
}

export interface AccountHome extends SharedAccount {
  recordResponse(outcome: Outcome<unknown>): void;
  /** Milliseconds that a new request waits for its turn. */
  waitMs(): number;
  /** True if a request may be sent now. */
  isOpen(): boolean;
  gate: Pick<Gate, "heldUntil" | "isRefused">;
}

const BURST_SECONDS = 2;
/** Answers are reused for this time. */
const REMEMBER_MS = 20_000;

/** The token bucket is the bound here; the cores bound attempts at once. */
const unbounded = (settings: HandoffSettings): HandoffSettings => ({
  ...settings,
  attemptsAtOnce: Number.MAX_SAFE_INTEGER,
  stepsAtOnce: 1,
});

export function createAccountHome(deps: AccountHomeDeps): AccountHome {
  const { client, now, perSecond, onOpen } = deps;
  const steady = createSteadyClock(now);
  const nothing = () => undefined;
  const gate = createGate({
    now,
    steady,
    settings: unbounded(deps.settings),
    onOpen,
    onRefused: nothing,
    onAccepted: nothing,
  });
  const bucket = createBucket({ now: steady, perSecond, burst: perSecond * BURST_SECONDS });
  const directory = createDirectory(client, steady);

  /** Gives all callers within a while the same answer. */
  function remembered<T>(ask: (key: string) => Promise<Outcome<T>>) {
    const answers = new Map<string, { at: number; outcome: Promise<Outcome<T>> }>();
    return (key: string): Promise<Outcome<T>> => {
      const known = answers.get(key);
      if (known !== undefined && steady() - known.at < REMEMBER_MS) return known.outcome;
      const fresh = { at: steady(), outcome: ask(key) };
      answers.set(key, fresh);
      return fresh.outcome;
    };
  }
  const check = remembered(() => client.check());

  return {
    ...directory,
    check: () => check(""),
    workingHoursStatus: remembered((id) => client.workingHoursStatus(id)),

    async enter(handoffId: string, requests: number): Promise<Grant> {
      const permit = await gate.acquire(handoffId);
      if (permit.kind === "refused") return permit;
      if (permit.kind === "wait") return { kind: "wait", until: now() + permit.forMs };
      if (!permit.isTrial) gate.returnUnused(permit, 0);
      const granted = permit.isTrial ? 1 : requests;
      return { kind: "go", requests: granted, from: now() + bucket.take(granted) - steady(), isTrial: permit.isTrial };
    },

    async report({ outcomes, answered, unused }: Report): Promise<void> {
      for (const outcome of outcomes) gate.recordResponse(outcome);
      for (const id of answered) gate.answered(id);
      bucket.giveBack(unused);
    },

    async tryWith(handoffId: string): Promise<void> {
      if (!gate.isRefused() || gate.trialOf() !== null) return;
      gate.probe(handoffId);
    },

    recordResponse: gate.recordResponse,
    waitMs: bucket.waitMs,
    gate,
    isOpen: () => gate.heldUntil() === null && !gate.isRefused(),
  };
}
