/** One conversation, one line: several sessions of a bot in one conversation share its handoff. */
import type { Handoff } from "../../../model/handoff.ts";
import type { Session } from "../../../model/session.ts";
import type { Tables } from "../../../store/store.ts";
import { controlOf } from "../../save/control.ts";

export const isOpen = ({ state }: Handoff): boolean => state !== "returned" && state !== "cancelled";

/** The open handoff of a session: its own, or the one that it follows in the same conversation. */
export function openFor(tables: Tables, session: Session): Handoff | null {
  const followed = session.follows === null ? null : tables.handoffs.byId(session.follows);
  if (followed !== null && isOpen(followed) && session.epoch === session.followsEpoch) return followed;
  return tables.handoffs.openOf(session.id);
}

/** A session before an event, with its open handoff. */
export interface Place {
  found: Session | null;
  open: Handoff | null;
}

export function placeOf(tables: Tables, bot: string, name: string): Place {
  const found = tables.sessions.find(bot, name);
  return { found, open: found === null ? null : openFor(tables, found) };
}

/** The newest handoff of a session, its own or one that it followed. */
export const lastFor = (tables: Tables, session: Session): Handoff | null =>
  (session.follows === null ? null : tables.handoffs.byId(session.follows)) ?? tables.handoffs.lastOf(session.id);

/** Lets a session follow another one's handoff, in its present round. */
export function withFollowed(session: Session, handoff: Handoff): Session {
  const { control: _, ...rest } = session;
  const common = { ...rest, conversationId: handoff.conversationId, follows: handoff.id, followsEpoch: session.epoch };
  const control = controlOf(handoff);
  return control === "agent" ? { ...common, control, agentId: handoff.agentId } : { ...common, control };
}
