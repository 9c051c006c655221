/** Remembers which bots had sessions that reached the most handoffs of their flow, for as long as that is an alert. */
export interface ReachedLimits {
  /** A customer was told that there is no further handoff. */
  note(bot: string): void;
  /** Customers of each bot that were told, until none was for a while. */
  read(): { bot: string; count: number }[];
  /** True: this process has watched for long enough to know that a bot has none. */
  isSure(): boolean;
}

const CALM_MS = 3_600_000;

export function createReachedLimits(now: () => number): ReachedLimits {
  const begunAt = now();
  const reached = new Map<string, { count: number; lastAt: number }>();
  return {
    note: (bot) => void reached.set(bot, { count: (reached.get(bot)?.count ?? 0) + 1, lastAt: now() }),
    read() {
      for (const [bot, { lastAt }] of reached) if (now() - lastAt >= CALM_MS) reached.delete(bot);
      return [...reached].map(([bot, { count }]) => ({ bot, count }));
    },
    isSure: () => now() - begunAt >= CALM_MS,
  };
}
