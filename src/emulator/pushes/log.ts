import type { EmulatorSettings } from "../settings/settings.ts";
import type { BotPush, Push } from "./payload.ts";

/** One request, or a push that was lost before it became one. */
export interface RecordedPush {
  n: number;
  at: number;
  /** `bot:` and the bot's id for a bot's own webhook. */
  subscriptionId: string;
  url: string;
  /** 1 is the first. */
  attempt: number;
  /** One push, or an array of them. */
  body: Push | BotPush | readonly (Push | BotPush)[];
  /**
   * `accepted`: answered 200. `refused`: answered otherwise. `unanswered`: no answer. `dropped`: on purpose, or for lack of
   * space.
   */
  outcome: "accepted" | "refused" | "unanswered" | "dropped";
  status: number | null;
  /** Error code of a connection that broke before an answer. */
  error: string | null;
  /** Time of the next try; null: none. */
  retryAt: number | null;
}

export function createPushLog(settings: EmulatorSettings) {
  const pushes: RecordedPush[] = [];
  const listeners = new Set<(push: RecordedPush) => void>();
  let recorded = 0;
  return {
    pushes: pushes as readonly RecordedPush[],
    onPush(listener: (push: RecordedPush) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    record(push: Omit<RecordedPush, "n">): void {
      recorded += 1;
      const numbered = { n: recorded, ...push };
      pushes.push(numbered);
      while (pushes.length > settings.maxPushes) pushes.shift();
      for (const listener of listeners) listener(numbered);
    },
  };
}
export type PushLog = ReturnType<typeof createPushLog>;
