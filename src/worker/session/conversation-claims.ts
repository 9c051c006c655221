/** What a session's object asks of a conversation's object, and tells it: whose the conversation is. */
import type { Flow, Flows } from "../../escalation/flow.ts";
import { isOpen } from "../../handoff/ledger/conversation/shared-handoff.ts";
import { isCreated, isSharedWith } from "../../handoff/use-cases/conversation-owner.ts";
import type { Tables } from "../../store/store.ts";
import type { ClaimedBy } from "../objects/conversation-object.ts";

/** How an object's sessions are in a conversation; null: they are not. */
export interface Standing {
  /** The bot that has it foremost. */
  bot: string;
  /** All bots whose open handoffs have it. */
  open: readonly string[];
  /** By an open handoff, because a person took the chat there, by a handoff that is over, or because they named it. */
  by: "handoff" | "person" | "former-handoff" | "name";
  /** By a handoff that had it made. */
  isCreated: boolean;
  /** An event that comes to it is being taken: whether a handoff follows is not known yet. */
  isTaking: boolean;
}

/** The account and the bots that an object's sessions may be of. */
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

/** With what right a session's object claims a conversation. */
export function claimedBy(standing: Standing | null): ClaimedBy {
  if (standing === null) return "named";
  if (standing.isCreated) return "made";
  return standing.by === "handoff" || standing.by === "person" ? "has" : "named";
}

/** Another object that may have sessions in the conversation; `isHost`: the last one that the bot, or one that shares, was let into. */
interface Neighbour {
  object: string;
  isHost: boolean;
  standing: Standing | null;
}

/** Where a session goes on that comes to it: in its own object, there without it because it is another bot's, or in this object. */
export type Entered = { kind: "here" } | { kind: "taken" } | { kind: "line"; object: string };

/** Where a bot's session goes on that comes to a conversation. */
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
