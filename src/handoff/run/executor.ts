/**
 * Carries handoffs forward: commits the intents of all next steps, runs them side by side, and commits results together with the
 * intents that follow. See decision 011 for results that wait for each other.
 */
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Ledger, Step } from "../../model/handoff.ts";
import { isStorageFailure } from "../../store/storage-error.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { Gate, Pass } from "../account/gate.ts";
import { attemptOf, canWait, type Ended, reportEnd } from "../ledger/attempt-end.ts";
import { conversationOf } from "../ledger/queries.ts";
import type { Run, StepOutcome } from "../ledger/step-attempt.ts";
import { settle } from "../ledger/transitions/apply-outcome.ts";
import { countChange, tellState } from "../save/log-state.ts";
import type { HandoffSettings } from "../settings.ts";
import type { Account } from "../steps/step-context.ts";
import { runStep } from "../steps/step-table.ts";
import { withSharedEnd } from "./second-route.ts";
import type { TakeTurn, Turn } from "./turn.ts";

interface DrivenAccount extends Account {
  client: Account["client"] & { within: (traceparent: string) => Account["client"] };
  gate: Gate;
}

export interface DriveDeps {
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
const FREE: Pass = { kind: "go", atMost: Number.POSITIVE_INFINITY, isTrial: false };
/** The place of an attempt that was not made. */
const ONE: Pass = { kind: "go", atMost: 1, isTrial: false };
/** Results are written; the next steps come with another turn. */
const NONE: Pass = { kind: "go", atMost: 0, isTrial: false };

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

export function createDrive(deps: DriveDeps) {
  const { record, accounts, takeTurn, changed, now, random, log, meter, settings, setTimer, isStopping } = deps;

  const workOn = ({ id, account }: DueHandoff): Work => ({
    ...{ id, account: accounts.get(account), underWay: 0, withheld: [], cancelTimer: null },
    written: Promise.resolve(),
  });

  const start = (id: string, pass: Pass): Promise<Turn | null> =>
    record.commit((tables) => {
      const ledger = tables.handoffs.ledger(id);
      return ledger === null ? null : takeTurn(tables, ledger, ledger, pass);
    });

  const finish = (id: string, ended: readonly Ended[], pass: Pass): Promise<Turn | null> =>
    record.commit((tables) => {
      for (const one of ended) tables.handoffs.endAttempt(id, attemptOf(one));
      const before = tables.handoffs.ledger(id);
      if (before === null) return null;
      const settled = ended.reduce(
        (ledger, { run, outcome, at }) =>
          settle(ledger, run, withSharedEnd(tables, before, run, outcome), at, random(), settings),
        before,
      );
      return takeTurn(tables, before, settled, pass);
    });

  /**
   * Repeats a commit until it succeeds, however long the disk takes: the platform's answer is written before anything else is
   * done.
   */
  async function insisting<T>(commit: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await commit();
      } catch (error) {
        if (!isStorageFailure(error) || isStopping()) throw error;
        await new Promise<void>((resolve) => setTimer(resolve, WRITE_AGAIN_MS));
      }
    }
  }

  function tell(turn: Turn | null): void {
    if (turn === null) return;
    const { before, ledger } = turn;
    if (ledger.handoff.state !== before.state) tellState(log, ledger.handoff);
    countChange(meter, before, ledger.handoff);
    if (turn.isNews) changed();
  }

  /** Runs a turn with a pass. Unused places are given back, also if it fails. */
  async function taken({ account }: Work, pass: Pass, commit: () => Promise<Turn | null>) {
    let started = 0;
    try {
      const next = await commit();
      if (pass.kind !== "go" && next !== null) {
        meter.count("held", { account: next.ledger.handoff.account, because: pass.kind });
      }
      started = next?.run.length ?? 0;
      tell(next);
      return next;
    } finally {
      account?.gate.settled(pass, started);
    }
  }

  /** True if the step was not reset meanwhile, and no other process took over while this one stood still. */
  const isHeld = (id: string, { position, fence }: Step): boolean =>
    record.read((tables) => tables.handoffs.isHeld(id, position, fence));

  /** Returns the outcome of an attempt; null: its step was reset, and nothing was sent. */
  async function attempt({ id, account }: Work, ledger: Ledger, run: Run): Promise<StepOutcome | null> {
    const { account: name } = ledger.handoff;
    try {
      if (!isHeld(id, run.step)) return null;
      if (account === undefined) throw new Error(`account '${name}' is not configured`);
      const { traceparent } = ledger.handoff.decision;
      const traced = traceparent === undefined ? account : { ...account, client: account.client.within(traceparent) };
      return await runStep({ account: traced, ledger, run, isHeld: () => isHeld(id, run.step), now, settings, log });
    } catch (err) {
      // A bug of ours, an unreadable record, or no account: the request may or may not have been sent.
      log.error({ handoff: id, account: name, err }, "a step failed unexpectedly");
      return { kind: "unknown", why: "internal", call: null };
    }
  }

  async function carry(work: Work, ledger: Ledger, run: Run): Promise<void> {
    const { id, account } = work;
    const outcome = await attempt(work, ledger, run);
    work.underWay -= 1;
    if (outcome === null) {
      const fields = { handoff: id, account: ledger.handoff.account, step: run.step.arguments.kind };
      log.warn(fields, "the step was reset meanwhile; nothing is sent");
      account?.gate.settled(ONE, 0);
      return;
    }
    reportEnd({ log, meter }, ledger.handoff, run, outcome);
    account?.gate.ended(id, outcome);
    work.withheld.push({ run, outcome, at: now() });
    if (work.underWay > 0 && canWait(ledger, run, outcome)) {
      account?.gate.leave();
      work.cancelTimer ??= setTimer(() => writeInTime(work), WITHHELD_AT_MOST_MS);
      return;
    }
    await write(work, account?.gate.stay(id) ?? FREE);
  }

  /** Writes ended attempts with the steps that follow, and carries those on. */
  async function write(work: Work, pass: Pass): Promise<void> {
    work.cancelTimer?.();
    work.cancelTimer = null;
    const ended = work.withheld.splice(0);
    const next = await taken(work, pass, () => insisting(() => finish(work.id, ended, pass)));
    if (next !== null) await carryAll(work, next);
  }

  /**
   * Writes results that have waited long enough for the others. It starts nothing: the code that started the others carries on.
   */
  function writeInTime(work: Work): void {
    work.cancelTimer = null;
    const ended = work.withheld.splice(0);
    work.written = taken(work, NONE, () => insisting(() => finish(work.id, ended, NONE))).then(
      () => undefined,
      (err: unknown) => {
        log.warn({ handoff: work.id, err }, "what steps came to could not be written; it is tried again");
        work.withheld.unshift(...ended);
      },
    );
  }

  /** Ends once all of them have, even if one fails: nothing of the handoff is in work any more. */
  async function carryAll(work: Work, { ledger, run }: Turn): Promise<void> {
    work.underWay += run.length;
    const ended = await Promise.allSettled(run.map((it) => carry(work, ledger, it)));
    const failed = ended.find((it) => it.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** Carries everything on, also results that waited for an attempt that was not made. */
  async function carryOn(work: Work, first: Turn): Promise<void> {
    try {
      await carryAll(work, first);
    } finally {
      work.cancelTimer?.();
      await work.written;
    }
    if (work.withheld.length > 0) await write(work, work.account?.gate.enterNow(work.id) ?? NONE);
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
      const pass = (await work.account?.gate.enter(id)) ?? FREE;
      const first = await taken(work, pass, () => start(id, pass));
      if (first !== null) await carryOn(work, first);
    },

    /** Begins the first turn of a handoff that is being opened; null: it has to wait for something. */
    begin(handoff: DueHandoff): FirstTurn | null {
      if (deps.beforeAdopting !== undefined) return null;
      const work = workOn(handoff);
      const pass = work.account?.gate.enterNow(handoff.id) ?? null;
      if (pass === null) return null;
      let first: Turn | null = null;
      return {
        write(tables) {
          const ledger = tables.handoffs.ledger(handoff.id);
          first = ledger === null ? null : takeTurn(tables, ledger, ledger, pass);
        },
        end(isDurable) {
          const begun = isDurable ? first : null;
          work.account?.gate.settled(pass, begun?.run.length ?? 0);
          tell(begun);
          return begun === null ? null : () => carryOn(work, begun);
        },
      };
    },
  };
}
