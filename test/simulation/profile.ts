import type { FaultInput } from "../../src/emulator/faults/faults.ts";
import type { EmulatorSettings } from "../../src/emulator/settings/settings.ts";
import type { Random } from "./random.ts";

const profileNames = ["hostile", "mild"] as const;
export type ProfileName = (typeof profileNames)[number];
export const isProfileName = (name: string): name is ProfileName => profileNames.some((one) => one === name);

/** Settings of the platform's pushes, in the emulator's terms. */
export interface Pushing
  extends Pick<
    EmulatorSettings,
    | "pushTypes"
    | "pushAbsent"
    | "pushRepeats"
    | "pushHoldMs"
    | "pushOrder"
    | "pushBatch"
    | "pushDelayMs"
    | "pushDropRate"
    | "pushRetryUnitMs"
  > {
  isSubscribed: boolean;
}

/** Severity of one schedule, drawn from its seed. Probabilities are of a call, of a boundary, or of a delivery. */
export interface Profile {
  faults: FaultInput[];
  latencyMs: { min: number; max: number };
  listLagMs: number;
  pushing: Pushing;
  /** Probability that the answer to an answered push is lost. */
  lostPushAnswers: number;
  pollEveryMs: number;
  /** Probability that an agent takes a conversation between its context and its route. */
  takenEarly: number;
  /** Probability that an operator cancels during a create or a route. */
  cancelledEarly: number;
  /** Probability that the service dies at a boundary. */
  crash: number;
  /** Probability that it stands still there instead, with or without a second service started meanwhile. */
  stall: number;
  commitFails: number;
  maxCrashes: number;
  /** Nothing fails any more after this, and everything has to come to rest. */
  calmAfterMs: number;
}

/** Shares of calls, from the model that the design was chosen by: 8 % 429, 8 % reset, 5 % late, 6 % + 5 % 5xx, 6 % lost. */
const RATES = { throttled: 0.08, reset: 0.08, late: 0.05, failed: 0.11, lost: 0.06, refused: 0.03, odd: 0.01 };
/** The mild profile divides the rates by this. */
const MILD = 20;
/** The client gives up after 10 s; nothing is later than a minute. */
const LATE_MS = { min: 10_500, max: 60_000 };

/** Route is left out: an empty 200 there means success at the platform. */
const HAVE_A_BODY: FaultInput["operation"] = ["createConversation", "patchConversation", "addTag", "createNote"];

function faultsOf(random: Random, factor: number): FaultInput[] {
  const rate = (of: number): number => (random.chance(0.15) ? 0 : of * factor);
  const either = rate(RATES.throttled) / 2;
  const reset = rate(RATES.reset) / 2;
  const failed = rate(RATES.failed) / 4;
  const late = rate(RATES.late) / 2;
  const odd = rate(RATES.odd);
  const lateMs = (): number => random.int(LATE_MS.min, LATE_MS.max);
  const faults: FaultInput[] = [
    { kind: "status", status: 429, rate: either },
    { kind: "status", status: 429, retryAfter: String(random.int(1, 20)), rate: either },
    { kind: "reset", when: "before", rate: reset },
    { kind: "reset", when: "after", rate: reset },
    { kind: "reset", when: "after", rate: rate(RATES.lost) },
    { kind: "late", when: "before", delayMs: lateMs(), rate: late },
    { kind: "late", when: "before", delayMs: lateMs(), rate: late / 2 },
    { kind: "late", when: "after", delayMs: lateMs(), rate: late / 2 },
    { kind: "status", status: 500, rate: failed },
    { kind: "status", status: 503, retryAfter: String(random.int(1, 20)), rate: failed },
    { kind: "status", status: 500, when: "after", rate: failed },
    { kind: "status", status: 504, when: "after", rate: failed },
    { kind: "refuse", rate: rate(RATES.refused) },
    { kind: "malformed", when: "after", rate: odd },
    { kind: "empty", when: "after", operation: HAVE_A_BODY, rate: odd },
    { kind: "error-answer", operation: ["addTag", "createNote"], rate: odd },
  ];
  if (random.chance(0.05)) faults.unshift({ kind: "status", status: 401, skip: random.int(0, 12) });
  return faults.filter((fault) => fault.rate !== 0);
}

function pushingOf(random: Random, isMild: boolean): Pushing {
  const min = random.pick(isMild ? [0, 20] : [0, 0, 20, 1_000]);
  const max = min + random.pick(isMild ? [0, 500] : [0, 400, 5_000, 60_000, 180_000]);
  return {
    isSubscribed: random.chance(0.85),
    pushTypes: random.pick(["subscribed", "all", "all"]),
    pushAbsent: random.pick(["nulls", "empty", "null"]),
    pushRepeats: isMild ? 1 : random.pick([1, 1, 2, 3]),
    pushHoldMs: random.pick(isMild ? [0, 0, 200] : [0, 0, 500, 3_000]),
    pushOrder: random.pick(["kept", "shuffled"]),
    pushBatch: random.pick([1, 1, 3, 20]),
    pushDelayMs: { min, max },
    pushDropRate: random.pick(isMild ? [0, 0, 0, 0.01] : [0, 0, 0.1, 0.3]),
    // Four more attempts within 18 units.
    pushRetryUnitMs: random.pick([2_000, 10_000]),
  };
}

export function profileOf(name: ProfileName, random: Random): Profile {
  const isMild = name === "mild";
  const factor = isMild ? 1 / MILD : random.pick([0.5, 1, 1, 2]);
  const min = random.int(5, 60);
  return {
    faults: faultsOf(random, factor),
    latencyMs: { min, max: min + random.int(0, 400) },
    listLagMs: random.pick(isMild ? [0, 0, 500] : [0, 1_000, 4_000, 10_000]),
    pushing: pushingOf(random, isMild),
    lostPushAnswers: isMild ? 0.002 : random.pick([0, 0.05, 0.1]),
    takenEarly: isMild ? 0.003 : 0.05,
    cancelledEarly: isMild ? 0.001 : 0.015,
    pollEveryMs: random.pick([10_000, 15_000, 30_000]),
    crash: random.pick(isMild ? [0, 0, 0.001] : [0, 0.01, 0.03]),
    stall: isMild ? 0 : random.pick([0, 0, 0, 0.005]),
    commitFails: random.pick(isMild ? [0] : [0, 0, 0.02]),
    maxCrashes: 6,
    calmAfterMs: random.int(60_000, 240_000),
  };
}
