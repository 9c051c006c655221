/** One conversation, one line: several sessions of a bot that are in one conversation share its handoff. */
import type { Handoff } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";
import type { Tables } from "../../../store/store.ts";
import { controlOf } from "../../save/control.ts";

export const isOpen = ({ state }: Handoff): boolean => state !== "returned" && state !== "cancelled";

/** The open handoff that a session is in: its own, or another's in the same conversation. */
export function openFor(tables: Tables, session: Session): Handoff | null {
  const followed = session.follows === null ? null : tables.handoffs.byId(session.follows);
  if (followed !== null && isOpen(followed) && session.epoch === session.followsEpoch) return followed;
  return tables.handoffs.openOf(session.id);
}

/** A session as an event finds it, with the open handoff that it is in. */
export interface Place {
  found: Session | null;
  open: Handoff | null;
}

export function placeOf(tables: Tables, bot: string, name: string): Place {
  const found = tables.sessions.find(bot, name);
  return { found, open: found === null ? null : openFor(tables, found) };
}

/** The newest handoff that a session was in. */
export const lastFor = (tables: Tables, session: Session): Handoff | null =>
  (session.follows === null ? null : tables.handoffs.byId(session.follows)) ?? tables.handoffs.lastOf(session.id);

/** A session that comes to another's handoff, in its round. */
export function following(session: Session, handoff: Handoff): Session {
  const { control: _, ...rest } = session;
  const common = { ...rest, conversationId: handoff.conversationId, follows: handoff.id, followsEpoch: session.epoch };
  const control = controlOf(handoff);
  return control === "agent" ? { ...common, control, agentId: handoff.agentId } : { ...common, control };
}
