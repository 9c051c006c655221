/** The core over the one record beside it. */

import type { Alert } from "../model/alert.ts";
import type { Ledger } from "../model/handoff.ts";
import { ok, type Result } from "../result.ts";
import type { SessionRecord, Tables } from "../store/store.ts";
import type { AccountHealth } from "./account/account-health.ts";
import type { FullLedger, HandoffApi, HandoffStory } from "./api.ts";
import type { RunBacktest } from "./backtest.ts";
import { lastFor } from "./ledger/conversation/shared-handoff.ts";
import { createOverview } from "./overview.ts";
import type { Dispatcher } from "./run/dispatcher.ts";
import type { Answer, Received } from "./use-cases/event-answer.ts";
import type { Operate } from "./use-cases/operator-actions.ts";
import type { Erase } from "./use-cases/personal-data.ts";
import type { Receive } from "./use-cases/receive-event.ts";
import type { ReceivePush } from "./use-cases/receive-push.ts";
import type { KeyedRequests } from "./use-cases/repeats/idempotency.ts";
import type { Resend } from "./use-cases/resend-callback.ts";

export interface LocalApiDeps {
  record: SessionRecord;
  receive: Receive;
  dispatcher: Pick<Dispatcher, "settled">;
  receivePush: ReceivePush["receivePush"];
  operate: Operate;
  resend: Resend;
  erase: Erase;
  keyedRequests: KeyedRequests;
  accountHealth: () => AccountHealth[];
  forecastRoute: HandoffApi["forecastRoute"];
  backtest: RunBacktest;
  openAlerts: () => readonly Alert[] | null;
  now: () => number;
}

/** Events that one story looks through. */
const MOST_LOOKED_THROUGH = 2_000;
/** Events soon after a hand-back belong to its story. */
const AFTERWARDS_MS = 60_000;

function storyOf(tables: Tables, ledger: Ledger): HandoffStory {
  const { id, sessionId, epoch, createdAt, updatedAt, state, account, conversationId } = ledger.handoff;
  const isOver = state === "returned" || state === "cancelled";
  const until = isOver ? updatedAt + AFTERWARDS_MS : Number.MAX_SAFE_INTEGER;
  return {
    ledger: withAttempts(tables, ledger),
    ...tables.events.ofRound(sessionId, { epoch, from: createdAt, until }, MOST_LOOKED_THROUGH),
    assignedAt: tables.overview.assignedAt(id),
    conversation: conversationId === null ? null : tables.conversations.find(account, conversationId),
  };
}

/** The answer to one event of several shows the state after all of them. */
const among = ({ left: _, ...received }: Received): Received => received;

const withAttempts = ({ handoffs, callbacks }: Tables, { handoff, steps }: Ledger): FullLedger => ({
  handoff,
  steps,
  attempts: handoffs.attemptsOf(handoff.id),
  callbacks: callbacks
    .ofHandoff(handoff.id)
    .map((callback) => ({ callback, attempts: callbacks.attemptsOf(callback.id) })),
});

export function createLocalApi(deps: LocalApiDeps): HandoffApi {
  const { record, receive, dispatcher, receivePush, operate, resend, erase, keyedRequests } = deps;

  function settled(received: Received, ms: number): Answer | Promise<Answer> {
    const answer = receive.answer(received);
    const isWaiting = answer.handoffId !== null && answer.handoffState === "pending" && ms > 0;
    if (!isWaiting || received.handoffId === null) return answer;
    return dispatcher.settled(received.handoffId, ms).then(() => receive.answer(received));
  }

  const operated = <Problem>(result: Result<Ledger, Problem>): Result<FullLedger, Problem> =>
    result.ok ? ok(record.read((tables) => withAttempts(tables, result.value))) : result;

  return {
    async take(bot, source, events, waitMs) {
      const all = await receive.receiveAll(bot, source, events);
      return Promise.all(all.map((received) => settled(all.length === 1 ? received : among(received), waitMs)));
    },
    ignore: async (bot, source, contentId) => receive.answer(await receive.ignore(bot, source, contentId)),
    claimKey: keyedRequests.claim,
    endKey: keyedRequests.end,
    // Takes them in their order, and side by side: they share a commit.
    receivePushes: (account, pushes) => Promise.all(pushes.map((pushed) => receivePush(account, pushed))),
    handoff: (id) =>
      record.read((tables) => {
        const ledger = tables.handoffs.ledger(id);
        return ledger === null ? null : withAttempts(tables, ledger);
      }),
    story: (id) =>
      record.read((tables) => {
        const ledger = tables.handoffs.ledger(id);
        return ledger === null ? null : storyOf(tables, ledger);
      }),
    session: (bot, name) =>
      record.read((tables) => {
        const session = tables.sessions.find(bot, name);
        return session === null ? null : { session, lastHandoff: lastFor(tables, session) };
      }),
    exportSession(bot, name, after) {
      const found = erase.recorded(bot, name, after);
      if (found === null) return null;
      const { ledgers, ...rest } = found;
      return { ...rest, handoffs: record.read((tables) => ledgers.map((ledger) => withAttempts(tables, ledger))) };
    },
    eraseSession: erase.erase,
    overview: createOverview({ record, accounts: deps.accountHealth, alerts: deps.openAlerts, now: deps.now }),
    flowVersions: () => record.read(({ flowVersions }) => flowVersions.all()),
    firedRules: (flow, since) => record.read(({ overview }) => overview.firedRules(flow, since)),
    backtest: deps.backtest,
    forecastRoute: deps.forecastRoute,
    newestErrors: (ids) => record.read(({ overview }) => overview.newestErrors(ids)),
    handoffs: (filter, limit) => record.read((tables) => tables.handoffs.page(filter, limit)),
    retry: async (id) => operated(await operate.retry(id)),
    cancel: async (id) => operated(await operate.cancel(id)),
    end: async (id, isClosing) => operated(await operate.end(id, isClosing)),
    resend: async (handoffId, callbackId) => operated(await resend(handoffId, callbackId)),
  };
}
