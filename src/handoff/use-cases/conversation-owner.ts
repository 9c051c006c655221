/**
 * Decides whose a conversation is. It belongs to the open handoff that has it, or to the chat that a person took there. Another bot
 * may have it only where the flow that has it names that bot.
 */
import type { Flows } from "../../escalation/flow.ts";
import type { Event } from "../../events/event.ts";
import type { Handoff, Ledger } from "../../model/handoff.ts";
import type { Session } from "../../model/session.ts";
import type { Tables } from "../../store/store.ts";
import { isOpen } from "../ledger/conversation/shared-handoff.ts";

/** The flow that has a conversation gives it to others: what the others' flows say does not count. */
export const isSharedWith = (flows: Flows, owner: string, bot: string): boolean =>
  owner === bot || flows.get(owner)?.sharesConversationsWith.includes(bot) === true;

/** Whether a handoff had its conversation made. */
export const isCreated = (ledger: Ledger | null): boolean =>
  ledger?.steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null) === true;

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

/** Whether what is known of a conversation may be shown of a bot's session: the last handoff there was of that bot, or none. */
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

/** Sessions whose customer a person has in a conversation that no handoff brought to them. */
export function takenByPerson(tables: Tables, flows: Flows, account: string, conversationId: string): Session[] {
  const bots = [...flows].flatMap(([bot, flow]) => (flow.account === account ? [bot] : []));
  return tables.sessions.inConversation(conversationId, bots).filter(({ control }) => control === "agent");
}

/** An event without the conversation that it may not have. */
export function withoutConversation<E extends Event>({ conversationId: _, ...event }: E): E {
  return event as E;
}
