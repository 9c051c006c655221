/** What a session's object asks of a conversation's object, and tells it: whose the conversation is. */
import type { Flow } from "../escalation/flow.ts";
import { isOpen } from "../handoff/one-line.ts";
import { isCreated } from "../handoff/whose-conversation.ts";
import type { Tables } from "../sessions/record.ts";
import type { ClaimedBy } from "./conversation-object.ts";

/** How an object's sessions are in a conversation; null: they are not. */
export interface Standing {
  bot: string;
  /** By an open handoff, because a person took the chat there, by a handoff that is over, or because they named it. */
  by: "handoff" | "person" | "former-handoff" | "name";
  /** By a handoff that had it made. */
  isCreated: boolean;
  /** An event that comes to it is being taken: whether a handoff follows is not known yet. */
  isTaking?: boolean;
}

/** The account and the bots that an object's sessions may be of. */
interface Place extends Pick<Flow, "bots"> {
  account: string | null;
}

export function standingIn(tables: Tables, { account, bots }: Place, of: string, id: string): Standing | null {
  if (of !== account) return null;
  const handoffs = tables.handoffs.inConversation(account, id);
  const open = handoffs.find(isOpen);
  const handoff = open ?? handoffs[0];
  if (handoff !== undefined) {
    const isCreation = open !== undefined && isCreated(tables.handoffs.ledger(open.id));
    return { bot: handoff.bot, by: open === undefined ? "former-handoff" : "handoff", isCreated: isCreation };
  }
  const sessions = tables.sessions.inConversation(id, bots);
  const taken = sessions.find(({ control }) => control === "agent");
  const session = taken ?? sessions[0];
  if (session === undefined) return null;
  return { bot: session.bot, by: taken === undefined ? "name" : "person", isCreated: false };
}

/** With what right a session's object claims a conversation. */
export function claimedBy(standing: Standing | null): ClaimedBy {
  if (standing === null) return "named";
  if (standing.isCreated) return "made";
  return standing.by === "handoff" || standing.by === "person" ? "has" : "named";
}
