/**
 * Carries handoffs forward: commits the intents of all next steps, runs them side by side, and commits results together with the
 * intents that follow. See decision 011 for results that wait for each other.
 */
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Ledger } from "../../model/handoff.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { Gate, Permit } from "../account/gate.ts";
import { attemptOf, canWait, type Ended, reportEnd } from "../ledger/attempt-end.ts";
import { conversationOf } from "../ledger/queries.ts";
import type { Run } from "../ledger/step-attempt.ts";
import { applyOutcome } from "../ledger/transitions/apply-outcome.ts";
import { countChange, tellState } from "../save/log-state.ts";
import { recordClose } from "../save/record-close.ts";
import type { HandoffSettings } from "../settings.ts";
import { createAttempt, type TracedAccount } from "./attempt.ts";
import { withSharedEnd } from "./second-route.ts";
import type { TakeTurn, Turn } from "./turn.ts";

interface DrivenAccount extends TracedAccount {
  gate: Gate;
}

export interface ExecutorDeps {
  record: SessionRecord;
  accounts: ReadonlyMap<string, DrivenAccount>;
  takeTurn: TakeTurn;
  /** A callback may be due. */
  changed: () => void;
  /** Resolves once it is known which session has a conversation that was named, before anything is sent to it. */
  beforeAdopting?: ((conversationId: string) => Promise<void>) | undefined;
  now: () => number;
  random: () => number;
  log: Log;
  meter: Meter;
  settings: HandoffSettings;
  setTimer: (wake: () => void, ms: number) => () => void;
  /** True while the service stops: results that cannot be written now are looked up after the next start. */
  isStopping: () => boolean;
}

const WRITE_AGAIN_MS = 250;
/** Bounds the time for which a ledger lacks results, and for which a slow call delays those of others. */
const WITHHELD_AT_MOST_MS = 1_000;

/** Pass for an account that is not configured any more: its steps fail by themselves. */
const UNLIMITED: Permit = { kind: "go", atMost: Number.POSITIVE_INFINITY, isTrial: false };
/** The place of an attempt that was not made. */
const ONE: Permit = { kind: "go", atMost: 1, isTrial: false };
/** Results are written; the next steps come with another turn. */
const NONE: Permit = { kind: "go", atMost: 0, isTrial: false };

/** A handoff in work. */
interface Work {
  id: string;
  account: DrivenAccount | undefined;
  /** Number of attempts on their way. */
  underWay: number;
  /** Results that are not written yet. */
  withheld: Ended[];
  cancelTimer: (() => void) | null;
  /** Resolves once those before the last of them are written. */
  written: Promise<void>;
}

/** The first turn of a handoff, in the commit that opens it. */
export interface FirstTurn {
  /** Writes it within that commit. */
  write(tables: Tables): void;
  /**
   * The handoff is durable, or nothing was opened. Returns a function that carries the handoff on; null: there is nothing to
   * carry on.
   */
  end(isDurable: boolean): (() => Promise<void>) | null;
}

export function createExecutor(deps: ExecutorDeps) {
  const { record, accounts, takeTurn, changed, now, random, log, meter, settings, setTimer, isStopping } = deps;
  const attempt = createAttempt({ record, now, settings, log });

  const workOn = ({ id, account }: DueHandoff): Work => ({
    ...{ id, account: accounts.get(account), underWay: 0, withheld: [], cancelTimer: null },
    written: Promise.resolve(),
  });

  const commitFirst = (id: string, permit: Permit): Promise<Turn | null> =>
    record.commit((tables) => {
      const ledger = tables.handoffs.ledger(id);
      return ledger === null ? null : takeTurn(tables, ledger, ledger, permit);
    });

  const commitNext = (id: string, ended: readonly Ended[], permit: Permit): Promise<Turn | null> =>
    record.commit((tables) => {
      // The clock may have been set back since.
      const latest = now();
      const past = ended.map((one) => (one.at > latest ? { ...one, at: latest } : one));
      for (const one of past) tables.handoffs.endAttempt(id, attemptOf(one));
      const before = tables.handoffs.ledger(id);
      if (before === null) return null;
      for (const one of past) recordClose(tables, before, one);
      const settled = past.reduce(
        (ledger, { run, outcome, at }) =>
          applyOutcome(ledger, run, withSharedEnd(tables, before, run, outcome), at, random(), settings),
        before,
      );
      return takeTurn(tables, before, settled, permit);
    });

  /**
   * Repeats a commit until it succeeds, however long the disk takes: the platform's answer is written before anything else is
   * done.
   */
  async function insistOn<T>(commit: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await commit();
      } catch (error) {
        if (!isStorageFailure(error) || isStopping()) throw error;
        await new Promise<void>((resolve) => setTimer(resolve, WRITE_AGAIN_MS));
      }
    }
  }

  function reportTurn(turn: Turn | null): void {
    if (turn === null) return;
    const { before, ledger } = turn;
    if (ledger.handoff.state !== before.state) tellState(log, ledger.handoff);
    countChange(meter, before, ledger.handoff);
    if (turn.isNews) changed();
  }

  /** Runs a turn with a permit. Unused places are given back, also if it fails. */
  async function runTurn({ account }: Work, permit: Permit, commit: () => Promise<Turn | null>) {
    let started = 0;
    try {
      const next = await commit();
      if (permit.kind !== "go" && next !== null) {
        meter.count("held", { account: next.ledger.handoff.account, because: permit.kind });
      }
      started = next?.run.length ?? 0;
      reportTurn(next);
      return next;
    } finally {
      account?.gate.returnUnused(permit, started);
    }
  }

  async function carryStep(work: Work, ledger: Ledger, run: Run): Promise<void> {
    const { id, account } = work;
    const outcome = await attempt(work, ledger, run);
    work.underWay -= 1;
    if (outcome === null) {
      const fields = { handoff: id, account: ledger.handoff.account, step: run.step.arguments.kind };
      log.warn(fields, "the step was reset meanwhile; nothing is sent");
      account?.gate.returnUnused(ONE, 0);
      return;
    }
    reportEnd({ log, meter }, ledger.handoff, run, outcome);
    account?.gate.recordOutcome(id, outcome);
    work.withheld.push({ run, outcome, at: now() });
    if (work.underWay > 0 && canWait(ledger, run, outcome)) {
      account?.gate.release();
      work.cancelTimer ??= setTimer(() => writeWithheld(work), WITHHELD_AT_MOST_MS);
      return;
    }
    await writeResults(work, account?.gate.renew(id) ?? UNLIMITED);
  }

  /** Writes ended attempts with the steps that follow, and carries those on. */
  async function writeResults(work: Work, permit: Permit): Promise<void> {
    work.cancelTimer?.();
    work.cancelTimer = null;
    const ended = work.withheld.splice(0);
    const next = await runTurn(work, permit, () => insistOn(() => commitNext(work.id, ended, permit)));
    if (next !== null) await carrySteps(work, next);
  }

  /**
   * Writes results that have waited long enough for the others. It starts nothing: the code that started the others carries on.
   */
  function writeWithheld(work: Work): void {
    work.cancelTimer = null;
    const ended = work.withheld.splice(0);
    work.written = runTurn(work, NONE, () => insistOn(() => commitNext(work.id, ended, NONE))).then(
      () => undefined,
      (err: unknown) => {
        log.warn({ handoff: work.id, err }, "what steps came to could not be written; it is tried again");
        work.withheld.unshift(...ended);
      },
    );
  }

  /** Ends once all of them have, even if one fails: nothing of the handoff is in work any more. */
  async function carrySteps(work: Work, { ledger, run }: Turn): Promise<void> {
    work.underWay += run.length;
    const ended = await Promise.allSettled(run.map((it) => carryStep(work, ledger, it)));
    const failed = ended.find((it) => it.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** Carries everything on, also results that waited for an attempt that was not made. */
  async function carryHandoff(work: Work, first: Turn): Promise<void> {
    try {
      await carrySteps(work, first);
    } finally {
      work.cancelTimer?.();
      await work.written;
    }
    if (work.withheld.length > 0) await writeResults(work, work.account?.gate.acquireNow(work.id) ?? NONE);
    if (first.ledger.handoff.failures > 0) await record.commit((tables) => tables.handoffs.recovered(work.id));
  }

  async function settleOwner(id: string): Promise<void> {
    const ledger = record.read((tables) => tables.handoffs.ledger(id));
    const conversationId = ledger?.handoff.conversationId ?? null;
    if (ledger === null || conversationId === null || conversationOf(ledger.steps) !== null) return;
    await deps.beforeAdopting?.(conversationId);
  }

  return {
    /** Resolves once nothing more can be done now. */
    async drive(handoff: DueHandoff): Promise<void> {
      const { id } = handoff;
      if (deps.beforeAdopting !== undefined) await settleOwner(id);
      const work = workOn(handoff);
      const permit = (await work.account?.gate.acquire(id)) ?? UNLIMITED;
      const first = await runTurn(work, permit, () => commitFirst(id, permit));
      if (first !== null) await carryHandoff(work, first);
    },

    /** Begins the first turn of a handoff that is being opened; null: it has to wait for something. */
    begin(handoff: DueHandoff): FirstTurn | null {
      if (deps.beforeAdopting !== undefined) return null;
      const work = workOn(handoff);
      const permit = work.account?.gate.acquireNow(handoff.id) ?? null;
      if (permit === null) return null;
      let first: Turn | null = null;
      return {
        write(tables) {
          const ledger = tables.handoffs.ledger(handoff.id);
          first = ledger === null ? null : takeTurn(tables, ledger, ledger, permit);
        },
        end(isDurable) {
          const begun = isDurable ? first : null;
          work.account?.gate.returnUnused(permit, begun?.run.length ?? 0);
          reportTurn(begun);
          return begun === null ? null : () => carryHandoff(work, begun);
        },
      };
    },
  };
}
