/**
 * Finds at the platform what its pushes would tell, for handoffs that are in its hands: where pushes are not set up, and, more
 * rarely, where they are, since one may be lost.
 */
import type { Conversation } from "../conversations/schema.ts";
import { readTimestamp } from "../events/reading/timestamp.ts";
import type { Log } from "../log.ts";
import type { Word } from "../sessions/known-conversation.ts";
import type { Handoff } from "../sessions/ledger.ts";
import type { SessionRecord } from "../sessions/record.ts";
import type { Account } from "./attempt.ts";
import type { DispatcherDeps } from "./dispatcher.ts";
import type { Gate } from "./gate.ts";
import type { Hear } from "./hear.ts";

/** An account as it is polled. */
export type PolledAccount = Account & {
  gate: Pick<Gate, "heldUntil" | "isRefused">;
  /** Milliseconds; 0: never. */
  pollEveryMs: number;
};

/** What is known of handoffs that are in an account's hands. */
export interface AtPlatform {
  /** Since when the oldest is, or was solved after `solvedAfter` and may be opened again; null: none is. */
  since(account: string, solvedAfter: number): number | null | Promise<number | null>;
  /** The newest of each of these conversations, and all that are open in them. */
  ofConversations(account: string, ids: readonly string[]): Handoff[] | Promise<Handoff[]>;
  /** Those that an agent has, at most so many. */
  withAgent(account: string, limit: number): Handoff[] | Promise<Handoff[]>;
}

export const atPlatformIn = (record: Pick<SessionRecord, "read">): AtPlatform => ({
  since: (account, solvedAfter) => record.read((tables) => tables.handoffs.atPlatformSince(account, solvedAfter)),
  ofConversations: (account, ids) =>
    record.read((tables) => ids.flatMap((id) => tables.handoffs.inConversation(account, id))),
  withAgent: (account, limit) => record.read((tables) => tables.handoffs.withAgent(account, limit)),
});

export interface PollDeps {
  atPlatform: AtPlatform;
  accounts: ReadonlyMap<string, PolledAccount>;
  see: Hear["see"];
  /** What an agent wrote is heard before the end of the chat is. */
  finish?: (name: string, account: PolledAccount, handoff: Handoff) => Promise<void>;
  now: () => number;
  setTimer: DispatcherDeps["setTimer"];
  log: Log;
}

/** While pushes come, the poll is only there for one that was lost. */
const PUSHED_LATELY_MS = 10 * 60_000;
const RARELY = 10;
/** A customer who answers to what was solved opens it again; later than this the bot has moved on. */
const REOPENED_WITHIN_MS = 3_600_000;
/** Clocks differ, and the list may lag behind. */
const OVERLAP_MS = 90_000;
/** What nobody has heard of for so long is not looked for by one list. */
const LONGEST_BACK_MS = 24 * 3_600_000;

function statusOf({ status }: Conversation): NonNullable<Word["status"]> {
  switch (status) {
    case "CLOSED":
      return "closed";
    case "SOLVED":
      return "solved";
    case "OPEN":
    case "WAITING":
    case "PENDING":
      return "open";
  }
}

export function createPoll({ atPlatform, accounts, see, finish, now, setTimer, log }: PollDeps) {
  const pushedAt = new Map<string, number>();
  const polledAt = new Map<string, number>();
  const timers = new Map<string, () => void>();
  let isStopped = false;

  const isOver = ({ decision }: Handoff, { status }: Conversation): boolean =>
    status === "CLOSED" || (status === "SOLVED" && decision.handBack.when === "solved");

  /** Whether what the list shows is other than what the handoff says. */
  function isNews(handoff: Handoff, conversation: Conversation): boolean {
    if (handoff.state === "returned") return !isOver(handoff, conversation);
    return isOver(handoff, conversation) || (conversation.agentId || null) !== handoff.agentId;
  }

  /** By a look of its own: a list may show what was before the route. Resolves with whether it showed anything. */
  async function lookAt(name: string, { client, directory }: Account, id: string): Promise<boolean> {
    const current = await client.get(id);
    if (current.kind !== "ok") return false;
    const { agentId, queueId, updatedAt } = current.value;
    const isBot = agentId ? await directory.isBot(agentId) : null;
    if (isBot !== null && isBot.kind !== "ok") return false;
    const kind = isBot === null ? "none" : isBot.value ? "bot" : "human";
    await see(name, id, {
      at: Date.parse(readTimestamp(updatedAt) ?? new Date(now()).toISOString()),
      status: statusOf(current.value),
      assignee: { kind, id: agentId || null, name: null },
      queueId: queueId || null,
    });
    return true;
  }

  /** Whether anything is in the account's hands. */
  async function poll(name: string, account: PolledAccount): Promise<boolean> {
    const solvedAfter = now() - REOPENED_WITHIN_MS;
    const since = await atPlatform.since(name, solvedAfter);
    if (since === null) return false;
    if (account.gate.heldUntil() !== null || account.gate.isRefused()) return true;
    const startedAt = now();
    const from = Math.max(polledAt.get(name) ?? since, startedAt - LONGEST_BACK_MS) - OVERLAP_MS;
    const changed = await account.client.list({ updatedAfterMs: from, orderBy: "updatedAt:asc" });
    if (changed.kind !== "ok") return true;
    const byId = new Map(changed.value.map((conversation) => [conversation.id, conversation]));
    let isAll = true;
    const lookedAt = new Set<string>();
    for (const handoff of await atPlatform.ofConversations(name, [...byId.keys()])) {
      const conversation = byId.get(handoff.conversationId ?? "");
      const isOurs = ["routed", "assigned", "returned"].includes(handoff.state);
      if (!isOurs || conversation === undefined || !isNews(handoff, conversation)) continue;
      if (lookedAt.has(conversation.id)) continue;
      lookedAt.add(conversation.id);
      if (isOver(handoff, conversation)) await finish?.(name, account, handoff);
      isAll = (await lookAt(name, account, conversation.id)) && isAll;
    }
    // What could not be looked at is listed again.
    if (isAll) polledAt.set(name, startedAt);
    return true;
  }

  const waitMs = (name: string, { pollEveryMs }: PolledAccount): number => {
    const isPushed = now() - (pushedAt.get(name) ?? Number.NEGATIVE_INFINITY) < PUSHED_LATELY_MS;
    return isPushed ? pollEveryMs * RARELY : pollEveryMs;
  };

  function arm(name: string, account: PolledAccount): void {
    if (isStopped || account.pollEveryMs === 0) return;
    timers.set(
      name,
      setTimer(
        () => {
          poll(name, account)
            .catch((err: unknown) =>
              log.error({ account: name, err }, "the platform could not be polled; it is tried again"),
            )
            .finally(() => arm(name, account));
        },
        waitMs(name, account),
      ),
    );
  }

  return {
    /** A push came: the poll may be rarer. */
    pushed: (name: string): void => void pushedAt.set(name, now()),
    /** One look, where no timer asks for it. Resolves with whether another is to follow. */
    look: poll,
    waitMs,
    begin(): void {
      for (const [name, account] of accounts) arm(name, account);
    },
    stop(): void {
      isStopped = true;
      for (const cancel of timers.values()) cancel();
    },
  };
}
