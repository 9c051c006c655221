import type { Flows } from "../escalation/flow.ts";
import { flowWants } from "../escalation/flow-wants.ts";
import type { CallbackType } from "../events/callback-types.ts";
import type { Log } from "../log.ts";
import type { DueHandoff } from "../sessions/handoff-queues.ts";
import type { Attempt, Handoff, HandoffState, Ledger, Step } from "../sessions/ledger.ts";
import { isStorageFailure, type SessionRecord, type Tables } from "../sessions/record.ts";
import { advance, conversationOf, type Run, stateOf } from "./advance.ts";
import type { Account } from "./attempt.ts";
import { follow } from "./follow.ts";
import type { Gate, Pass } from "./gate.ts";
import { takeBack } from "./give-up-conversation.ts";
import { heard } from "./heard.ts";
import { keep } from "./keep.ts";
import { withLeftOut } from "./left-out.ts";
import { parkedForCredentials, postponed } from "./postponed.ts";
import { runStep } from "./run-step.ts";
import { withoutSecondRoute } from "./second-route.ts";
import type { HandoffSettings } from "./settings.ts";
import { type StepOutcome, settle } from "./settle.ts";
import { tellState } from "./tell-state.ts";
import { isUnwritten, withWordsStep } from "./words.ts";
import { withNotes } from "./write-notes.ts";

export interface DriveDeps {
  record: SessionRecord;
  flows: Flows;
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  /** When people of a handoff's flow are there; not later than `at`: they are. */
  opensAt: (handoff: Handoff, at: number) => number;
  /** A bot may have something to hear. */
  changed: () => void;
  /** Before anything is sent to a conversation that was named: resolves when it is known whose that is. */
  beforeAdopting?: ((conversationId: string) => Promise<void>) | undefined;
  /** Somebody waits for how the handoff stands. */
  isAwaited: (id: string) => boolean;
  now: () => number;
  random: () => number;
  log: Log;
  settings: HandoffSettings;
  setTimer: (wake: () => void, ms: number) => () => void;
  /** The service stops: what cannot be written now is looked up after the next start. */
  isStopping: () => boolean;
}

const WRITE_AGAIN_MS = 250;

const endOf = (outcome: StepOutcome): Pick<Attempt, "outcome" | "code"> => {
  switch (outcome.kind) {
    case "done":
    case "human":
    case "over":
      return { outcome: "ok", code: outcome.kind === "done" ? null : outcome.kind };
    case "refused":
      return { outcome: "refused", code: outcome.refusal.reason };
    case "no-queue":
      return { outcome: "refused", code: "unknown-queue" };
    case "unknown":
      return { outcome: "unknown", code: outcome.why };
  }
};

/** For an account that is not configured any more: its steps fail by themselves. */
const FREE: Pass = { kind: "go", atMost: Number.POSITIVE_INFINITY, isTrial: false };
/** The place of an attempt that was not made. */
const ONE: Pass = { kind: "go", atMost: 1, isTrial: false };

interface Turn {
  /** The state it began in. */
  from: HandoffState;
  ledger: Ledger;
  run: Run[];
  /** The bot may have something to hear. */
  isNews: boolean;
}

/**
 * Carries handoffs forward: commits the intents of every step whose turn it is, runs them side by side, and commits each
 * result together with the intents that follow from it. `drive` resolves when nothing more can be done now.
 */
export function createDrive(deps: DriveDeps) {
  const { record, flows, accounts, opensAt, changed, isAwaited, now, random, log, settings, setTimer, isStopping } =
    deps;

  /** What a pass makes of a ledger before anything is started. */
  function passed(ledger: Ledger, pass: Pass, at: number): Ledger {
    switch (pass.kind) {
      case "go":
        return ledger;
      case "wait":
        return postponed(ledger, pass.until, at, settings);
      case "refused":
        return parkedForCredentials(postponed(ledger, at + settings.askEveryMs, at, settings));
    }
  }

  /** A handoff that was put off goes on when people are there, by their clock as it is now. */
  function woken(ledger: Ledger, at: number): Ledger {
    const { handoff, steps } = ledger;
    if (handoff.state !== "deferred") return ledger;
    const deferredUntil = opensAt(handoff, at);
    return { handoff: { ...handoff, state: deferredUntil <= at ? "pending" : "deferred", deferredUntil }, steps };
  }

  /** With what the platform had told of its conversation before we knew that it was this handoff's. */
  function caughtUp(tables: Tables, before: Ledger, ledger: Ledger): Ledger {
    const { account, conversationId, state } = ledger.handoff;
    const isNews = state !== before.handoff.state || conversationOf(ledger.steps) !== conversationOf(before.steps);
    const known = isNews && conversationId !== null ? tables.conversations.find(account, conversationId) : null;
    return known === null ? ledger : heard(ledger, known, false);
  }

  /** What is sent now, what the agent is to read written for it. */
  function begun(tables: Tables, ledger: Ledger, pass: Pass, at: number): ReturnType<typeof advance> {
    const atMost = pass.kind === "go" ? pass.atMost : 0;
    const next = advance(ledger, at, settings, atMost);
    const note = next.run.find(({ step }) => isUnwritten(step))?.step;
    if (note === undefined) return next;
    return advance(withNotes({ tables, flows, now: at }, ledger, note), at, settings, atMost);
  }

  /** Within a commit: what comes next, with its intents written. */
  function turn(tables: Tables, before: Ledger, settled: Ledger, pass: Pass): Turn {
    const at = now();
    const awake = withoutSecondRoute(tables, woken(settled, at), at, settings.quietMs);
    const standing = caughtUp(tables, before, { handoff: stateOf(awake, at), steps: awake.steps });
    const { id, bot } = standing.handoff;
    const flow = flows.get(bot);
    const isTold = (by: CallbackType): boolean => isAwaited(id) || (flow !== undefined && flowWants(flow, by));
    const { ledger: followed, ...said } = follow(before, standing, at, isTold, isAwaited(id));
    const next = begun(tables, passed(withWordsStep(followed), pass, at), pass, at);
    const { run } = next;
    const ledger = withLeftOut(next.ledger);
    for (const { step } of run) tables.handoffs.addAttempt(ledger.handoff.id, step.position, step.fence, at);
    const isNews = keep(tables, before, ledger, at, { flows, ...said });
    if (before.handoff.conversationId === null) takeBack(tables, flows, ledger.handoff, at);
    return { from: before.handoff.state, ledger, run, isNews };
  }

  const start = (id: string, pass: Pass): Promise<Turn | null> =>
    record.commit((tables) => {
      const ledger = tables.handoffs.ledger(id);
      return ledger === null ? null : turn(tables, ledger, ledger, pass);
    });

  const finish = (id: string, run: Run, outcome: StepOutcome, pass: Pass): Promise<Turn | null> =>
    record.commit((tables) => {
      const at = now();
      const call = "call" in outcome ? outcome.call : null;
      tables.handoffs.endAttempt(id, {
        position: run.step.position,
        fence: run.step.fence,
        sentAt: at,
        endedAt: at,
        ...endOf(outcome),
        status: call?.status ?? null,
        requestId: call?.requestId ?? null,
      });
      const before = tables.handoffs.ledger(id);
      return before === null ? null : turn(tables, before, settle(before, run, outcome, at, random(), settings), pass);
    });

  /** What the platform answered is known: it is written before anything else is done, however long the disk takes. */
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

  /** A turn with a pass: the places it does not take are given back, also when it fails. */
  async function taken(account: { gate: Gate } | undefined, pass: Pass, commit: () => Promise<Turn | null>) {
    let started = 0;
    try {
      const next = await commit();
      started = next?.run.length ?? 0;
      if (next !== null && next.ledger.handoff.state !== next.from) tellState(log, next.ledger.handoff);
      if (next?.isNews) changed();
      return next;
    } finally {
      account?.gate.settled(pass, started);
    }
  }

  function report({ handoff: { id: handoff, bot, account } }: Ledger, run: Run, outcome: StepOutcome): void {
    const { outcome: ended, code } = endOf(outcome);
    const call = "call" in outcome ? outcome.call : null;
    const fields = { handoff, bot, account, step: run.step.arguments.kind, outcome: ended ?? "unknown" };
    const detail = { ...(code !== null && { reason: code }), ...(call?.status != null && { status: call.status }) };
    if (ended === "ok") log.debug({ ...fields, ...detail }, "step done");
    else log.warn({ ...fields, ...detail }, "step not done");
  }

  /** The step may have been reset meanwhile, or the process have stood still until another took its place. */
  const isHeld = (id: string, { position, fence }: Step): boolean =>
    record.read((tables) => tables.handoffs.isHeld(id, position, fence));

  async function carry(ledger: Ledger, run: Run): Promise<void> {
    const { id, account: name } = ledger.handoff;
    const account = accounts.get(name);
    let outcome: StepOutcome;
    try {
      if (!isHeld(id, run.step)) {
        log.warn(
          { handoff: id, account: name, step: run.step.arguments.kind },
          "the step was reset meanwhile; nothing is sent",
        );
        account?.gate.settled(ONE, 0);
        return;
      }
      if (account === undefined) throw new Error(`account '${name}' is not configured`);
      outcome = await runStep({ account, ledger, run, isHeld: () => isHeld(id, run.step), now, settings, log });
    } catch (err) {
      // A bug of ours, a record that cannot be read, or no account: whether anything was sent cannot be told.
      log.error({ handoff: id, account: name, err }, "a step failed unexpectedly");
      outcome = { kind: "unknown", why: "internal", call: null };
    }
    report(ledger, run, outcome);
    account?.gate.ended(id, outcome);
    const pass = account?.gate.stay(id) ?? FREE;
    const next = await taken(account, pass, () => insisting(() => finish(id, run, outcome, pass)));
    if (next !== null) await carryAll(next);
  }

  /** Ends when all of them have, also where one fails: nothing of the handoff is in work any more. */
  async function carryAll({ ledger, run }: Turn): Promise<void> {
    const ended = await Promise.allSettled(run.map((it) => carry(ledger, it)));
    const failed = ended.find((it) => it.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async function settleOwner(id: string): Promise<void> {
    const ledger = record.read((tables) => tables.handoffs.ledger(id));
    const conversationId = ledger?.handoff.conversationId ?? null;
    if (ledger === null || conversationId === null || conversationOf(ledger.steps) !== null) return;
    await deps.beforeAdopting?.(conversationId);
  }

  return async ({ id, account: name }: DueHandoff): Promise<void> => {
    if (deps.beforeAdopting !== undefined) await settleOwner(id);
    const account = accounts.get(name);
    const pass = (await account?.gate.enter(id)) ?? FREE;
    const first = await taken(account, pass, () => start(id, pass));
    if (first === null) return;
    await carryAll(first);
    if (first.ledger.handoff.failures > 0) await record.commit((tables) => tables.handoffs.recovered(id));
  };
}
