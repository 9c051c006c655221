/** Bounds the pending handoffs of all bots and of each bot. No further one is opened when a bound is reached. */
import type { Tables } from "../../store/store.ts";

const BACKLOG_FULL = "BACKLOG_FULL";

/** Names the bound that is reached: the bot's own, or that of all bots. */
type Full = "bot" | "all";

/** Thrown, so that the commit rolls back: too many handoffs are pending to open one more. */
const backlogFull = (whose: Full): Error =>
  Object.assign(new Error("too many handoffs are pending"), { code: BACKLOG_FULL, whose });

/** Null: the error has another cause. */
export function fullBacklogOf(error: unknown): Full | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== BACKLOG_FULL) return null;
  return "whose" in error && error.whose === "bot" ? "bot" : "all";
}

interface Owner {
  account: string;
  bot: string;
}

/** Takes a place for one more pending handoff, within its commit; throws if no place is free. */
export type TakePlace = (tables: Tables, owner: Owner) => void;

/** Each bot always gets this share of the places, so all bots together may exceed the bound a little. */
const ALWAYS_FREE = 0.01;
const LARGEST_SHARE = 0.5;
/** Most pending handoffs of one bot. */
export const mostOfBot = (maxPending: number): number => Math.max(1, Math.floor(maxPending * LARGEST_SHARE));

/** Never counts too few: work that runs twice counts twice. Counts again only when no place seems to be free. */
function createCount(most: number) {
  let atMost = Number.POSITIVE_INFINITY;
  return {
    hasPlace(count: (most: number) => number): boolean {
      if (atMost >= most) atMost = count(most);
      return atMost < most;
    },
    add(): void {
      atMost += 1;
    },
  };
}

export function createBacklog(maxPending: number): TakePlace {
  const largest = mostOfBot(maxPending);
  const free = Math.max(1, Math.floor(maxPending * ALWAYS_FREE));
  const all = createCount(maxPending);
  /** One for each bot of a flow. */
  const bots = new Map<string, { own: ReturnType<typeof createCount>; few: ReturnType<typeof createCount> }>();

  return ({ handoffs }, { account, bot }) => {
    const name = `${account}\n${bot}`;
    const counts = bots.get(name) ?? { own: createCount(largest), few: createCount(free) };
    bots.set(name, counts);
    const countOwn = (most: number): number => handoffs.pendingOf(account, bot, most);
    if (!counts.own.hasPlace(countOwn)) throw backlogFull("bot");
    if (!all.hasPlace(handoffs.pending) && !counts.few.hasPlace(countOwn)) throw backlogFull("all");
    for (const count of [counts.own, counts.few, all]) count.add();
  };
}
