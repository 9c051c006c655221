/**
 * Quota of events for each bot: a bucket that fills steadily, so that one bot's storm does not slow the others. It does not touch
 * accepted events.
 */
export interface Quota {
  /** `remaining`: events that the bot may still send at once. `retryAfterSeconds`: null if it is within the quota. */
  take(bot: string, events: number, bytes?: number): { remaining: number; retryAfterSeconds: number | null };
  /** Terms of `RateLimit-Policy`: `events` in `seconds`. */
  policy: { events: number; seconds: number };
}

/** Each such part of a body counts as an event, since it takes the disk space of one. */
const BYTES_OF_EVENT = 16 * 1024;
/** A quiet bot saves up its quota for this time. */
const BURST_SECONDS = 10;

export function createQuota({ now, perSecond }: { now: () => number; perSecond: number }): Quota {
  const burst = perSecond * BURST_SECONDS;
  const buckets = new Map<string, { left: number; at: number }>();

  return {
    policy: { events: burst, seconds: BURST_SECONDS },
    take(bot, events, bytes = 0) {
      const at = now();
      const bucket = buckets.get(bot) ?? { left: burst, at };
      // A clock that was set back takes nothing away.
      const left = Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) * perSecond) / 1_000);
      const wanted = Math.min(Math.max(events, Math.ceil(bytes / BYTES_OF_EVENT)), burst);
      const isWithin = left >= wanted;
      buckets.set(bot, { left: isWithin ? left - wanted : left, at });
      return {
        remaining: Math.floor(isWithin ? left - wanted : left),
        retryAfterSeconds: isWithin ? null : Math.ceil((wanted - left) / perSecond),
      };
    },
  };
}
