/** Invariants 27 and 28: checks each commit for forgotten rows, and for removed words of notes. */
import { withoutWords } from "../../src/handoff/ledger/empty-notes.ts";
import type { Handoff } from "../../src/model/handoff.ts";
import type { Tables } from "../../src/store/store.ts";
import type { Clock } from "./clock.ts";
import { EVERY } from "./history.ts";
import type { Violation } from "./invariants.ts";

interface ForgettingDeps {
  /** Time for which a session is kept after its last change; null: for longer than any schedule. */
  retentionMs: number | null;
  clock: Pick<Clock, "now">;
  violate: (violation: Violation) => void;
}

interface Remembered {
  name: string;
  /** Time of the last event of its bot, or of the last change of its handoffs. */
  wordAt: number;
}

/** A pruning service has looked at every session by then. */
const LOOKED_AT_WITHIN_MS = 60_000;
const SETTLED = ["done", "skipped", "refused"];
const isOver = (state: string): boolean => state === "returned" || state === "cancelled";
const nameOf = (bot: string, session: string): string => `${bot}/${session}`;

export function createForgetting({ retentionMs, clock, violate }: ForgettingDeps) {
  const sessions = new Map<number, Remembered>();
  /** Session of each handoff by id, and the time at which its state last changed. */
  const known = new Map<string, { sessionId: number; stateAt: number }>();
  const tokens = new Set<string>();
  const forgottenAt = new Map<string, number>();
  /** Sessions with callbacks: they go nowhere here, so each keeps its session. */
  const untold = new Set<number>();

  const word = (id: number | null | undefined): void => {
    const session = id == null ? undefined : sessions.get(id);
    if (session !== undefined) session.wordAt = clock.now();
  };
  const changed = ({ id, sessionId }: Handoff): void => {
    word(sessionId);
    known.set(id, { sessionId, stateAt: clock.now() });
  };

  /** Reason why a session and all its words are needed. */
  function needOf({ sessions: all, handoffs }: Tables, id: number): string | null {
    const follows = all.byId(id)?.follows ?? null;
    const its = handoffs.ofSession(id);
    if (its.some(({ handoff }) => !isOver(handoff.state))) return "has an open handoff";
    if (its.some(({ handoff }) => handoff.dueAt !== null)) return "has a handoff with something to do";
    if (its.some(({ steps }) => steps.some(({ state }) => state === "sent"))) return "has something on its way";
    if (follows !== null && !isOver(handoffs.byId(follows)?.state ?? "returned")) return "is in an open handoff";
    return untold.has(id) ? "has something to tell its bot" : null;
  }

  /** Reason why a session must stay. */
  function reasonToKeep(tables: Tables, id: number): string | null {
    const need = needOf(tables, id);
    if (need !== null) return need;
    const { wordAt } = sessions.get(id) ?? { wordAt: 0 };
    return clock.now() - wordAt < (retentionMs ?? 0) ? "said something a moment ago" : null;
  }

  /** Reason why a handoff must stay, whether its session does or not. */
  function reasonToKeepHandoff({ handoffs }: Tables, id: string): string | null {
    const ledger = handoffs.ledger(id);
    if (ledger === null) return null;
    const { handoff, steps } = ledger;
    if (!isOver(handoff.state)) return `is ${handoff.state}`;
    if (handoff.dueAt !== null) return "has something to do";
    if (steps.some(({ state }) => state === "sent")) return "has something on its way";
    return clock.now() - (known.get(id)?.stateAt ?? 0) < (retentionMs ?? 0) ? "was over a moment ago" : null;
  }

  /** Checks the handoffs that pruning forgot. */
  function forgetHandoffs(tables: Tables, before: readonly { id: string; reason: string | null }[]): void {
    for (const { id, reason } of before) {
      if (tables.handoffs.byId(id) !== null) continue;
      if (reason !== null) violate({ invariant: 27, what: `handoff ${id} was forgotten, and it ${reason}` });
      const { sessionId } = known.get(id) ?? { sessionId: 0 };
      const { name } = sessions.get(sessionId) ?? { name: "" };
      known.delete(id);
      tokens.add(`ho-${id}`);
      forgottenAt.set(name, clock.now());
    }
  }

  const eventsOf = ({ events }: Tables, id: number) => (retentionMs === null ? [] : events.page(id, 0, EVERY).events);

  /** Checks the words that pruning took from a session that stays. */
  function forgetWords(tables: Tables, id: number, need: string | null, before: ReturnType<typeof eventsOf>): void {
    const left = new Set(eventsOf(tables, id).map(({ seq }) => seq));
    const gone = before.filter(({ seq }) => !left.has(seq));
    if (gone.length === 0) return;
    const { name } = sessions.get(id) ?? { name: "" };
    if (need !== null) violate({ invariant: 27, what: `words of ${name} were forgotten, and it ${need}` });
    // The platform's pushes keep no session: one that is forgotten as a whole loses them, whatever their age, and in parts.
    const said = gone.filter(({ source }) => source !== "conversations").map(({ receivedAt }) => receivedAt);
    const youngest = clock.now() - Math.max(...said);
    if (youngest < (retentionMs ?? 0)) {
      violate({ invariant: 27, what: `words of ${name} were forgotten ${youngest} ms after they came` });
    }
    forgottenAt.set(name, clock.now());
  }

  return {
    /** Returns the tables of a commit, and a function to call once its work is done. */
    watched(tables: Tables): { tables: Tables; committed: () => void } {
      const emptied: { id: string; position: number }[] = [];
      const { events, handoffs, retention } = tables;
      return {
        tables: {
          ...tables,
          sessions: {
            ...tables.sessions,
            open(bot, session, now) {
              const opened = tables.sessions.open(bot, session, now);
              sessions.set(opened.id, { name: nameOf(bot, session), wordAt: clock.now() });
              // A forgotten session's number may be given again.
              untold.delete(opened.id);
              return opened;
            },
          },
          events: {
            ...events,
            add(event) {
              events.add(event);
              if (event.source !== "conversations") word(event.sessionId);
            },
          },
          handoffs: {
            ...handoffs,
            add(ledger) {
              handoffs.add(ledger);
              changed(ledger.handoff);
            },
            save(handoff, before) {
              handoffs.save(handoff, before);
              if (handoff.state !== before.state) changed(handoff);
            },
            saveStep(id, step) {
              const before = handoffs.ledger(id)?.steps.find(({ position }) => position === step.position)?.arguments;
              handoffs.saveStep(id, step);
              const { arguments: args, position } = step;
              if (before?.kind !== "note" || args.kind !== "note" || before.content === args.content) return;
              if (args.content === withoutWords(before.content ?? "")) emptied.push({ id, position });
            },
          },
          callbacks: {
            ...tables.callbacks,
            add(callback) {
              tables.callbacks.add(callback);
              untold.add(callback.sessionId);
            },
          },
          retention: {
            ...retention,
            forget(given) {
              const before = [...sessions.keys()].map((id) => ({
                id,
                reason: reasonToKeep(tables, id),
                need: needOf(tables, id),
                events: eventsOf(tables, id),
              }));
              const ledgers = [...known.keys()].map((id) => ({ id, reason: reasonToKeepHandoff(tables, id) }));
              const forgotten = retention.forget(given);
              forgetHandoffs(tables, ledgers);
              for (const { id, reason, need, events: its } of before) {
                if (tables.sessions.byId(id) !== null) {
                  forgetWords(tables, id, need, its);
                  continue;
                }
                const { name } = sessions.get(id) ?? { name: "" };
                if (reason !== null) violate({ invariant: 27, what: `${name} was forgotten, and it ${reason}` });
                sessions.delete(id);
                forgottenAt.set(name, clock.now());
              }
              return forgotten;
            },
          },
        },
        committed(): void {
          for (const { id, position } of emptied) {
            const ledger = handoffs.ledger(id);
            const step = ledger?.steps.find((one) => one.position === position);
            const state = ledger?.handoff.state ?? "";
            const isDelivered =
              SETTLED.includes(step?.state ?? "") || (state === "cancelled" && step?.state !== "sent");
            if (isOver(state) && isDelivered) continue;
            violate({ invariant: 28, what: `the words of ${step?.name} are gone while ${id} is ${state}` });
          }
        },
      };
    },
    forgottenAt: (bot: string, session: string): number | undefined => forgottenAt.get(nameOf(bot, session)),
    /** True if a handoff, by its token, was forgotten with its session. */
    isForgotten: (token: string): boolean => tokens.has(token),
    count: (): number => forgottenAt.size,
    /** Checks after pruning at rest that everything unneeded is gone. */
    checkLeft(tables: Tables): void {
      if (retentionMs === null) return;
      for (const [id, { name, wordAt }] of sessions) {
        if (tables.sessions.byId(id) === null || reasonToKeep(tables, id) !== null) continue;
        const quietMs = clock.now() - wordAt;
        // A session that was needed at the last look comes up again only this much later.
        if (quietMs > 2 * retentionMs + LOOKED_AT_WITHIN_MS) {
          violate({ invariant: 27, what: `${name} has been quiet for ${quietMs} ms and is still there` });
        }
      }
    },
  };
}
export type ForgettingWatch = ReturnType<typeof createForgetting>;
