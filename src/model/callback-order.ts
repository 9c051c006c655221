/** Orders the callbacks of one session. Pure. */
import { type CallbackType, controlCallbacks } from "../events/callback-types.ts";
import type { Callback } from "./callback.ts";

/** A callback that its receiver does not accept delays the next one about control by at most this. */
export const HELD_AT_MOST_MS = 15_000;

/** A callback of a session that is not over, with the fields that its order needs. */
export interface OpenCallback extends Pick<Callback, "id" | "type" | "state" | "tries" | "triesSince" | "nextAt"> {
  state: "ready" | "sent";
}

export const tellsControl = (type: CallbackType): boolean => controlCallbacks.some((control) => control === type);

/** Time from which a later callback may pass this one, which was tried and not taken; null: not before a try. */
function passableFrom({ state, tries, triesSince }: OpenCallback): number | null {
  const isFailing = state === "ready" ? tries > 0 : tries > 1;
  return isFailing && triesSince !== null ? triesSince + HELD_AT_MOST_MS : null;
}

/** Time from which `before` no longer holds up `later`; null: not before `before` is over or was tried. */
function releaseAt(later: OpenCallback, before: OpenCallback): number | null {
  const areControl = tellsControl(later.type) && tellsControl(before.type);
  // Two of them on their way at once might arrive in the wrong order.
  if (areControl && before.state === "sent") return null;
  return passableFrom(before);
}

/**
 * Returns due times for callbacks that have none yet, or may go sooner. `open`: in their order; of those with words only the
 * first, since the others wait for it.
 */
export function releaseTimes(open: readonly OpenCallback[], now: number): { id: string; at: number }[] {
  return open.flatMap((callback, index) => {
    const { id, state, tries, nextAt } = callback;
    if (state !== "ready" || (nextAt !== null && tries > 0)) return [];
    const times = open.slice(0, index).map((before) => releaseAt(callback, before));
    const known = times.filter((at) => at !== null);
    const at = Math.max(now, ...known);
    const isNews = known.length === times.length && (nextAt === null || at < nextAt);
    return isNews ? [{ id, at }] : [];
  });
}
