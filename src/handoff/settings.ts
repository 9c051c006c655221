import { z } from "zod";

/** Every wait of a handoff, in milliseconds, and every bound, with its default. */
export const handoffSettingsSchema = z.object({
  /** A place at a shared account, or the one attempt at an account that failed, counts for so long without a word of it. */
  leaseMs: z.number().default(30_000),
  /** An effect whose answer was lost is visible to a search after this. */
  quietMs: z.number().default(3_000),
  /**
   * A request may have its effect long after its timeout. So long after the last create that was not the only one, its
   * conversation is there and listed, or never will be: the last look for duplicates.
   */
  lateMs: z.number().default(90_000),
  /** What was seen of a conversation counts for so long before a route looks again who has it. */
  freshMs: z.number().default(5_000),
  /** Clocks of ours and the platform's may differ by so much when a lost conversation is searched by its time. */
  skewMs: z.number().default(60_000),
  firstRetryMs: z.number().default(500),
  slowestRetryMs: z.number().default(60_000),
  /** After this long retries come every `lateRetryMs`. */
  promptForMs: z.number().default(30 * 60_000),
  lateRetryMs: z.number().default(15 * 60_000),
  /** After this long a step that will not succeed parks its handoff. */
  giveUpAfterMs: z.number().default(24 * 60 * 60_000),
  /** Attempts before either; a platform that fails for half an hour has seen some forty. */
  giveUpAfterTries: z.number().int().default(10),
  /** Attempts on their way to one account. */
  attemptsAtOnce: z.number().int().min(1).default(64),
  /** Of them, of one handoff. */
  stepsAtOnce: z.number().int().min(1).default(8),
  /** Handoffs of one account in work. */
  handoffsAtOnce: z.number().int().min(1).default(64),
  /** Failures in a row after which an account is left alone, for `openMs`, doubled as long as it fails. */
  breakAfter: z.number().int().min(1).default(10),
  openMs: z.number().default(5_000),
  longestOpenMs: z.number().default(60_000),
  /** How often an account that refuses our credentials is asked whether it takes them again. */
  askEveryMs: z.number().default(30_000),
  /** Pending handoffs beyond which no more are opened, and whoever asks is told to come back. */
  maxPending: z.number().int().min(1).default(10_000),
  /** Conversations that may close or vanish under one handoff before a person has to look. */
  maxReplacements: z.number().default(3),
});
export type HandoffSettings = z.infer<typeof handoffSettingsSchema>;
