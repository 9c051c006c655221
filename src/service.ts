/** The service without a runtime: entries, the replay and the tests give it a record, a network, a clock and ids. */
import { createConversationsClient } from "./conversations/client.ts";
import type { ClientDeps } from "./conversations/request.ts";
import { type Flow, flowsByBot } from "./escalation/flow.ts";
import type { Authenticate } from "./events/authenticate.ts";
import { createDirectory } from "./handoff/directory.ts";
import { createDispatcher, type DispatcherDeps } from "./handoff/dispatcher.ts";
import { createDrive } from "./handoff/drive.ts";
import { createReceive } from "./handoff/receive.ts";
import { type HandoffSettings, handoffSettingsSchema } from "./handoff/settings.ts";
import { createApp } from "./http/app.ts";
import type { Log } from "./log.ts";
import type { SessionRecord } from "./sessions/record.ts";

/** How an account is reached. */
export type Connection = Pick<ClientDeps, "baseUrl" | "apiKey" | "fetch">;

export interface ServiceDeps {
  record: SessionRecord;
  flows: readonly Flow[];
  /** By the name that flows give it. */
  accounts: ReadonlyMap<string, Connection>;
  authenticate: Authenticate;
  operatorToken: string;
  now: () => number;
  /** Of a request. */
  newId: () => string;
  /** Of a handoff: grows with time. */
  newHandoffId: () => string;
  /** 0 to 1. */
  random: () => number;
  setTimer: DispatcherDeps["setTimer"];
  log: Log;
  settings?: Partial<HandoffSettings>;
}

const KEEP_EVENTS_MS = 35 * 24 * 3_600_000;
const PRUNE_AT_ONCE = 1_000;
/** Parked handoffs that a start tells of, the newest first. */
const TOLD_AT_START = 100;

export function createService(deps: ServiceDeps) {
  const { record, flows, now, newId, newHandoffId, random, setTimer, log } = deps;
  const settings = handoffSettingsSchema.parse(deps.settings ?? {});
  const byBot = flowsByBot(flows);
  for (const flow of flows.filter(({ account }) => !deps.accounts.has(account))) {
    throw new Error(`Flow '${flow.name}' is for account '${flow.account}', which is not configured.`);
  }
  const accounts = new Map(
    [...deps.accounts].map(([name, connection]) => {
      const client = createConversationsClient({ ...connection, now });
      return [name, { client, directory: createDirectory(client, now) }];
    }),
  );
  const drive = createDrive({ record, accounts, now, random, log, settings });
  const dispatcher = createDispatcher({ record, drive, now, setTimer, log });
  const receive = createReceive({ record, flows: byBot, now, newId: newHandoffId, start: dispatcher.start });
  let isReady = true;
  const app = createApp({
    record,
    receive,
    dispatcher,
    flows: byBot,
    authenticate: deps.authenticate,
    operatorToken: deps.operatorToken,
    now,
    newId,
    log,
    isReady: () => isReady,
  });

  return {
    fetch: app.fetch,
    receive,
    dispatcher,
    /** Takes up what an earlier run left. Whoever had a step of it is gone: no other process may have the record. */
    async resume(): Promise<void> {
      const woken = await record.commit((tables) =>
        tables.handoffs.endLeases(now(), settings.leaseMs - settings.quietMs),
      );
      if (woken > 0) log.info({ count: woken }, "handoffs of the last run are carried on");
      // Whoever died between parking one and telling of it told nobody.
      for (const { id, bot, account, state } of record.read((tables) =>
        tables.handoffs.list({ state: "parked" }, TOLD_AT_START),
      )) {
        log.error({ handoff: id, bot, account, state }, "handoff parked: it needs a person; see `baton handoffs show`");
      }
      dispatcher.resume();
    },
    /** Forgets what nobody can ask for any more, a bounded number at once. */
    async prune(): Promise<void> {
      await record.commit((tables) => {
        tables.events.prune(now() - KEEP_EVENTS_MS, PRUNE_AT_ONCE);
        tables.idempotency.prune(now());
      });
    },
    /** Starts nothing more, and resolves when what is in work has ended. */
    async stop(): Promise<void> {
      isReady = false;
      await dispatcher.stop();
    },
  };
}
