import type { HandoffSettings } from "./settings.ts";

/**
 * How long to wait before the next attempt: full jitter over a doubling wait, later a steady one; null: give up.
 * `sends`: attempts so far, at least 1. `random`: 0 to 1.
 */
export function backoffMs(
  sends: number,
  sinceFirstMs: number,
  random: number,
  settings: HandoffSettings,
): number | null {
  if (sinceFirstMs >= settings.giveUpAfterMs) return null;
  if (sinceFirstMs >= settings.promptForMs) return settings.lateRetryMs;
  return Math.round(random * Math.min(settings.slowestRetryMs, settings.firstRetryMs * 2 ** Math.min(sends - 1, 30)));
}
