/** A session as the record has it: its reports, and when its handoffs were opened and over. */
import { type Event, eventSchema } from "../../events/event.ts";
import type { Facts } from "../../events/facts.ts";
import type { Control } from "../../model/session.ts";

/** A report of the bot after redaction. Times are in milliseconds since the epoch. */
export interface RecordedEvent {
  seq: number;
  /** The bot's id of the event, or one made from its content. */
  id: string;
  /** Null: older than the count of rounds. */
  epoch: number | null;
  body: unknown;
  receivedAt: number;
  /** The rule that matched when it came. */
  rule: string | null;
  /** The handoff that it opened or joined. */
  handoffId: string | null;
}

export interface RecordedHandoff {
  id: string;
  epoch: number;
  openedAt: number;
  /** Null: it is open. */
  overAt: number | null;
  /** True: the bot had its customer back. */
  isReturned: boolean;
}

export interface SessionHistory {
  bot: string;
  session: string;
  createdAt: number;
  /** Oldest first. */
  events: readonly RecordedEvent[];
  handoffs: readonly RecordedHandoff[];
  /** The session as it is now. */
  now: { epoch: number; control: Control; facts: Facts; returnedAt: number | null; updatedAt: number };
}

/** The event in a recorded body; null: an erasure or the end of its retention took it, or an earlier version wrote it. */
export const eventIn = (body: unknown): Event | null => eventSchema.safeParse(body).data ?? null;

/** Finds the time at which the bot last had its customer back before a round; null: never. Later changes of the row do not count. */
export function returnedBefore(
  handoffs: readonly Pick<RecordedHandoff, "epoch" | "overAt" | "isReturned">[],
  epoch: number,
  roundBegan: number,
): number | null {
  const times = handoffs
    .filter((it) => it.isReturned && it.epoch < epoch)
    .map(({ overAt }) => Math.min(overAt ?? roundBegan, roundBegan));
  return times.length === 0 ? null : Math.max(...times);
}
