/** An alert: somebody has to act. It names ids only, nothing personal. */
import { z } from "zod";
import { type AlertCode, alertCodes } from "../log.ts";

export const alertSchema = z.object({
  id: z.string(),
  code: z.enum(alertCodes),
  bot: z.string().nullable(),
  account: z.string().nullable(),
  handoffId: z.string().nullable(),
  /** Number of handoffs or callbacks that it is about; 1 where nothing is counted. */
  count: z.number().int(),
  since: z.number().int(),
  /** Null: it is open. */
  overAt: z.number().int().nullable(),
  /** The last notice that the webhook took; null: none. */
  told: z.enum(["open", "over"]).nullable(),
  /** The count in that notice. */
  toldCount: z.number().int(),
  /** Tries of the notice that the webhook has to take next. */
  tries: z.number().int(),
});
export type Alert = z.infer<typeof alertSchema>;

/** A reason for an alert, as it is found in one look. */
export type Condition = Pick<Alert, "code" | "bot" | "account" | "handoffId" | "count">;

/** Two conditions with the same subject are one alert. */
export const subjectOf = ({ bot, account, handoffId }: Omit<Condition, "code" | "count">): string =>
  handoffId ?? bot ?? account ?? "";

/** One sentence for a person, which docs/operations.md explains. */
export const ALERT_SAYS: Readonly<Record<AlertCode, string>> = {
  "handoff-parked": "A handoff is parked: its customer reaches no agent until somebody retries or cancels it.",
  "handoff-late": "A customer waits too long for an agent.",
  "account-refused": "The account refuses Baton's credentials: its handoffs are parked.",
  "account-failing": "The platform fails for this account: its handoffs wait.",
  "pushes-silent": "No push of the platform arrives: Baton learns of agents late, by its poll.",
  "callback-given-up": "A callback is set aside: the bot was not told.",
  "too-many-handoffs": "Sessions of a bot had all the handoffs that its flow allows: they get no further one.",
  backlog: "Too many handoffs are pending: soon no further one is opened.",
  "disk-low": "The disk of the database is almost full.",
  "storage-failing": "The database takes no writes: nothing new is accepted.",
};
