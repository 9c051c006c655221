/** Actions of an operator on a handoff. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Handoff, HandoffState, Ledger } from "../../model/handoff.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { traceFieldOf } from "../../trace/traceparent.ts";
import { isOpen } from "../ledger/conversation/shared-handoff.ts";
import { newStep, nextPosition } from "../ledger/step-edits.ts";
import { applyPolicy } from "../ledger/transitions/apply-policy.ts";
import { resume } from "../ledger/transitions/resume.ts";
import { countChange } from "../save/log-state.ts";
import { saveLedger } from "../save/save-ledger.ts";
import type { HandoffSettings } from "../settings.ts";
import { sweepAt } from "../steps/kinds/sweep.ts";

export interface OperateDeps {
  record: SessionRecord;
  flows: Flows;
  now: () => number;
  settings: HandoffSettings;
  /** A handoff has something to do, or changed its state: callers that wait for it get an answer. */
  start: (handoff: DueHandoff) => void;
  /** A handoff may try, whatever is known of its account. */
  allow: (handoff: DueHandoff) => void;
  log: Log;
  meter: Meter;
}

export type OperateProblem =
  | { reason: "no-such-handoff" }
  /** `allowed`: the states that allow the action. */
  | { reason: "wrong-state"; state: HandoffState; allowed: readonly HandoffState[] };

interface Act {
  allowed: readonly HandoffState[];
  /** A handoff in this state needs nothing more: the action was done. */
  done: HandoffState | null;
  to: (ledger: Ledger, now: number, settings: HandoffSettings) => Ledger;
  /** Returns the ledger after a repetition; the same ledger: a repetition changes nothing. */
  again?: (ledger: Ledger, now: number) => Ledger;
  said: string;
}

const RETRY: Act = { allowed: ["parked"], done: null, to: resume, said: "resumed by an operator" };

/** Sends nothing more. Requests on their way end, and their answers are recorded. */
const CANCEL: Act = {
  allowed: ["pending", "deferred", "parked"],
  done: "cancelled",
  to: ({ handoff, steps }, now) => ({
    handoff: {
      ...handoff,
      state: "cancelled",
      parkedBecause: null,
      parkedFor: null,
      dueAt: sweepAt(steps),
      updatedAt: now,
    },
    steps,
  }),
  said: "cancelled by an operator",
};

/** Closes the conversation of a handoff that an operator ended, once. A close that was left out starts again. */
function closing(ledger: Ledger, now: number): Ledger {
  const { handoff, steps } = ledger;
  const earlier = steps.find(({ arguments: args }) => args.kind === "release" && args.because === "ended");
  const isLeftOut = earlier === undefined || earlier.state === "skipped" || earlier.state === "refused";
  if (handoff.returnedBecause !== "ended" || !isLeftOut) return ledger;
  const position = earlier?.position ?? nextPosition(steps);
  const close = newStep(position, "release:ended", { kind: "release", because: "ended" }, now);
  const anew = earlier === undefined ? close : { ...close, sends: earlier.sends, fence: earlier.fence + 1 };
  const others = steps.filter((step) => step !== earlier);
  return { handoff: { ...handoff, dueAt: now, updatedAt: now }, steps: [...others, anew] };
}

/** True if another open handoff has the conversation: this one may not close it any more. */
const isTaken = ({ handoffs }: Pick<Tables, "handoffs">, { id, account, conversationId }: Handoff): boolean =>
  conversationId !== null &&
  handoffs.inConversation(account, conversationId).some((other) => other.id !== id && isOpen(other));

/**
 * Gives the bot its customer back, for good: the agent does not get them again. The conversation stays as it is, or is closed.
 */
const end = (isClosing: boolean): Act => ({
  allowed: ["routed", "assigned"],
  done: "returned",
  to({ handoff, steps }, now) {
    const because = { state: "returned", returnedBecause: "ended", endedAt: now } as const;
    const ended = { handoff: { ...handoff, ...because, dueAt: now, updatedAt: now }, steps };
    return isClosing ? closing(ended, now) : ended;
  },
  ...(isClosing && { again: closing }),
  said: "ended by an operator",
});

export function createOperate({ record, flows, now, settings, start, allow, log, meter }: OperateDeps) {
  async function perform(id: string, { allowed, done, to, again, said }: Act): Promise<Result<Ledger, OperateProblem>> {
    let was: Handoff | null = null;
    const result = await record.commit((tables): Result<Ledger, OperateProblem> => {
      const before = tables.handoffs.ledger(id);
      if (before === null) return err({ reason: "no-such-handoff" });
      was = before.handoff;
      const { state } = was;
      const isDone = state === done;
      if (!isDone && !allowed.includes(state)) return err({ reason: "wrong-state", state, allowed });
      const at = now();
      const mayRepeat = isDone && again !== undefined && !isTaken(tables, before.handoff);
      const after = mayRepeat ? again(before, at) : isDone ? before : to(before, at, settings);
      if (after === before) return ok(before);
      const { ledger, ...told } = applyPolicy(before, after, at);
      saveLedger(tables, before, ledger, at, { flows, ...told });
      return ok(ledger);
    });
    if (!result.ok) return result;
    const { bot, account, state, decision } = result.value.handoff;
    log.info({ handoff: id, bot, account, state, ...traceFieldOf(decision.traceparent) }, said);
    if (was !== null) countChange(meter, was, result.value.handoff);
    if (state === "pending") allow({ id, bot, account });
    start({ id, bot, account });
    return result;
  }

  return {
    retry: (id: string) => perform(id, RETRY),
    cancel: (id: string) => perform(id, CANCEL),
    end: (id: string, isClosing: boolean) => perform(id, end(isClosing)),
  };
}
export type Operate = ReturnType<typeof createOperate>;
