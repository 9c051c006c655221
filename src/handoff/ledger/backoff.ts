import type { HandoffSettings } from "../settings.ts";

/**
 * Milliseconds before the next attempt: full jitter over a doubling wait, later a steady one; null: give up. A service that did
 * not run for a day tried nothing in it, so time alone gives up nothing. `sends`: attempts so far, at least 1. `random`: 0 to 1.
 */
export function backoffMs(
  sends: number,
  sinceFirstMs: number,
  random: number,
  settings: HandoffSettings,
): number | null {
  const hasTried = sends >= settings.giveUpAfterTries;
  if (hasTried && sinceFirstMs >= settings.giveUpAfterMs) return null;
  if (hasTried && sinceFirstMs >= settings.promptForMs) return settings.lateRetryMs;
  return Math.round(random * Math.min(settings.slowestRetryMs, settings.firstRetryMs * 2 ** Math.min(sends - 1, 30)));
}
