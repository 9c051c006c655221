/** The service without a runtime: entries, the replay and the tests give it a record, a network, a clock and ids. */

import type { Authenticate } from "./auth/authenticate.ts";
import { createDelivery, type DeliveryDeps } from "./callbacks/delivery.ts";
import type { Operator } from "./config/operators.ts";
import { type Flow, flowsByBot } from "./escalation/flow.ts";
import type { Source } from "./events/source.ts";
import type { Pushed } from "./events/sources/conversations.ts";
import { sources as knownSources } from "./events/sources.ts";
import { createAccountHealth } from "./handoff/account/account-health.ts";
import { createDirectory } from "./handoff/account/directory.ts";
import { createGate } from "./handoff/account/gate.ts";
import { createLeasedGate } from "./handoff/account/remote-gate.ts";
import type { SharedAccount } from "./handoff/account/shared-account.ts";
import { createLateWatch } from "./handoff/jobs/alert-overdue.ts";
import { nextDue } from "./handoff/jobs/next-due.ts";
import { atPlatformIn, createPoll } from "./handoff/jobs/poll-conversations.ts";
import { createMessagePoll } from "./handoff/jobs/poll-messages.ts";
import { createPruning, RETENTION_MS } from "./handoff/jobs/prune.ts";
import { createCredentials } from "./handoff/jobs/recover-credentials.ts";
import { createWorkingHours } from "./handoff/jobs/refresh-working-hours.ts";
import { createLocalCore } from "./handoff/local-api.ts";
import { createBegin } from "./handoff/run/begin-handoff.ts";
import { createDispatcher, type DispatcherDeps } from "./handoff/run/dispatcher.ts";
import { createDrive, type DriveDeps } from "./handoff/run/executor.ts";
import { createPutOff } from "./handoff/run/put-off-failed.ts";
import { createTurn } from "./handoff/run/turn.ts";
import { leaveConversation } from "./handoff/save/give-up-conversation.ts";
import { tellState } from "./handoff/save/log-state.ts";
import { type HandoffSettings, handoffSettingsSchema } from "./handoff/settings.ts";
import { createKeyedRequests } from "./handoff/use-cases/idempotency.ts";
import { createOperate } from "./handoff/use-cases/operator-actions.ts";
import { createErase, type EraseDeps } from "./handoff/use-cases/personal-data.ts";
import { createReceive } from "./handoff/use-cases/receive-event.ts";
import { createHear } from "./handoff/use-cases/receive-push.ts";
import { createResend } from "./handoff/use-cases/resend-callback.ts";
import type { WithConsole } from "./http/access/console-door.ts";
import { createReadBody } from "./http/access/read-body.ts";
import { createRefusals } from "./http/access/refusals.ts";
import { createApp } from "./http/app.ts";
import type { Describe, ReadPageFile } from "./http/description.ts";
import type { ServeMcp } from "./http/mcp.ts";
import { createQuota } from "./http/quota.ts";
import { createTails } from "./http/tail/tails.ts";
import { createConversationsClient } from "./infobip/client.ts";
import type { ClientDeps } from "./infobip/request.ts";
import type { Log } from "./log.ts";
import type { Handoff } from "./model/handoff.ts";
import { err } from "./result.ts";
import { steadyClockOf } from "./steady-clock.ts";
import { KEEP_AUDIT_MS } from "./store/audit-log.ts";
import { createRecordAuditLog } from "./store/record-audit-log.ts";
import { watchStorage } from "./store/storage-health.ts";
import type { SessionRecord } from "./store/store.ts";

/** How an account is reached. */
export interface Connection extends Pick<ClientDeps, "baseUrl" | "apiKey" | "fetch" | "transport"> {
  /** How often it is asked for what its pushes did not tell, in milliseconds; 0: never. */
  pollEveryMs?: number;
  /** Where others have the account too: who knows all of it. */
  shared?: SharedAccount;
}

/** What the core needs, whoever asks it. */
export interface CoreDeps {
  record: SessionRecord;
  flows: readonly Flow[];
  /** By the name that flows give it. */
  accounts: ReadonlyMap<string, Connection>;
  now: () => number;
  /** Milliseconds that have passed, whatever `now` is set to; without it a clock that follows `now` ahead and not back. */
  steadyNow?: () => number;
  /** Of a handoff: grows with time. */
  newHandoffId: () => string;
  /** 0 to 1. */
  random: () => number;
  setTimer: DispatcherDeps["setTimer"];
  log: Log;
  settings?: Partial<HandoffSettings>;
  /** How long a session is kept after its last word, and a handoff after it was over, in milliseconds. */
  retentionMs?: number;
  /** True: the owner of the record forgets its sessions as a whole. */
  keepsSessions?: boolean;
  /** Without it callbacks stay in the outbox. */
  callbacks?: Pick<DeliveryDeps, "send" | "botSecrets">;
  /** What the platform told changed a handoff. */
  moved?: (handoff: Handoff) => void;
  /** Where others decide whose a conversation is: resolves when that is known, and the record has it. */
  beforeAdopting?: DriveDeps["beforeAdopting"];
  /** Where others keep something of a session. */
  eraseElsewhere?: EraseDeps["eraseElsewhere"];
}

export interface ServiceDeps extends CoreDeps {
  /** By name; those of the project, unless given. */
  sources?: ReadonlyMap<string, Source>;
  /** Reads the page that shows the description of the interface. */
  readPageFile?: ReadPageFile;
  /** Address of a conversation at the agents' desk, where there is one. */
  deskAddress?: (account: string, conversationId: string) => string | null;
  authenticate: Authenticate;
  /** Of the platform's pushes, by account; without it they are refused. */
  authenticatePlatform?: Authenticate;
  operators: readonly Operator[];
  /** Of a request. */
  newId: () => string;
  /** Of each bot, with ten seconds' worth of them at once. */
  botEventsPerSecond?: number;
}

/** More than any chatbot says; less than keeps the disk busy. */
export const BOT_EVENTS_PER_SECOND = 1_000;
/** Gentle on an account's limits, and soon enough for a bot that is to stay silent. */
const POLL_EVERY_MS = 30_000;
const HOURS_WITHIN_MS = 2_000;
/** Acts that go each time: more than operators do between two. */
const AUDIT_AT_ONCE = 250;
/** Parked handoffs that a start tells of, the newest first. */
const TOLD_AT_START = 100;

/** Everything but HTTP, over one record. */
export function createRunningCore(deps: CoreDeps) {
  const { flows, now, newHandoffId, random, log } = deps;
  const steady = steadyClockOf(deps.steadyNow, now);
  let isReady = true;
  /** Whoever sets a timer sees to its own failures; what they miss ends no process. */
  const setTimer: DispatcherDeps["setTimer"] = (wake, ms) =>
    deps.setTimer(() => {
      try {
        wake();
      } catch (err) {
        log.error({ err }, "a timer failed unexpectedly");
      }
    }, ms);
  const settings = handoffSettingsSchema.parse(deps.settings ?? {});
  const { record, isWritable } = watchStorage(deps.record, (isBack, err) => {
    if (isBack) log.info({}, "the database takes writes again");
    else log.error({ err }, "the database takes no writes: nothing new is accepted; see that the disk has space");
  });
  const byBot = flowsByBot(flows);
  for (const flow of flows.filter(({ account }) => !deps.accounts.has(account))) {
    throw new Error(`Flow '${flow.name}' is for account '${flow.account}', which is not configured.`);
  }
  const accounts = new Map(
    [...deps.accounts].map(([name, connection]) => {
      const { shared } = connection;
      const onRefused = () => credentials.refused(name);
      const onAccepted = () => credentials.accepted(name);
      const onOpen = () => log.error({ account: name }, "the platform fails: this account is left alone for a while");
      const gate =
        shared === undefined
          ? createGate({ now, steady, settings, onOpen, onRefused, onAccepted })
          : createLeasedGate({ shared, now, steady, setTimer, settings, onRefused, onAccepted, log });
      const health = createAccountHealth(name, () => gate, now);
      const onCall: ClientDeps["onCall"] = (_, outcome) => {
        health.noteOutcome(outcome);
        gate.heard(outcome);
      };
      const client = createConversationsClient({ ...connection, now, onCall });
      const pollEveryMs = connection.pollEveryMs ?? POLL_EVERY_MS;
      if (shared === undefined)
        return [name, { client, directory: createDirectory(client, steady), gate, health, pollEveryMs }];
      const { check, workingHoursStatus } = shared;
      return [name, { client: { ...client, check, workingHoursStatus }, directory: shared, gate, health, pollEveryMs }];
    }),
  );
  const hours = createWorkingHours({ flows, accounts, steady, setTimer, log });
  const callbacks =
    deps.callbacks && createDelivery({ ...deps.callbacks, record, flows: byBot, now, steady, random, setTimer, log });
  const changed = (): void => callbacks?.wake();
  const takeTurn = createTurn({
    flows: byBot,
    opensAt: ({ bot }, at) => {
      const flow = byBot.get(bot);
      return flow === undefined ? at : hours.opensAt(flow, at);
    },
    isAwaited: (id) => dispatcher.isAwaited(id),
    now,
    settings,
  });
  const { drive, begin } = createDrive({
    record,
    accounts,
    takeTurn,
    changed,
    beforeAdopting: deps.beforeAdopting,
    now,
    random,
    log,
    settings,
    setTimer,
    isStopping: () => !isReady,
  });
  const heldUntil = (account: string) => accounts.get(account)?.gate.heldUntil() ?? null;
  const perAccount = settings.handoffsAtOnce;
  const putOff = createPutOff({ record, flows: byBot, changed, now, log });
  const dispatcher = createDispatcher({ record, drive, putOff, heldUntil, now, steady, setTimer, log, perAccount });
  const credentials = createCredentials({ record, flows: byBot, accounts, dispatcher, now, setTimer, settings, log });
  const receive = createReceive({
    record,
    flows: byBot,
    now,
    newId: newHandoffId,
    start: dispatcher.start,
    begin: createBegin({ dispatcher, begin }),
    knownHours: hours.known,
    opensAt: hours.opensAt,
    maxPending: settings.maxPending,
  });
  const moved = (handoff: Handoff): void => {
    messages.watch(handoff);
    deps.moved?.(handoff);
  };
  const { hear, see } = createHear({ record, flows: byBot, now, start: dispatcher.start, changed, moved, log });
  const atPlatform = atPlatformIn(record, byBot);
  const messages = createMessagePoll({ atPlatform, accounts, flows: byBot, hear, now, steady, setTimer, log });
  const poll = createPoll({ atPlatform, accounts, see, finish: messages.finish, now, steady, setTimer, log });
  const late = createLateWatch({ record, flows: byBot, now, setTimer, changed, log });
  const operate = createOperate({
    record,
    flows: byBot,
    now,
    settings,
    start: dispatcher.start,
    allow: credentials.allow,
    log,
  });
  /** A platform that is silent holds nobody up. */
  const briefly = (reading: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = setTimer(resolve, HOURS_WITHIN_MS);
      void reading.finally(() => {
        cancel();
        resolve();
      });
    });
  const core = createLocalCore({
    record,
    receive,
    dispatcher,
    hear,
    operate,
    resend: createResend({ record, now, changed, log }),
    erase: createErase({ record, flows: byBot, log, eraseElsewhere: deps.eraseElsewhere }),
    keyedRequests: createKeyedRequests({ record, now }),
    accountHealth: () => [...accounts.values()].map(({ health }) => health.read()),
    now,
  });

  const pruning = createPruning({
    record,
    accountOf: (bot) => byBot.get(bot)?.account ?? null,
    retentionMs: deps.retentionMs ?? RETENTION_MS,
    keepsSessions: deps.keepsSessions ?? false,
    now,
    setTimer,
    isStopping: () => !isReady,
    log,
  });

  return {
    core,
    receive,
    dispatcher,
    callbacks,
    byBot,
    pushed(account: string, pushes: readonly Pushed[]): void {
      accounts.get(account)?.health.notePush();
      poll.pushed(account);
      if (pushes.some(({ event }) => event?.type === "agent.wrote")) messages.pushed(account);
    },
    see,
    /** A conversation is another bot's: what is in it here goes on without. */
    async leaveConversation(account: string, id: string): Promise<void> {
      const moved = await record.commit((tables) => leaveConversation(tables, byBot, account, id, now()));
      for (const handoff of moved) dispatcher.start(handoff);
      if (moved.length > 0) changed();
    },
    isReady: () => isReady,
    isWritable,
    /** Takes up what an earlier run left. Whoever had a step of it is gone: no other process may have the record. */
    async resume(): Promise<void> {
      const woken = await record.commit(({ handoffs }) => {
        handoffs.clockWasAhead(now());
        return handoffs.endInFlight(now());
      });
      if (woken > 0) log.info({ count: woken }, "handoffs of the last run are carried on");
      // Whoever died between parking one and telling of it told nobody.
      const parked = record.read((tables) => tables.handoffs.list({ state: "parked" }, TOLD_AT_START));
      for (const handoff of parked) tellState(log, handoff);
      // Before what was put off is looked at: it may be open by now.
      await briefly(hours.begin());
      dispatcher.resume();
      credentials.begin();
      await callbacks?.resume();
      poll.begin();
      messages.begin();
      late.begin();
    },
    /** When the record has to be looked at again, whatever happens; null: it has nothing to do by itself. */
    nextDue: () =>
      nextDue({
        record,
        accounts: accounts.keys(),
        now,
        settings,
        isInWork: () => dispatcher.isInWork() || callbacks?.isInWork() === true,
      }),
    /** Does what has come due: for a runtime that keeps no timers while nothing happens. */
    async wake(): Promise<void> {
      await briefly(hours.refresh());
      dispatcher.resume();
      credentials.begin();
      callbacks?.wake();
      late.begin();
    },
    prune: pruning.prune,
    /** Starts nothing more, and resolves when what is in work has ended. */
    async stop(): Promise<void> {
      isReady = false;
      credentials.stop();
      hours.stop();
      poll.stop();
      messages.stop();
      late.stop();
      await Promise.all([dispatcher.stop(), callbacks?.stop()]);
    },
  };
}

/** The protocol is loaded when a language model first calls. */
export const serveMcp: ServeMcp = async (request, body, tools) => {
  const loaded = await import("./mcp/serve-mcp.ts");
  return loaded.serveMcp(request, body, tools);
};

/** The document is loaded when somebody first asks for it: few starts need it. */
export const describe: Describe = async (there) => {
  const { describeInterface } = await import("./openapi/document.ts");
  return describeInterface(there);
};

/** The console is loaded when somebody first opens it. */
export const openConsole: WithConsole["openConsole"] = async (deps) => {
  const { createConsole } = await import("./console/console.ts");
  return createConsole(deps);
};

/** The same record, and how many commits it has seen. */
function countCommits(record: SessionRecord): { record: SessionRecord; changes: () => number } {
  let count = 0;
  return {
    changes: () => count,
    record: {
      ...record,
      commit: (work) => {
        count += 1;
        return record.commit(work);
      },
    },
  };
}

export function createService(deps: ServiceDeps) {
  const steadyNow = steadyClockOf(deps.steadyNow, deps.now);
  const { record, changes } = countCommits(deps.record);
  const running = createRunningCore({ ...deps, record, steadyNow });
  const { core, byBot, pushed, isReady, isWritable } = running;
  const refusals = createRefusals({ now: steadyNow, log: deps.log, setTimer: deps.setTimer });
  const sources = deps.sources ?? knownSources;
  const tails = createTails({
    flows: byBot,
    sources,
    now: deps.now,
    steadyNow,
    newId: deps.newId,
    setTimer: deps.setTimer,
  });
  const app = createApp({
    core,
    tails,
    flows: byBot,
    sources,
    describe,
    serveMcp,
    readPageFile: deps.readPageFile,
    openConsole,
    changes,
    deskAddress: deps.deskAddress,
    authenticate: deps.authenticate,
    authenticatePlatform: deps.authenticatePlatform ?? (() => err({ reason: "no-credentials" })),
    accounts: deps.accounts,
    pushed,
    operators: deps.operators,
    audit: createRecordAuditLog(deps.record),
    now: deps.now,
    newId: deps.newId,
    refusals,
    readBody: createReadBody(),
    quota: createQuota({ now: steadyNow, perSecond: deps.botEventsPerSecond ?? BOT_EVENTS_PER_SECOND }),
    log: deps.log,
    isReady,
    isWritable,
  });
  return {
    ...running,
    fetch: app.fetch,
    stop(): Promise<void> {
      refusals.stop();
      tails.stop();
      return running.stop();
    },
    async prune(): Promise<void> {
      await running.prune();
      await deps.record.commit(({ audit }) => audit.prune(deps.now() - KEEP_AUDIT_MS, AUDIT_AT_ONCE));
    },
  };
}
