/**
 * Reads agents' messages for bots that want them, since no event that a subscription can name brings them. It reads only chats
 * that an agent has: rarely while nothing is written, and once more when the chat is over.
 */

import type { Flows } from "../../escalation/flow.ts";
import { flowWants } from "../../escalation/flow-wants.ts";
import { readTimestamp } from "../../events/reading/timestamp.ts";
import { type Pushed, toListedMessage } from "../../events/sources/conversations.ts";
import type { Message } from "../../infobip/schema.ts";
import type { Handoff } from "../../model/handoff.ts";
import type { Watched } from "../../store/platform-watch.ts";
import type { AtPlatform, PollDeps, PolledAccount } from "./poll-conversations.ts";

export interface MessagePollDeps extends Pick<PollDeps, "now" | "steady"> {
  atPlatform: Pick<AtPlatform, "withAgent">;
  accounts: ReadonlyMap<string, PolledAccount>;
  flows: Flows;
  /** Takes a message as a push: one that a push already brought changes nothing. */
  receivePush: (account: string, pushed: Pushed) => Promise<unknown>;
  /** True while the service stops: nothing more is read. */
  isStopping?: () => boolean;
}

/** The platform allows 500 of these requests a minute: this many chats of an account are read in this time. */
const TURN_MS = 3_000;
const CHATS_A_TURN = 15;
const SLOWEST_MS = 15_000;
const SLOWER_BY = 1.5;
/** The poll only has to find a lost push while pushes bring agents' messages. */
const PUSHED_LATELY_MS = 10 * 60_000;
const RARELY_MS = 60_000;
const MOST_CHATS = 1_000;
/** Clocks differ. */
const FIRST_OVERLAP_MS = 90_000;
/** A list may lag behind. */
const OVERLAP_MS = 30_000;

interface Chat {
  conversationId: string;
  /** Messages before this are known. */
  from: number;
  /** Ids of known messages since then. */
  known: Set<string>;
  everyMs: number;
  dueAt: number;
}

const timeOf = ({ createdAt }: Message): number => Date.parse(readTimestamp(createdAt) ?? "");

export function createMessagePoll(deps: MessagePollDeps) {
  const { atPlatform, accounts, flows, receivePush, now, steady } = deps;
  /** Chats by account and conversation. */
  const chats = new Map<string, Map<string, Chat>>();
  const pushedAt = new Map<string, number>();

  const wanting = new Set(
    [...flows.values()].filter((flow) => flowWants(flow, "agent.message")).map(({ account }) => account),
  );
  const isWanted = ({ bot, conversationId }: Pick<Handoff, "bot" | "conversationId">): boolean => {
    const flow = flows.get(bot);
    return flow !== undefined && conversationId !== null && flowWants(flow, "agent.message");
  };
  const isPushed = (name: string): boolean =>
    steady() - (pushedAt.get(name) ?? Number.NEGATIVE_INFINITY) < PUSHED_LATELY_MS;

  const begun = (conversationId: string, since: number): Chat => ({
    conversationId,
    from: since - FIRST_OVERLAP_MS,
    known: new Set(),
    everyMs: TURN_MS,
    dueAt: steady(),
  });

  function chatsOf(name: string): Map<string, Chat> {
    const all = chats.get(name) ?? new Map<string, Chat>();
    chats.set(name, all);
    return all;
  }

  /** Several handoffs may share a conversation. */
  function watched(all: Map<string, Chat>, handoff: Handoff): Chat {
    const { conversationId, routedAt, createdAt } = handoff;
    const id = conversationId ?? "";
    const chat = all.get(id) ?? begun(id, routedAt ?? createdAt);
    all.set(chat.conversationId, chat);
    return chat;
  }

  /** Resolves with true if it could be read. A message that a push brought counts as a duplicate. */
  async function read(name: string, { client, directory }: PolledAccount, chat: Chat): Promise<boolean> {
    // A clock that was ahead may have given this time.
    chat.from = Math.min(chat.from, now() - OVERLAP_MS);
    const outcome = await client.messagesAfter(chat.conversationId, chat.from);
    if (outcome.kind !== "ok") return false;
    const news = outcome.value
      .filter((message) => !chat.known.has(message.id))
      .sort((one, other) => timeOf(one) - timeOf(other));
    for (const message of news) {
      const { authorType, authorId } = message;
      // The list may lack the author's type: bots are found by their ids then.
      const isBot = !authorType && authorId ? await directory.isBot(authorId) : null;
      if (isBot !== null && isBot.kind !== "ok") return false;
      const pushed = isBot?.value ? null : toListedMessage(chat.conversationId, message, now());
      if (pushed !== null) await receivePush(name, pushed);
      chat.known.add(message.id);
    }
    const newest = Math.max(chat.from, ...outcome.value.map(timeOf).filter((at) => !Number.isNaN(at)));
    chat.from = Math.max(chat.from, newest - OVERLAP_MS);
    const recent = outcome.value.filter((message) => !(timeOf(message) < chat.from)).map(({ id }) => id);
    chat.known = new Set(recent);
    chat.everyMs = news.length > 0 ? TURN_MS : Math.min(chat.everyMs * SLOWER_BY, SLOWEST_MS);
    return true;
  }

  async function take(name: string, account: PolledAccount, chat: Chat, isOver: boolean): Promise<void> {
    const isRead = await read(name, account, chat);
    if (isRead && isOver) chatsOf(name).delete(chat.conversationId);
    const wait = isRead ? chat.everyMs : SLOWEST_MS;
    chat.dueAt = steady() + (isPushed(name) ? Math.max(wait, RARELY_MS) : wait);
  }

  /** Reads due chats. Resolves with the wait for the next turn; null: the account has no chat to read. */
  async function look(name: string, account: PolledAccount): Promise<number | null> {
    if (!wanting.has(name) || account.pollEveryMs === 0) return null;
    const all = chatsOf(name);
    const withAgent = new Set<string>();
    for (const handoff of (await atPlatform.withAgent(name, MOST_CHATS)).filter(isWanted)) {
      withAgent.add(watched(all, handoff).conversationId);
    }
    if (all.size === 0) return null;
    if (account.gate.heldUntil() !== null || account.gate.isRefused()) return SLOWEST_MS;
    const isOver = ({ conversationId }: Chat): boolean => !withAgent.has(conversationId);
    const due = [...all.values()]
      .filter((chat) => isOver(chat) || chat.dueAt <= steady())
      .sort((one, other) => one.dueAt - other.dueAt)
      .slice(0, CHATS_A_TURN);
    for (const chat of due) {
      if (deps.isStopping?.() === true || account.gate.heldUntil() !== null) break;
      await take(name, account, chat, isOver(chat));
    }
    return TURN_MS;
  }

  return {
    /** A push brought an agent's message. */
    pushed: (name: string): void => void pushedAt.set(name, steady()),
    look,
    /** Milliseconds between two looks at an account; null: no bot of it wants its agents' messages. */
    waitMs: (name: string): number | null => (wanting.has(name) ? TURN_MS : null),
    /** An agent has a chat, or had it until now: the next turn reads it, and may be the only one. */
    watch(handoff: Handoff): void {
      const isOfAgent = handoff.state === "assigned" || (handoff.state === "returned" && handoff.routedAt !== null);
      const account = accounts.get(handoff.account);
      if (!isOfAgent || account === undefined || account.pollEveryMs === 0 || !isWanted(handoff)) return;
      watched(chatsOf(handoff.account), handoff);
    },
    /** Reads a chat before its end counts: words from before come first. */
    async finish(name: string, account: PolledAccount, watched: Watched): Promise<void> {
      if (account.pollEveryMs === 0 || watched.state === "returned" || !isWanted(watched)) return;
      const { conversationId: id, since } = watched;
      await read(name, account, chatsOf(name).get(id) ?? begun(id, since));
    },
  };
}
export type MessagePoll = ReturnType<typeof createMessagePoll>;
