/**
 * Parks handoffs of an account that refuses our credentials, and resumes them once it accepts them again. It tries a read now and
 * then. Once that is answered, one handoff goes first, since a key may read and not write; when that has its answer, all go on.
 */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import { earliest, type Schedule, type SchedulerDeps } from "../../schedule/scheduler.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { Gate } from "../account/gate.ts";
import { resume } from "../ledger/transitions/resume.ts";
import type { Dispatcher } from "../run/dispatcher.ts";
import { saveLedger } from "../save/save-ledger.ts";
import type { HandoffSettings } from "../settings.ts";
import type { Account } from "../steps/step-context.ts";

export interface CredentialsDeps extends Pick<SchedulerDeps, "now" | "steady"> {
  record: SessionRecord;
  flows: Flows;
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  dispatcher: Pick<Dispatcher, "start" | "resume">;
  schedule: Schedule;
  settings: HandoffSettings;
  log: Log;
}

const AT_ONCE = 100;

export function createCredentials(deps: CredentialsDeps) {
  const { record, flows, accounts, dispatcher, now, steady, schedule, settings, log } = deps;
  /** Time of the next question, by account. */
  const asksAt = new Map<string, number>();
  /** The last handoff that went first, by account. */
  const lastTried = new Map<string, string>();
  let isStopped = false;

  /** Resumes the next `limit` handoffs that wait for an account's credentials, from behind `after`. Returns them. */
  function resumeSome(account: string, limit: number, after = ""): Promise<DueHandoff[]> {
    return record.commit((tables) => {
      const waiting = tables.handoffs.parkedForCredentials(account, limit, after);
      for (const { id } of waiting) {
        const before = tables.handoffs.ledger(id);
        if (before !== null) saveLedger(tables, before, resume(before, now()), now(), { flows });
      }
      return waiting;
    });
  }

  async function resumeAll(account: string): Promise<void> {
    let count = 0;
    for (;;) {
      const batch = await resumeSome(account, AT_ONCE);
      for (const handoff of batch) dispatcher.start(handoff);
      count += batch.length;
      if (batch.length < AT_ONCE) break;
    }
    log.info({ account, count }, "the account takes our credentials again: its handoffs go on");
  }

  /** Parks handoffs that were not begun, too, each in its turn. */
  async function parkPending(account: string): Promise<void> {
    await record.commit((tables) => tables.handoffs.wakePending(account, now()));
    if (!isStopped) dispatcher.resume();
  }

  const hasWaiting = (account: string): boolean =>
    record.read((tables) => tables.handoffs.parkedForCredentials(account, 1)).length > 0;

  async function ask(name: string): Promise<void> {
    const account = accounts.get(name);
    if (account === undefined || isStopped) return;
    if (!account.gate.isRefused() && !hasWaiting(name)) return;
    const trial = account.gate.trialOf();
    if (trial !== null && record.read((tables) => tables.handoffs.byId(trial))?.state === "pending") return;
    const answer = await account.client.check();
    if (answer.kind !== "ok") return;
    // An earlier run left these, or they were parked just as the account accepted our credentials again.
    if (!account.gate.isRefused()) return resumeAll(name);
    // Each goes first in turn, so that a few without an answer do not delay the others.
    const next = await resumeSome(name, 1, lastTried.get(name));
    const [first] = next.length > 0 ? next : await resumeSome(name, 1);
    if (first === undefined) return account.gate.accept();
    lastTried.set(name, first.id);
    account.gate.probe(first.id);
    dispatcher.start(first);
  }

  const report = (account: string) => (err: unknown) =>
    log.error({ account, err }, "handoffs that wait for credentials could not be looked after; it is tried again");

  function askLater(account: string): void {
    asksAt.set(account, steady() + settings.askEveryMs);
  }

  async function askNow(account: string): Promise<void> {
    askLater(account);
    await ask(account).catch(report(account));
    askLater(account);
    job.changed();
  }

  const nextAt = (account: string): number => asksAt.get(account) ?? steady();

  const job = schedule({
    name: "recover-credentials",
    dueAt: () =>
      earliest(
        [...accounts]
          .filter(([name, { gate }]) => gate.isRefused() || hasWaiting(name))
          .map(([name]) => now() + Math.max(0, nextAt(name) - steady())),
      ),
    begin(): void {
      for (const name of accounts.keys()) void askNow(name);
    },
    run(): void {
      for (const name of accounts.keys()) if (nextAt(name) <= steady()) void askNow(name);
    },
    stop(): void {
      isStopped = true;
    },
  });

  return {
    /** An account has just refused our credentials. */
    refused(account: string): void {
      log.error(
        { alert: "account-refused", account },
        "the account refuses our credentials: its handoffs are parked; check its API key and its scope conversations:manage",
      );
      askLater(account);
      job.changed();
      parkPending(account).catch(report(account));
    },

    /** An account accepts our credentials again. */
    accepted(account: string): void {
      resumeAll(account).catch(report(account));
      // Some may be parked in the same moment.
      askLater(account);
      job.changed();
    },

    /** An operator wants this handoff to try, whatever is known of its account. */
    allow({ id, account }: DueHandoff): void {
      const gate = accounts.get(account)?.gate;
      if (gate?.isRefused()) gate.probe(id);
    },
  };
}
