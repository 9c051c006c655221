/** The core as the Worker in front reaches it: each session in an object of its own, lists in the read model. */

import type { ParsedEvent } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { HandoffApi, Operated } from "../handoff/api.ts";
import type { Overview } from "../handoff/overview.ts";
import type { Answer } from "../handoff/use-cases/event-answer.ts";
import type { PushOutcome } from "../handoff/use-cases/receive-push.ts";
import type { Log } from "../log.ts";
import { storageUnreachable } from "../store/storage-error.ts";
import type { Env, SessionStub } from "./environment.ts";
import type { AccountObject } from "./objects/account-object.ts";
import { conversationName, keyName, sessionName } from "./objects/object-names.ts";
import { readFlowVersions } from "./read-model/flow-versions.ts";
import { readFiredRules, readOverview } from "./read-model/overview.ts";
import type { ReadModel } from "./read-model/read-model.ts";

interface RemoteApiDeps {
  env: Env;
  readModel: Pick<ReadModel, "objectOf" | "page">;
  /** Names of the configured accounts. */
  accounts: Iterable<string>;
  log: Log;
}

const TRIES = 3;
const CONDITIONS_KEPT_MS = 4_000;
type Condition = Awaited<ReturnType<AccountObject["condition"]>>;
const isRetryable = (error: unknown): boolean =>
  error instanceof Error && "retryable" in error && error.retryable === true && !("overloaded" in error);

/** Groups items by key, works on the groups side by side, and returns the results in the items' order. */
async function askInGroups<T, R>(
  items: readonly T[],
  keyOf: (item: T) => string,
  work: (key: string, items: T[]) => Promise<R[]>,
): Promise<R[]> {
  const [first] = items;
  if (first !== undefined && items.length === 1) return work(keyOf(first), [first]);
  const places = Map.groupBy(items.keys(), (index) => keyOf(items[index] as T));
  const results: R[] = new Array(items.length);
  await Promise.all(
    [...places].map(async ([key, indexes]) => {
      const done = await work(
        key,
        indexes.map((index) => items[index] as T),
      );
      indexes.forEach((index, at) => {
        results[index] = done[at] as R;
      });
    }),
  );
  return results;
}

export function createRemoteApi({ env, readModel, accounts, log }: RemoteApiDeps): HandoffApi {
  /** Calls of an object may be repeated: each acts once. */
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt < TRIES && isRetryable(error)) continue;
        log.error({ count: attempt, err: error }, "an object could not be reached, or failed");
        throw storageUnreachable(error);
      }
    }
  }

  const sessionOf = (bot: string, session: string) => env.SESSIONS.getByName(sessionName(bot, session));
  const keyOf = (bot: string, key: string) => env.KEYS.getByName(keyName(bot, key));

  /** Asks the object that has a handoff; null: none has it. A stub that failed once is of no more use. */
  async function askHolder<T>(id: string, work: (holder: SessionStub) => Promise<T>) {
    const object = await ask(() => readModel.objectOf(id));
    if (object === null) return null;
    return ask(() => work(env.SESSIONS.get(env.SESSIONS.idFromString(object))));
  }

  const operate = async (id: string, act: "retry" | "cancel"): Promise<Operated> =>
    (await askHolder(id, async (holder) => holder[act](id))) ?? { ok: false, error: { reason: "no-such-handoff" } };

  async function conditionOf(account: string): Promise<Condition[]> {
    try {
      return [await env.ACCOUNTS.getByName(account).condition(account)];
    } catch (err) {
      log.warn({ account, err }, "an account's object could not be asked how the account is");
      return [];
    }
  }
  /** Several consoles share one look. A request keeps the result, since it may not wait for what another one began. */
  let known: { at: number; conditions: Condition[] } | undefined;
  async function accountConditions(): Promise<Pick<Overview, "accounts" | "alerts">> {
    const at = Date.now();
    if (known === undefined || at - known.at >= CONDITIONS_KEPT_MS)
      known = { at, conditions: (await Promise.all([...accounts].map(conditionOf))).flat() };
    const { conditions } = known;
    const alerts = conditions.flatMap((it) => it.alerts ?? []).sort((one, other) => one.since - other.since);
    return {
      accounts: conditions.map(({ health }) => health),
      alerts: conditions.some((it) => it.alerts !== null) ? alerts : null,
    };
  }

  return {
    take: (bot, source, events, waitMs) =>
      askInGroups<ParsedEvent, Answer>(
        events,
        ({ event }) => event.session,
        (session, its) => ask(async () => sessionOf(bot, session).take(bot, source, its, waitMs)),
      ),
    // The event has no session and no use: the log of the request is its trace.
    ignore: async () => ({
      outcome: "ignored",
      control: null,
      handoffId: null,
      handoffState: null,
      reason: null,
      conversationId: null,
      message: null,
    }),
    claimKey: (bot, key, fingerprint) => ask(async () => keyOf(bot, key).claim(bot, key, fingerprint)),
    endKey: (bot, key, answer) => ask(async () => keyOf(bot, key).end(bot, key, answer)),
    receivePushes: (account, pushes) =>
      askInGroups<Pushed, PushOutcome>(
        pushes,
        ({ event }) => event?.conversationId ?? "",
        async (id, its) =>
          id === ""
            ? its.map(() => "ignored" as const)
            : ask(async () => env.CONVERSATIONS.getByName(conversationName(account, id)).receivePushes(account, its)),
      ),
    handoff: (id) => askHolder(id, async (holder) => holder.handoff(id)),
    story: (id) => askHolder(id, async (holder) => holder.story(id)),
    session: (bot, session) => ask(async () => sessionOf(bot, session).session(bot, session)),
    exportSession: (bot, session, after) => ask(async () => sessionOf(bot, session).exportSession(bot, session, after)),
    eraseSession: (bot, session) => ask(async () => sessionOf(bot, session).eraseSession(bot, session)),
    async overview() {
      const [figures, conditions] = await Promise.all([
        ask(() => readOverview(env.READ_MODEL, Date.now())),
        accountConditions(),
      ]);
      return { ...figures, ...conditions };
    },
    async flowVersions() {
      try {
        return await readFlowVersions(env.READ_MODEL);
      } catch (err) {
        log.warn({ err }, "the versions of the flows could not be read");
        return [];
      }
    },
    firedRules: (flow, since) => ask(() => readFiredRules(env.READ_MODEL, flow, since)),
    forecastRoute: (account, question) =>
      ask(async () => env.ACCOUNTS.getByName(account).forecastRoute(account, question)),
    handoffs: (filter, limit) => ask(() => readModel.page(filter, limit)),
    retry: (id) => operate(id, "retry"),
    cancel: (id) => operate(id, "cancel"),
    end: async (id, isClosing) =>
      (await askHolder(id, async (holder) => holder.end(id, isClosing))) ?? {
        ok: false,
        error: { reason: "no-such-handoff" },
      },
    resend: async (handoffId, callbackId) =>
      (await askHolder(handoffId, async (holder) => holder.resend(handoffId, callbackId))) ?? {
        ok: false,
        error: { reason: "no-such-handoff" },
      },
    async tellAgain(objects) {
      const tell = async (object: string): Promise<number> => {
        try {
          await env.SESSIONS.get(env.SESSIONS.idFromString(object)).tellAgain();
          return 1;
        } catch (err) {
          log.warn({ err }, "an object did not tell the lists again");
          return 0;
        }
      };
      const told = await Promise.all(objects.map(tell));
      return told.reduce((sum, count) => sum + count, 0);
    },
  };
}
