/**
 * Removes words of rounds that came to no handoff and are over by silence, for flows that record words for handoffs alone. A
 * handoff's end and the next round remove the others.
 */
import type { Flows } from "../../escalation/flow.ts";
import type { Tables } from "../../store/store.ts";

/** Sessions of one commit. */
const AT_ONCE = 100;
/** All sessions are looked through this often. */
const EVERY_MS = 3_600_000;

interface ForgetWordsDeps {
  flows: Flows;
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
}

/** Returns a function that looks through some sessions, within a commit, and tells whether it has seen all of them. */
export function createForgetWords({ flows, now, steady }: ForgetWordsDeps): (tables: Tables) => boolean {
  const isAsked = [...flows.values()].some(({ transcript }) => transcript === "handoff");
  let after = 0;
  let nextAt = Number.NEGATIVE_INFINITY;

  return (tables) => {
    if (!isAsked || steady() < nextAt) return true;
    const sessions = tables.sessions.after(after, AT_ONCE);
    for (const { id, bot, epoch, updatedAt } of sessions) {
      const flow = flows.get(bot);
      if (flow?.transcript !== "handoff" || now() - updatedAt < flow.newRoundAfter * 1_000) continue;
      if (tables.erasure.busyOf(id) === null) tables.events.emptyWords(id, epoch);
    }
    const last = sessions.at(-1);
    const isDone = last === undefined || sessions.length < AT_ONCE;
    after = isDone ? 0 : last.id;
    if (isDone) nextAt = steady() + EVERY_MS;
    return isDone;
  };
}
