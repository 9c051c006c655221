/** Reads what the record holds of a session, for a person who asks why one of its events escalated or did not. */
import type { SessionHistory } from "../escalation/past/history.ts";
import type { Handoff } from "../model/handoff.ts";
import type { HandoffApi } from "./api.ts";

/** The source of the platform's pushes. */
const PUSHED = "conversations";

const overAt = ({ state, endedAt, updatedAt }: Handoff): number | null =>
  state === "returned" || state === "cancelled" ? (endedAt ?? updatedAt) : null;

/** Null: the bot has no such session. */
export async function readHistory(
  { exportSession }: Pick<HandoffApi, "exportSession">,
  bot: string,
  name: string,
): Promise<SessionHistory | null> {
  const found = await exportSession(bot, name, 0);
  if (found === null) return null;
  const { session, handoffs } = found;
  const events = [...found.events];
  for (let next = found.next; next !== null; ) {
    const page = await exportSession(bot, name, next);
    events.push(...(page?.events ?? []));
    next = page?.next ?? null;
  }
  const { epoch, control, facts, returnedAt, updatedAt, createdAt } = session;
  return {
    ...{ bot, session: session.session, createdAt },
    events: events
      .filter(({ source, outcome }) => source !== PUSHED && outcome === "accepted")
      .map(({ seq, eventId, epoch, body, receivedAt, rule, handoffId }) => ({
        ...{ seq, id: eventId, epoch, body: JSON.parse(body), receivedAt, rule, handoffId },
      })),
    handoffs: handoffs.map(({ handoff }) => ({
      id: handoff.id,
      epoch: handoff.epoch,
      openedAt: handoff.createdAt,
      overAt: overAt(handoff),
      isReturned: handoff.state === "returned",
    })),
    now: { epoch, control, facts, returnedAt, updatedAt },
  };
}
