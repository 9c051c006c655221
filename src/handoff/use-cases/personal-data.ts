/** Use cases of data protection: reads everything that is recorded of a session, and erases it. */
import type { Flows } from "../../escalation/flow.ts";
import type { Log } from "../../log.ts";
import type { KnownConversation } from "../../model/conversation-state.ts";
import type { Ledger } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { BusyHandoff, Erased } from "../../store/tables/erasure.ts";
import type { EventPage } from "../../store/tables/events.ts";
import { isKnownTo } from "./conversation-owner.ts";
import { keyedEventId } from "./repeats/dedupe-key.ts";

/** Traces of a session in other stores. */
interface Traces {
  bot: string;
  account: string | null;
  conversations: string[];
  /** Events of its requests with an `Idempotency-Key`. */
  keyedEvents: string[];
}

export interface EraseDeps {
  record: SessionRecord;
  flows: Flows;
  log: Log;
  /** Erases the traces in other stores, if there are any, or rejects. It may be called again. */
  eraseElsewhere?: ((traces: Traces) => Promise<void>) | undefined;
}

export type EraseProblem = { reason: "no-such-session" } | ({ reason: "handoff-open" } & BusyHandoff);

export interface ErasedSession extends Erased {
  /** Ids at the platform, where the conversations stay. */
  conversations: string[];
}

export interface RecordedSession {
  session: Session;
  events: EventPage["events"];
  /** Start of the next page; null: this is the last. */
  next: number | null;
  ledgers: Ledger[];
  conversations: KnownConversation[];
}

/** Small enough to hardly delay other commits. */
const AT_ONCE = 2_000;
const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 4 * 1024 * 1024;

export function createErase({ record, flows, log, eraseElsewhere }: EraseDeps) {
  const accountOf = (bot: string): string | null => flows.get(bot)?.account ?? null;

  async function forgetKeys(bot: string, keyedEvents: ReadonlySet<string>): Promise<void> {
    for (let after: string | undefined = keyedEvents.size === 0 ? undefined : ""; after !== undefined; ) {
      const from: string = after;
      const keys = await record.commit(({ erasure }) => {
        const some = erasure.keysAfter(bot, from, AT_ONCE);
        for (const key of some) if (keyedEvents.has(keyedEventId(key))) erasure.forgetKey(bot, key);
        return some;
      });
      after = keys.length < AT_ONCE ? undefined : keys.at(-1);
    }
  }

  return {
    /**
     * Erases everything personal of a session. Rows that do not name the session go first, a bounded number at once. The session
     * goes last, in one commit, so that the request can be repeated until then.
     */
    async erase(bot: string, name: string): Promise<Result<ErasedSession, EraseProblem>> {
      const before = record.read(({ sessions, erasure }) => {
        const session = sessions.find(bot, name);
        if (session === null) return null;
        const conversations = erasure.conversationsOf(session.id);
        return { busy: erasure.busyOf(session.id), conversations, keyedEvents: erasure.keyedEventsOf(session.id) };
      });
      if (before === null) return err({ reason: "no-such-session" });
      const { busy, conversations, keyedEvents } = before;
      if (busy !== null) return err({ reason: "handoff-open", ...busy });
      await eraseElsewhere?.({ bot, account: accountOf(bot), conversations, keyedEvents });
      await forgetKeys(bot, new Set(keyedEvents));
      const result = await (record.commitErasing ?? record.commit)(
        ({ sessions, erasure }): Result<ErasedSession, EraseProblem> => {
          const session = sessions.find(bot, name);
          if (session === null) return err({ reason: "no-such-session" });
          // The session may have gone on meanwhile.
          const isBusy = erasure.busyOf(session.id);
          if (isBusy !== null) return err({ reason: "handoff-open", ...isBusy });
          const all = erasure.conversationsOf(session.id);
          return ok({ ...erasure.erase(session, accountOf(bot), all), conversations: all });
        },
      );
      if (result.ok) log.info({ bot, count: result.value.events }, "a session was erased by an operator");
      return result;
    },

    recorded: (bot: string, name: string, after: number): RecordedSession | null =>
      record.read(({ sessions, events, handoffs, conversations, erasure }) => {
        const session = sessions.find(bot, name);
        if (session === null) return null;
        const ledgers = handoffs.ofSession(session.id);
        const accounts = new Set([accountOf(bot), ...ledgers.map(({ handoff }) => handoff.account)]);
        const known = erasure
          .conversationsOf(session.id)
          .flatMap((id) =>
            [...accounts].map((account) =>
              account !== null && isKnownTo({ handoffs }, flows, bot, account, id)
                ? conversations.find(account, id)
                : null,
            ),
          );
        return {
          session,
          ...events.page(session.id, after, { events: PAGE_EVENTS, bytes: PAGE_BYTES }),
          ledgers,
          conversations: known.filter((it) => it !== null),
        };
      }),
  };
}
export type Erase = ReturnType<typeof createErase>;
