/** Applies a further event of a session to the open handoff, within the event's commit. */
import type { Escalation } from "../../escalation/decide.ts";
import type { Flows } from "../../escalation/flow.ts";
import type { Event } from "../../events/event.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import { type Place, placeOf } from "../ledger/conversation/shared-handoff.ts";
import { withWords } from "../ledger/later-words.ts";
import { isBackAgain, withCustomerBack, withCustomerLeft } from "../ledger/transitions/customer-leaves.ts";
import { raiseHandoff } from "../ledger/transitions/raise.ts";
import { saveLedger } from "../save/save-ledger.ts";
import type { TakePlace } from "./backlog.ts";

export interface Further {
  sessionId: number;
  escalation: Escalation | null;
  event: Event;
  /** True if its session came to the handoff by the event. */
  hasJoined: boolean;
  at: number;
}

/** The open handoff after a further event. */
interface Added {
  handoff: Handoff;
  /** Fields of a request that comes too late for them. */
  leftOut: readonly string[];
}

/** Records that a customer who left is back. Changes nothing if they never left. */
export function welcomeBack(tables: Tables, flows: Flows, place: Place, event: Event, at: number): Place {
  const { found, open } = place;
  if (found === null || open === null || !isBackAgain(found, event.type)) return place;
  const before = tables.handoffs.ledger(open.id);
  if (before === null) return place;
  saveLedger(tables, before, withCustomerBack(before, at), at, { flows });
  return placeOf(tables, found.bot, found.session);
}

export function addToHandoff(
  tables: Tables,
  { flows, takePlace }: { flows: Flows; takePlace: TakePlace },
  current: Handoff,
  { sessionId, escalation, event, hasJoined, at }: Further,
): Added {
  // A customer who shares the conversation from another session is still there.
  const isLeft =
    event.type === "session.ended" &&
    current.sessionId === sessionId &&
    tables.sessions.followersOf(current.id).length === 0;
  const before = escalation === null && !isLeft ? null : tables.handoffs.ledger(current.id);
  if (before === null) {
    const handoff = withWords(current, event, at, hasJoined);
    if (handoff !== current) tables.handoffs.save(handoff, current);
    return { handoff, leftOut: [] };
  }
  const told = { handoff: withWords(before.handoff, event, at, hasJoined), steps: before.steps };
  const raised = escalation === null ? { ledger: told, leftOut: [] } : raiseHandoff(told, escalation, event, at);
  const after = isLeft ? withCustomerLeft(raised.ledger, at) : raised.ledger;
  if (current.state === "deferred" && after.handoff.state === "pending") takePlace(tables, current);
  if (after.handoff === before.handoff && after.steps === before.steps)
    return { handoff: current, leftOut: raised.leftOut };
  saveLedger(tables, before, after, at, { flows });
  return { handoff: after.handoff, leftOut: raised.leftOut };
}
