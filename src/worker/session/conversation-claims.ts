/** Claims of a session's object on a conversation's object: whose the conversation is. */
import type { Flow, Flows } from "../../escalation/flow.ts";
import type { Pushed } from "../../events/sources/conversations.ts";
import { isOpen } from "../../handoff/ledger/conversation/shared-handoff.ts";
import { isCreated, isSharedWith } from "../../handoff/use-cases/conversation-owner.ts";
import type { Tables } from "../../store/store.ts";

/** A session's reason for its claim: a handoff of it made the conversation, an open handoff of it has it, or it named it. */
export type ClaimedBy = "made" | "has" | "named";
/** `granted`: the session has the conversation. `refused`: another bot keeps it. `overlooked`: nobody gets its pushes. */
export type Claimed =
  | { kind: "granted"; pushes: Pushed[]; upTo: number }
  | { kind: "refused" }
  | { kind: "overlooked" };

/** Relation of an object's sessions to a conversation; null: they have none. */
export interface Standing {
  /** The bot that has it first of all. */
  bot: string;
  /** All bots whose open handoffs have it. */
  open: readonly string[];
  /** An open handoff has it, a person took the chat there, a handoff that is over had it, or they named it. */
  by: "handoff" | "person" | "former-handoff" | "name";
  /** True if a handoff had it made. */
  isCreated: boolean;
  /** True while it takes an event that came to the conversation, and may open a handoff there. */
  isTaking: boolean;
}

/** Account and possible bots of an object's sessions. */
interface Place extends Pick<Flow, "bots"> {
  account: string | null;
}

export function standingIn(tables: Tables, { account, bots }: Place, of: string, id: string): Standing | null {
  if (of !== account) return null;
  const handoffs = tables.handoffs.inConversation(account, id);
  const common = { open: [], isCreated: false, isTaking: false };
  const open = handoffs.filter(isOpen);
  const handoff = open[0] ?? handoffs[0];
  if (handoff !== undefined) {
    const { bot } = handoff;
    if (open.length === 0) return { ...common, bot, by: "former-handoff" };
    const isCreation = open.some(({ id: one }) => isCreated(tables.handoffs.ledger(one)));
    return { ...common, bot, by: "handoff", open: open.map((one) => one.bot), isCreated: isCreation };
  }
  const sessions = tables.sessions.inConversation(id, bots);
  const taken = sessions.find(({ control }) => control === "agent");
  const session = taken ?? sessions[0];
  if (session === undefined) return null;
  return { ...common, bot: session.bot, by: taken === undefined ? "name" : "person" };
}

/** Reason with which a session's object claims a conversation. */
export function claimedBy(standing: Standing | null): ClaimedBy {
  if (standing === null) return "named";
  if (standing.isCreated) return "made";
  return standing.by === "handoff" || standing.by === "person" ? "has" : "named";
}

/**
 * Another object that may have sessions in the conversation. `isHost`: the last one that this bot, or a sharing one, was let
 * into.
 */
interface Neighbour {
  object: string;
  isHost: boolean;
  standing: Standing | null;
}

/** Place for a session that comes to it: its own object, its own object without the conversation because another bot has it, or this object. */
export type Entered = { kind: "here" } | { kind: "taken" } | { kind: "line"; object: string };

/** Chooses the object in which a bot's session goes on that comes to a conversation. */
export function enteredAmong(neighbours: readonly Neighbour[], bot: string, flows: Flows): Entered {
  const isStrange = (its: string): boolean => !isSharedWith(flows, its, bot);
  const isTaken = neighbours.some(
    ({ standing }) => standing?.open.some(isStrange) === true || (standing?.by === "person" && isStrange(standing.bot)),
  );
  const line =
    neighbours.find(({ standing }) => standing?.open.includes(bot)) ??
    neighbours.find(({ isHost, standing }) => isHost && standing?.isTaking === true) ??
    (isTaken ? undefined : neighbours.find(({ standing }) => standing?.by === "handoff"));
  if (line !== undefined) return { kind: "line", object: line.object };
  return isTaken ? { kind: "taken" } : { kind: "here" };
}
