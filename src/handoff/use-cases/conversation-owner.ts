/**
 * Decides which bot has a conversation: the bot of the open handoff in it, or of the chat that a person took there. Another bot
 * may have it only if the flow that has it names that bot.
 */
import type { Flows } from "../../escalation/flow.ts";
import type { Event } from "../../events/event.ts";
import type { Handoff, Ledger } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { isOpen } from "../ledger/conversation/shared-handoff.ts";
import { isOwnConversation } from "../ledger/queries.ts";

/** Only the flow that has a conversation may share it: the other bots' flows have no say. */
export const isSharedWith = (flows: Flows, owner: string, bot: string): boolean =>
  owner === bot || flows.get(owner)?.sharesConversationsWith.includes(bot) === true;

/** True if a handoff had its conversation created. */
export const isCreated = (ledger: Ledger | null): boolean => ledger !== null && isOwnConversation(ledger.steps);

export interface Holder {
  /** The bot's own open handoff in the conversation. */
  own: Handoff | null;
  isAnothers: boolean;
}

export function holderOf(tables: Tables, flows: Flows, bot: string, account: string, conversationId: string): Holder {
  const open = tables.handoffs.inConversation(account, conversationId).filter(isOpen);
  const own = open.find((handoff) => handoff.bot === bot) ?? null;
  return { own, isAnothers: own === null && open.some((it) => !isSharedWith(flows, it.bot, bot)) };
}

/**
 * True if a bot's session may show the state of a conversation: the conversation has no handoff, or one of its open handoffs (of
 * all, if none is open) is that bot's or shared with it.
 */
export function isKnownTo(
  tables: Pick<Tables, "handoffs">,
  flows: Flows,
  bot: string,
  account: string,
  conversationId: string,
): boolean {
  const handoffs = tables.handoffs.inConversation(account, conversationId);
  const open = handoffs.filter(isOpen);
  const holders = open.length > 0 ? open : handoffs;
  return holders.length === 0 || holders.some((it) => isSharedWith(flows, it.bot, bot));
}

/** Sessions whose customer talks to a person in a conversation that no handoff opened. */
export function takenByPerson(tables: Tables, flows: Flows, account: string, conversationId: string): Session[] {
  const bots = [...flows].flatMap(([bot, flow]) => (flow.account === account ? [bot] : []));
  return tables.sessions.inConversation(conversationId, bots).filter(({ control }) => control === "agent");
}

/** Removes from an event the conversation that it may not have. */
export function withoutConversation<E extends Event>({ conversationId: _, ...event }: E): E {
  return event as E;
}
