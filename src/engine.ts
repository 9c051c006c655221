/** The service without a runtime: entries, the replay and the tests give it a record, a network, a clock and ids. */

import { createReachedLimits } from "./alerts/reached-limits.ts";
import { type AlertSettings, createAlertWatch } from "./alerts/watch.ts";
import { createDelivery, type DeliveryDeps } from "./callbacks/delivery.ts";
import { type Flow, flowsByBot } from "./escalation/flow.ts";
import type { Pushed } from "./events/sources/conversations.ts";
import { askForRoute } from "./handoff/account/forecast-route.ts";
import { type Connection, openAccount } from "./handoff/account/open-account.ts";
import { createBacktest } from "./handoff/backtest.ts";
import { createReadGauges } from "./handoff/gauges.ts";
import { scheduleLateWatch } from "./handoff/jobs/alert-overdue.ts";
import { atPlatformIn, createPoll } from "./handoff/jobs/poll-conversations.ts";
import { createMessagePoll } from "./handoff/jobs/poll-messages.ts";
import { createPruning, RETENTION_MS } from "./handoff/jobs/prune.ts";
import { createCredentials } from "./handoff/jobs/recover-credentials.ts";
import { createWorkingHours } from "./handoff/jobs/refresh-working-hours.ts";
import { schedulePolls } from "./handoff/jobs/schedule-polls.ts";
import { createLocalApi } from "./handoff/local-api.ts";
import { createBegin } from "./handoff/run/begin-handoff.ts";
import { createDispatcher } from "./handoff/run/dispatcher.ts";
import { createExecutor, type ExecutorDeps } from "./handoff/run/executor.ts";
import { createPutOff } from "./handoff/run/put-off-failed.ts";
import { createTurn } from "./handoff/run/turn.ts";
import { leaveConversation } from "./handoff/save/give-up-conversation.ts";
import { tellState } from "./handoff/save/log-state.ts";
import { type HandoffSettings, handoffSettingsSchema } from "./handoff/settings.ts";
import { createOperate } from "./handoff/use-cases/operator-actions.ts";
import { createErase, type EraseDeps } from "./handoff/use-cases/personal-data.ts";
import { createReceive } from "./handoff/use-cases/receive-event.ts";
import { createReceivePush } from "./handoff/use-cases/receive-push.ts";
import { createKeyedRequests } from "./handoff/use-cases/repeats/idempotency.ts";
import { createResend } from "./handoff/use-cases/resend-callback.ts";
import type { Log } from "./log.ts";
import { type Meter, silentMeter } from "./metrics/meter.ts";
import type { Handoff } from "./model/handoff.ts";
import { createScheduler, type SchedulerDeps } from "./schedule/scheduler.ts";
import { steadyClockOf } from "./steady-clock.ts";
import { isStorageFailure } from "./store/storage-error.ts";
import { watchStorage } from "./store/storage-health.ts";
import type { SessionRecord } from "./store/store.ts";
import type { Spans } from "./trace/spans.ts";

/** Dependencies of the engine. */
export interface EngineDeps {
  record: SessionRecord;
  flows: readonly Flow[];
  /** Keys are the names that flows use. */
  accounts: ReadonlyMap<string, Connection>;
  now: () => number;
  /** Milliseconds that have passed, whatever `now` is set to; without it a clock that follows `now` ahead and not back. */
  steadyNow?: () => number;
  /** Makes a handoff's id. Ids sort by time. */
  newHandoffId: () => string;
  /** 0 to 1. */
  random: () => number;
  setTimer: SchedulerDeps["setTimer"];
  /** True: the runtime lets go of timers and has an alarm, set to `nextDue`, that calls `wake`. */
  rests?: boolean;
  log: Log;
  /** Traces of an SDK that the operator brings. */
  spans?: Spans | undefined;
  /** Absent: nobody reads what this engine counts. */
  meter?: Meter;
  settings?: Partial<HandoffSettings>;
  /** Milliseconds that a session is kept after its last word, and a handoff after it was over. */
  retentionMs?: number;
  /** True: the owner of the record forgets its sessions as a whole. */
  keepsSessions?: boolean;
  /** Callbacks stay in the outbox if this is absent. */
  callbacks?: Pick<DeliveryDeps, "send" | "botSecrets">;
  /** Absent: nothing watches over all sessions, since this record has not all of them. */
  alerts?: AlertSettings | undefined;
  /** Called when a push or a poll changed a handoff. */
  moved?: (handoff: Handoff) => void;
  /** Asks others whose a conversation is. Resolves once the record has the answer. */
  beforeAdopting?: ExecutorDeps["beforeAdopting"];
  /** Erases what others keep of a session. */
  eraseElsewhere?: EraseDeps["eraseElsewhere"];
}

/** Parked handoffs that a start tells of, the newest first. */
const TOLD_AT_START = 100;

/** Everything but HTTP, over one record. */
export function createEngine(deps: EngineDeps) {
  const { flows, now, newHandoffId, random, log, meter = silentMeter } = deps;
  const steady = steadyClockOf(deps.steadyNow, now);
  let isReady = true;
  const isStopping = () => !isReady;
  /** Callers handle failures in their timers; a failure that they miss ends no process. */
  const setTimer: SchedulerDeps["setTimer"] = (wake, ms) =>
    deps.setTimer(() => {
      try {
        wake();
      } catch (err) {
        log.error({ err }, "a timer failed unexpectedly");
      }
    }, ms);
  /** Jobs begin in the order in which they are scheduled here. */
  const scheduler = createScheduler({
    ...{ now, steady, setTimer, rests: deps.rests },
    onFailure(job, err) {
      // `storage-health` logs it, once.
      if (!isStorageFailure(err)) log.error({ job, err }, "a timed job failed; it is tried again");
    },
  });
  const { schedule } = scheduler;
  const settings = handoffSettingsSchema.parse(deps.settings ?? {});
  const { record, isWritable, isFailing } = watchStorage(deps.record, (isBack, err) => {
    if (isBack) log.info({}, "the database takes writes again");
    else
      log.error(
        { alert: "storage-failing", err },
        "the database takes no writes: nothing new is accepted; see that the disk has space",
      );
  });
  const byBot = flowsByBot(flows);
  for (const flow of flows.filter(({ account }) => !deps.accounts.has(account))) {
    throw new Error(`Flow '${flow.name}' is for account '${flow.account}', which is not configured.`);
  }
  const accounts = new Map(
    [...deps.accounts].map(([name, connection]) => {
      const onRefused = () => credentials.refused(name);
      const onAccepted = () => credentials.accepted(name);
      const { spans } = deps;
      const account = openAccount(name, connection, {
        ...{ now, steady, setTimer, settings, spans, meter, log },
        ...{ onRefused, onAccepted },
      });
      return [name, account];
    }),
  );
  // Hours come before deferred handoffs, since it may be open by now.
  const hours = createWorkingHours({ flows, accounts, now, steady, setTimer, schedule, log });
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
  const { drive, begin } = createExecutor({
    record,
    accounts,
    takeTurn,
    changed,
    beforeAdopting: deps.beforeAdopting,
    now,
    random,
    log,
    meter,
    settings,
    setTimer,
    isStopping,
  });
  const heldUntil = (account: string) => accounts.get(account)?.gate.heldUntil() ?? null;
  const perAccount = settings.handoffsAtOnce;
  const putOff = createPutOff({ record, flows: byBot, changed, now, log, meter });
  const dispatcher = createDispatcher({
    ...{ record, drive, putOff, heldUntil, perAccount },
    ...{ now, steady, setTimer, schedule, log },
  });
  const credentials = createCredentials({
    ...{ record, flows: byBot, accounts, dispatcher, settings },
    ...{ now, steady, schedule, log },
  });
  const callbacks =
    deps.callbacks &&
    createDelivery({
      ...{ ...deps.callbacks, record, flows: byBot, spans: deps.spans },
      ...{ now, steady, random, schedule, log, meter },
    });
  const limits = createReachedLimits(now);
  const receive = createReceive({
    record,
    flows: byBot,
    now,
    newId: newHandoffId,
    start: dispatcher.start,
    begin: createBegin({ dispatcher, begin }),
    noteLimit: limits.note,
    knownHours: hours.known,
    opensAt: hours.opensAt,
    maxPending: settings.maxPending,
    log,
    meter,
  });
  const moved = (handoff: Handoff): void => {
    messages.watch(handoff);
    deps.moved?.(handoff);
  };
  const { receivePush, receiveState } = createReceivePush({
    record,
    flows: byBot,
    now,
    start: dispatcher.start,
    changed,
    moved,
    log,
    meter,
  });
  const atPlatform = atPlatformIn(record, byBot);
  const messages = createMessagePoll({ atPlatform, accounts, flows: byBot, receivePush, isStopping, now, steady });
  const poll = createPoll({ atPlatform, receiveState, finish: messages.finish, now, steady });
  schedulePolls({ accounts, poll, messages, now, steady, schedule, log });
  scheduleLateWatch({ record, flows: byBot, now, schedule, changed, log });
  const operate = createOperate({
    record,
    flows: byBot,
    now,
    settings,
    start: dispatcher.start,
    allow: credentials.allow,
    log,
    meter,
  });
  const accountHealth = () => [...accounts.values()].map(({ health }) => health.read());
  const alerts =
    deps.alerts &&
    createAlertWatch({
      ...deps.alerts,
      record,
      bots: [...byBot].map(([bot, { account }]) => ({ bot, account })),
      accounts: accountHealth,
      maxPending: settings.maxPending,
      limits,
      isStorageFailing: isFailing,
      isWritable,
      now,
      steady,
      schedule,
      log,
    });
  const core = createLocalApi({
    record,
    receive,
    dispatcher,
    receivePush,
    operate,
    resend: createResend({ record, now, changed, log }),
    erase: createErase({ record, flows: byBot, log, eraseElsewhere: deps.eraseElsewhere }),
    keyedRequests: createKeyedRequests({ record, now }),
    accountHealth,
    backtest: createBacktest({ record, steady, isStopping, pause: () => new Promise((go) => setTimer(go, 0)) }),
    forecastRoute: (account, question) => askForRoute(accounts.get(account), question),
    openAlerts: () => alerts?.open() ?? null,
    now,
  });

  const pruning = createPruning({
    record,
    flows: byBot,
    accountOf: (bot) => byBot.get(bot)?.account ?? null,
    retentionMs: deps.retentionMs ?? RETENTION_MS,
    keepsSessions: deps.keepsSessions ?? false,
    ...{ now, steady, setTimer, schedule, isStopping, log },
  });

  return {
    core,
    receive,
    dispatcher,
    callbacks,
    alerts,
    byBot,
    readGauges: createReadGauges({ record, accountHealth, now, steady }),
    pushed(account: string, pushes: readonly Pushed[]): void {
      accounts.get(account)?.health.notePush();
      poll.pushed(account);
      if (pushes.some(({ event }) => event?.type === "agent.wrote")) messages.pushed(account);
    },
    receiveState,
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
      // A process that died between parking one and logging it has logged nothing.
      const parked = record.read((tables) => tables.handoffs.list({ state: "parked" }, TOLD_AT_START));
      for (const handoff of parked) tellState(log, handoff);
      await scheduler.begin();
    },
    /** When the record has to be looked at again, whatever happens; null: it has nothing to do by itself. */
    nextDue: scheduler.dueAt,
    /** Does what has come due: for a runtime that keeps no timers while nothing happens. */
    wake: scheduler.run,
    /** Further jobs, before `resume`. */
    schedule,
    prune: pruning.prune,
    /** Starts nothing more, and resolves when what is in work has ended. */
    async stop(): Promise<void> {
      isReady = false;
      await scheduler.stop();
    },
  };
}
