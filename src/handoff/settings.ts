import { z } from "zod";

/** Every wait of a handoff, in milliseconds, and every bound, with its default. */
export const handoffSettingsSchema = z.object({
  /** A place at a shared account, or the one attempt at an account that failed, is held for this time without a result. */
  leaseMs: z.number().default(30_000),
  /** A search shows an effect whose answer was lost after this time. */
  quietMs: z.number().default(3_000),
  /**
   * A request may have its effect long after its timeout. By this time after the last of several creates, its conversation is
   * listed, or never will be: the sweep for duplicates runs then.
   */
  lateMs: z.number().default(90_000),
  /** A route reads the assignee again if its last look at the conversation is older than this. */
  freshMs: z.number().default(5_000),
  /** Our clock and the platform's may differ by this when a lost conversation is searched by its time. */
  skewMs: z.number().default(60_000),
  firstRetryMs: z.number().default(500),
  slowestRetryMs: z.number().default(60_000),
  /** Retries come every `lateRetryMs` after this time. */
  promptForMs: z.number().default(30 * 60_000),
  lateRetryMs: z.number().default(15 * 60_000),
  /** A step that has not succeeded by then parks its handoff. */
  giveUpAfterMs: z.number().default(24 * 60 * 60_000),
  /** Fewest attempts before either; a platform that fails for half an hour has seen some forty. */
  giveUpAfterTries: z.number().int().default(10),
  /** Most attempts on their way to one account. */
  attemptsAtOnce: z.number().int().min(1).default(64),
  /** Most attempts of one handoff on their way. */
  stepsAtOnce: z.number().int().min(1).default(8),
  /** Most handoffs of one account in work. */
  handoffsAtOnce: z.number().int().min(1).default(64),
  /** Failures in a row that open an account's circuit for `openMs`; the time doubles as long as it fails. */
  breakAfter: z.number().int().min(1).default(10),
  openMs: z.number().default(5_000),
  longestOpenMs: z.number().default(60_000),
  /** Interval at which an account that refuses our credentials is asked again. */
  askEveryMs: z.number().default(30_000),
  /** Most pending handoffs. Requests that would open one more are asked to come back. */
  maxPending: z.number().int().min(1).default(10_000),
  /** Conversations that may close or vanish under one handoff before a person has to look. */
  maxReplacements: z.number().default(3),
});
export type HandoffSettings = z.infer<typeof handoffSettingsSchema>;
