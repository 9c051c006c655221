/** Converts handoffs, steps and attempts to rows, and back. */
import { attemptSchema, type Handoff, handoffRowSchema, stepSchema } from "../../../model/handoff.ts";
import { describeColumns } from "../../rows/columns.ts";

const isEnded = ({ returnedBecause, endedAt }: Handoff): boolean => returnedBecause === "ended" && endedAt !== null;

export const handoffRows = describeColumns(handoffRowSchema, {
  id: { isFixed: true },
  sessionId: { isFixed: true },
  bot: { isFixed: true },
  session: { isFixed: true },
  flow: { isFixed: true },
  account: { isFixed: true },
  epoch: { isFixed: true },
  token: { isFixed: true },
  rule: { isFixed: true },
  reason: { isFixed: true },
  decision: { json: handoffRowSchema.shape.decision },
  routedBy: { isFixed: true },
  keepQueue: { isFixed: true },
  continues: { isFixed: true },
  waitingSince: { stored: ({ state, waitingSince }) => (state === "routed" ? waitingSince : null) },
  // The column accepts only the reasons of earlier releases.
  returnedBecause: {
    select: "CASE WHEN ended_at IS NULL THEN returned_because ELSE 'ended' END",
    stored: ({ returnedBecause }) => (returnedBecause === "ended" ? null : returnedBecause),
  },
  endedAt: { stored: (handoff) => (isEnded(handoff) ? handoff.endedAt : null) },
  replaces: { json: handoffRowSchema.shape.replaces },
  onChannel: { isFlag: true },
  createdAt: { isFixed: true },
});

export const stepRows = describeColumns(stepSchema, {
  position: { isFixed: true },
  name: { isFixed: true },
  arguments: { json: stepSchema.shape.arguments },
  result: { json: stepSchema.shape.result },
});

export const attemptRows = describeColumns(attemptSchema);

/** A handoff as its row returns it: some columns hold nothing in some states. */
export const asStored = (handoff: Handoff): Handoff => {
  const endedAt = isEnded(handoff) ? handoff.endedAt : null;
  const returnedBecause = handoff.returnedBecause === "ended" && !isEnded(handoff) ? null : handoff.returnedBecause;
  const waitingSince = handoff.state === "routed" ? handoff.waitingSince : null;
  const isSame =
    endedAt === handoff.endedAt && returnedBecause === handoff.returnedBecause && waitingSince === handoff.waitingSince;
  return isSame ? handoff : { ...handoff, endedAt, returnedBecause, waitingSince };
};
