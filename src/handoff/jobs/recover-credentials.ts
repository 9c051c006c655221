/**
 * Parks handoffs of an account that refuses our credentials, and resumes them once it accepts them again. It tries a read now and
 * then. Once that is answered, one handoff goes first, since a key may read and not write; when that has its answer, all go on.
 */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import type { Job } from "../../scheduler.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { Gate } from "../account/gate.ts";
import { resumed } from "../ledger/transitions/resume.ts";
import type { Dispatcher, DispatcherDeps } from "../run/dispatcher.ts";
import { keep } from "../save/save-ledger.ts";
import type { HandoffSettings } from "../settings.ts";
import type { Account } from "../steps/step-context.ts";

export interface CredentialsDeps {
  record: SessionRecord;
  flows: Flows;
  accounts: ReadonlyMap<string, Account & { gate: Gate }>;
  dispatcher: Pick<Dispatcher, "start" | "resume">;
  now: () => number;
  setTimer: DispatcherDeps["setTimer"];
  settings: HandoffSettings;
  log: Log;
}

const AT_ONCE = 100;

export function createCredentials(deps: CredentialsDeps) {
  const { record, flows, accounts, dispatcher, now, setTimer, settings, log } = deps;
  const timers = new Map<string, () => void>();
  /** The last handoff that went first, by account. */
  const lastTried = new Map<string, string>();
  let isStopped = false;

  /** Resumes the next `limit` handoffs that wait for an account's credentials, from behind `after`. Returns them. */
  function resume(account: string, limit: number, after = ""): Promise<DueHandoff[]> {
    return record.commit((tables) => {
      const waiting = tables.handoffs.parkedForCredentials(account, limit, after);
      for (const { id } of waiting) {
        const before = tables.handoffs.ledger(id);
        if (before !== null) keep(tables, before, resumed(before, now()), now(), { flows });
      }
      return waiting;
    });
  }

  async function resumeAll(account: string): Promise<void> {
    let count = 0;
    for (;;) {
      const batch = await resume(account, AT_ONCE);
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
    if (trial !== null && record.read((tables) => tables.handoffs.byId(trial))?.state === "pending") return arm(name);
    const answer = await account.client.check();
    if (answer.kind !== "ok") return arm(name);
    // An earlier run left these, or they were parked just as the account accepted our credentials again.
    if (!account.gate.isRefused()) return resumeAll(name);
    // Each goes first in turn, so that a few without an answer do not delay the others.
    const next = await resume(name, 1, lastTried.get(name));
    const [first] = next.length > 0 ? next : await resume(name, 1);
    if (first === undefined) return account.gate.accept();
    lastTried.set(name, first.id);
    account.gate.tryWith(first.id);
    dispatcher.start(first);
    arm(name);
  }

  const report = (account: string) => (err: unknown) =>
    log.error({ account, err }, "handoffs that wait for credentials could not be looked after; it is tried again");

  function arm(account: string): void {
    timers.get(account)?.();
    timers.delete(account);
    if (isStopped) return;
    timers.set(
      account,
      setTimer(() => askAndGoOn(account), settings.askEveryMs),
    );
  }

  function askAndGoOn(account: string): void {
    ask(account).catch((err: unknown) => {
      report(account)(err);
      arm(account);
    });
  }

  /** Takes over handoffs that an earlier run left parked: asks at once whether the credentials work now. */
  function askAll(): void {
    for (const name of accounts.keys()) askAndGoOn(name);
  }

  return {
    /** An account has just refused our credentials. */
    refused(account: string): void {
      log.error(
        { alert: "account-refused", account },
        "the account refuses our credentials: its handoffs are parked; check its API key and its scope conversations:manage",
      );
      arm(account);
      parkPending(account).catch(report(account));
    },

    /** An account accepts our credentials again. */
    accepted(account: string): void {
      resumeAll(account).catch(report(account));
      arm(account);
    },

    /** An operator wants this handoff to try, whatever is known of its account. */
    allow({ id, account }: DueHandoff): void {
      const gate = accounts.get(account)?.gate;
      if (gate?.isRefused()) gate.tryWith(id);
    },

    job: {
      name: "recover-credentials",
      dueAt: () => ([...accounts.keys()].some(hasWaiting) ? now() + settings.askEveryMs : null),
      begin: askAll,
      run: askAll,
      stop(): void {
        isStopped = true;
        for (const cancel of timers.values()) cancel();
      },
    } satisfies Job,
  };
}
