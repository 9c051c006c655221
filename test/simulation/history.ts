/** Records the states of handoffs, commit by commit, and the times at which a service ran. */
import { isClosedByUs } from "../../src/handoff/ledger/conversation/released.ts";
import { routeOf } from "../../src/handoff/ledger/queries.ts";
import type { KnownConversation } from "../../src/model/conversation-state.ts";
import type { Handoff, Step } from "../../src/model/handoff.ts";
import type { Tables } from "../../src/store/store.ts";
import type { Clock } from "./clock.ts";
import type { Violation } from "./invariants.ts";

export interface Standing
  extends Pick<Handoff, "state" | "conversationId" | "waited" | "alertedAt" | "returnedBecause"> {
  at: number;
  /** Number of the instance that wrote it. */
  by: number;
}

interface Change {
  by: number;
  handoff: Handoff;
  at: number;
}

/** States that may follow a state, besides itself. */
const FOLLOWS: Readonly<Record<Handoff["state"], readonly Handoff["state"][]>> = {
  // Baton may resume it and meet refused credentials, or a person, within one commit.
  deferred: ["pending", "parked", "assigned", "cancelled"],
  pending: ["routed", "assigned", "returned", "parked", "cancelled"],
  routed: ["assigned", "returned"],
  assigned: ["routed", "returned"],
  // A person may reopen a solved conversation, or take one that the bot was given.
  returned: ["assigned", "routed"],
  // One push may tell that a person took it and that they closed it.
  parked: ["pending", "assigned", "returned", "cancelled"],
  cancelled: [],
};

const FINAL = ["closed", "deleted"];
/** More than any schedule has. */
export const EVERY = { events: 10_000, bytes: 100_000_000 };

/** A close is final, whenever it is reported; any other field keeps its latest value. */
const isBackwards = (before: KnownConversation, after: KnownConversation): boolean =>
  after.assigneeAt < before.assigneeAt ||
  after.queueAt < before.queueAt ||
  (FINAL.includes(before.status) && !FINAL.includes(after.status)) ||
  (after.statusAt < before.statusAt && !FINAL.includes(after.status));

interface HistoryDeps {
  clock: Pick<Clock, "now">;
  /** A clock that is set changes recorded times. */
  isClockTrue: boolean;
  violate: (it: Violation) => void;
}

export function createHistory({ clock, isClockTrue, violate }: HistoryDeps) {
  const standings = new Map<string, Standing[]>();
  const ups: { from: number; to: number }[] = [];
  /** Number of a session's events at each start of a round. */
  const rounds = new Map<number, number[]>();
  let routedAt = 0;
  let onReturned = (_handoff: Handoff): void => undefined;
  let counts = { assigned: 0, returned: 0, reopened: 0, deferred: 0, alerted: 0, waited: 0, cancelled: 0, parked: 0 };

  function note({ handoff, at, by }: Change, steps: readonly Step[]): void {
    // A person had the conversation that it came to.
    const isRouteSkipped = routeOf(steps)?.state === "skipped";
    const { id, state, conversationId, waited, alertedAt, returnedBecause } = handoff;
    const all = standings.get(id) ?? [];
    const before = all.at(-1);
    const fail = (invariant: number, what: string): void => violate({ invariant, what: `handoff ${id}: ${what}` });
    const isNew = before?.state !== state;
    if (before !== undefined) {
      if (isNew && !FOLLOWS[before.state].includes(state)) fail(16, `went from ${before.state} to ${state}`);
      // A give-back by the agent begins a new wait.
      const isAnew = isNew && state === "routed" && (before.state !== "pending" || isRouteSkipped);
      if (waited < before.waited && !isAnew) fail(18, "waits through the same thresholds again");
      if (waited > before.waited && state !== "routed") fail(18, `passed a threshold of waiting while ${state}`);
      if (before.alertedAt !== null && alertedAt !== before.alertedAt && !isAnew) fail(19, "was told of as late twice");
    }
    const isTakenUp = before?.state === "returned" && (state === "assigned" || state === "routed");
    if (isTakenUp && isClosedByUs(steps)) fail(16, "is taken up again, and Baton had closed its conversation");
    if (isNew && state === "routed") routedAt = at;
    if (isNew && state === "returned") onReturned(handoff);
    if (isNew && before?.state === "returned") counts = { ...counts, reopened: counts.reopened + 1 };
    if (isNew && state in counts) counts = { ...counts, [state]: counts[state as "returned"] + 1 };
    if (waited > (before?.waited ?? 0)) counts = { ...counts, waited: counts.waited + 1 };
    if (alertedAt !== null && before?.alertedAt === null) counts = { ...counts, alerted: counts.alerted + 1 };
    standings.set(id, [...all, { at, by, state, conversationId, waited, alertedAt, returnedBecause }]);
  }

  const last = () => ups.at(-1);

  return {
    /** Returns the tables of a commit, and a function to call once its work is done. */
    watched(tables: Tables, by: number): { tables: Tables; committed: () => void } {
      const changes: Change[] = [];
      const saw = (handoff: Handoff): void => void changes.push({ by, handoff, at: clock.now() });
      /** What a session had counted as its round began, and the sessions that an event came to. */
      const begun = new Map<number, number>();
      const heard = new Set<number>();
      return {
        tables: {
          ...tables,
          sessions: {
            ...tables.sessions,
            open(bot, session, now) {
              const opened = tables.sessions.open(bot, session, now);
              // A forgotten session's number may be given again.
              rounds.delete(opened.id);
              return opened;
            },
            save(session, now, known) {
              const before = tables.sessions.byId(session.id);
              tables.sessions.save(session, now, known);
              if (before !== null && before.epoch !== session.epoch) {
                const { events } = tables.events.page(session.id, 0, EVERY);
                rounds.set(session.id, [...(rounds.get(session.id) ?? []), events.at(-1)?.seq ?? 0]);
              }
              const { fallbacks, errors } = session.facts;
              if (before !== null && session.epoch > before.epoch) begun.set(session.id, fallbacks + errors);
            },
          },
          events: {
            ...tables.events,
            add(event) {
              tables.events.add(event);
              if (event.sessionId !== null) heard.add(event.sessionId);
            },
          },
          conversations: {
            ...tables.conversations,
            save(known) {
              const before = tables.conversations.find(known.account, known.id);
              tables.conversations.save(known);
              if (isClockTrue && before !== null && isBackwards(before, known)) {
                violate({ invariant: 16, what: `${known.id}: an older word takes the place of a newer one` });
              }
            },
          },
          handoffs: {
            ...tables.handoffs,
            add(ledger) {
              tables.handoffs.add(ledger);
              saw(ledger.handoff);
            },
            save(handoff, before) {
              tables.handoffs.save(handoff, before);
              saw(handoff);
            },
          },
        },
        committed() {
          for (const [id, counted] of begun) {
            // A round that an event begins counts that event.
            if (counted > (heard.has(id) ? 1 : 0)) {
              violate({ invariant: 20, what: `session ${id} begins a round with what was counted before` });
            }
          }
          for (const change of changes) {
            const steps = tables.handoffs.ledger(change.handoff.id)?.steps ?? [];
            note(change, steps);
          }
        },
      };
    },
    /** Calls `listener` when a bot has its customer back. */
    onReturned(listener: (handoff: Handoff) => void): void {
      onReturned = listener;
    },
    /** The last event of a session at each start of a round: older ones may be forgotten since. */
    roundsOf: (sessionId: number): readonly number[] => rounds.get(sessionId) ?? [],
    of: (id: string): readonly Standing[] => standings.get(id) ?? [],
    /** Its last state before this time. */
    before: (id: string, at: number): Standing | undefined => standings.get(id)?.findLast((one) => one.at < at),

    /** A service runs from now on. */
    up(): void {
      if (last()?.to !== Number.POSITIVE_INFINITY) ups.push({ from: clock.now(), to: Number.POSITIVE_INFINITY });
    },
    down(): void {
      const current = last();
      if (current?.to === Number.POSITIVE_INFINITY) current.to = clock.now();
    },
    /** Time at which a service had run for `ms` after `from`. */
    after(from: number, ms: number): number {
      let left = ms;
      for (const up of ups) {
        const begin = Math.max(up.from, from);
        if (up.to <= begin) continue;
        if (up.to - begin >= left) return begin + left;
        left -= up.to - begin;
      }
      return Number.POSITIVE_INFINITY;
    },
    /** The last time at which a handoff began to wait for an agent. */
    routedAt: (): number => routedAt,
    counts: () => counts,
  };
}
export type History = ReturnType<typeof createHistory>;
