/** A handoff as `show.ts` answers it, for whoever reads those answers. What they do not use is dropped. */
import { z } from "zod";

export const shownHandoffSchema = z.object({
  id: z.string(),
  bot: z.string(),
  session: z.string(),
  flow: z.string(),
  state: z.string(),
  rule: z.string(),
  reason: z.string(),
  control: z.string(),
  conversationId: z.string().nullable(),
  agentId: z.string().nullable(),
  replaces: z.array(z.string()),
  continues: z.string().nullable(),
  returnedBecause: z.string().nullable(),
  deferredUntil: z.string().nullable(),
  lateSince: z.string().nullable(),
  tags: z.array(z.string()),
  priority: z.string(),
  queue: z.string().nullable(),
  leftOut: z.unknown(),
  parkedBecause: z.string().nullable(),
  nextAttemptAt: z.string().nullable(),
  createdAt: z.string(),
  routedAt: z.string().nullable(),
});

const shownAttemptSchema = z.object({
  at: z.string(),
  ms: z.number().nullable(),
  outcome: z.string().nullable(),
  status: z.number().nullable(),
  requestId: z.string().nullable(),
  reason: z.string().nullable(),
});

export const shownLedgerSchema = shownHandoffSchema.extend({
  steps: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      /** A callback's id, and the reason why it is set aside. */
      callback: z.string().optional(),
      setAsideBecause: z.string().nullish(),
      attempts: z.array(shownAttemptSchema),
    }),
  ),
});
