import type { Log } from "../log.ts";
import type { Attempt, Handoff, Ledger } from "../sessions/ledger.ts";
import type { SessionRecord, Tables } from "../sessions/record.ts";
import type { Control, Session } from "../sessions/session.ts";
import { advance, type Run } from "./advance.ts";
import { type Account, runStep } from "./run-step.ts";
import type { HandoffSettings } from "./settings.ts";
import { type StepOutcome, settle } from "./settle.ts";

export interface DriveDeps {
  record: SessionRecord;
  accounts: ReadonlyMap<string, Account>;
  now: () => number;
  random: () => number;
  log: Log;
  settings: HandoffSettings;
}

/** Who talks to the customer while a handoff is in a state. A parked one leaves the customer with the bot, not with nobody. */
export function controlOf(handoff: Handoff): Control {
  switch (handoff.state) {
    case "pending":
    case "routed":
      return "queue";
    case "assigned":
      return "agent";
    case "deferred":
    case "parked":
    case "returned":
    case "cancelled":
      return "bot";
  }
}

function withHandoff(session: Session, handoff: Handoff): Session {
  const { id, bot, session: name, epoch, facts, version, createdAt, updatedAt } = session;
  const common = { id, bot, session: name, version, createdAt, updatedAt };
  // The next round counts anew: a fallback of before the agent must not call the next one.
  const next =
    handoff.state === "returned"
      ? { ...common, epoch: epoch + 1, conversationId: null, facts: { ...facts, fallbacks: 0, errors: 0 } }
      : { ...common, epoch, conversationId: handoff.conversationId, facts };
  const control = controlOf(handoff);
  return control === "agent" ? { ...next, control, agentId: handoff.agentId } : { ...next, control };
}

const endOf = (outcome: StepOutcome): Pick<Attempt, "outcome" | "code"> => {
  switch (outcome.kind) {
    case "done":
    case "human":
    case "over":
      return { outcome: "ok", code: outcome.kind === "done" ? null : outcome.kind };
    case "refused":
      return { outcome: "refused", code: outcome.refusal.reason };
    case "unknown":
      return { outcome: "unknown", code: outcome.why };
  }
};

interface Turn {
  ledger: Ledger;
  run: Run[];
}

/**
 * Carries handoffs forward: commits the intents of every step whose turn it is, runs them side by side, and commits each
 * result together with the intents that follow from it. `drive` resolves when nothing more can be done now.
 */
export function createDrive({ record, accounts, now, random, log, settings }: DriveDeps) {
  /** Within a commit: what comes next, with its intents written. */
  function turn(tables: Tables, before: Ledger, changed: Ledger): Turn {
    const at = now();
    const { ledger, run } = advance(changed, at, settings);
    const { handoff } = ledger;
    for (const step of ledger.steps) {
      if (!before.steps.includes(step)) tables.handoffs.saveStep(handoff.id, step);
    }
    for (const { step } of run) tables.handoffs.addAttempt(handoff.id, step.position, step.fence, at);
    tables.handoffs.save(handoff);
    const isMoved = handoff.state !== before.handoff.state || handoff.conversationId !== before.handoff.conversationId;
    const session = isMoved ? tables.sessions.byId(handoff.sessionId) : null;
    if (session !== null) tables.sessions.save(withHandoff(session, handoff), at);
    return { ledger, run };
  }

  const start = (id: string): Promise<Turn | null> =>
    record.commit((tables) => {
      const ledger = tables.handoffs.ledger(id);
      return ledger === null ? null : turn(tables, ledger, ledger);
    });

  const finish = (id: string, run: Run, outcome: StepOutcome): Promise<Turn | null> =>
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
      return before === null ? null : turn(tables, before, settle(before, run, outcome, at, random(), settings));
    });

  function isHeld(id: string, { step }: Run): boolean {
    const steps = record.read((tables) => tables.handoffs.ledger(id))?.steps ?? [];
    return steps.some((it) => it.position === step.position && it.fence === step.fence && it.state === "sent");
  }

  function report(before: Ledger, run: Run, outcome: StepOutcome, after: Handoff): void {
    const { id: handoff, bot, account } = after;
    const { outcome: ended, code } = endOf(outcome);
    const call = "call" in outcome ? outcome.call : null;
    const fields = { handoff, bot, account, step: run.step.arguments.kind, outcome: ended ?? "unknown" };
    const detail = { ...(code !== null && { reason: code }), ...(call?.status != null && { status: call.status }) };
    if (ended === "ok") log.debug({ ...fields, ...detail }, "step done");
    else log.warn({ ...fields, ...detail }, "step not done");
    if (after.state === before.handoff.state) return;
    const state = { handoff, bot, account, state: after.state };
    if (after.state === "parked") log.error(state, "handoff parked: it needs a person; see `baton handoffs show`");
    else log.info(state, "handoff changed");
  }

  async function carry(ledger: Ledger, run: Run): Promise<void> {
    const { id, account: name } = ledger.handoff;
    const account = accounts.get(name);
    let outcome: StepOutcome;
    try {
      if (account === undefined) throw new Error(`account '${name}' is not configured`);
      outcome = await runStep({ account, ledger, run, isHeld: () => isHeld(id, run), now, settings, log });
    } catch (err) {
      // A bug of ours, or no account: whether anything was sent cannot be told.
      log.error({ handoff: id, account: name, err }, "a step failed unexpectedly");
      outcome = { kind: "unknown", why: "internal", call: null };
    }
    const next = await finish(id, run, outcome);
    if (next === null) return;
    report(ledger, run, outcome, next.ledger.handoff);
    await Promise.all(next.run.map((it) => carry(next.ledger, it)));
  }

  return async (id: string): Promise<void> => {
    const first = await start(id);
    if (first !== null) await Promise.all(first.run.map((run) => carry(first.ledger, run)));
  };
}
