/** Points at which a process can be killed: moments of a step, as its own record and network see them. */

/** Targets of a kill: the delivery itself, and every step of a handoff. `adoption` is the step that adopts a conversation. */
const TARGETS = ["delivery", "conversation", "adoption", "tag", "note", "metadata", "route"] as const;
export type Target = (typeof TARGETS)[number];

/** `before-…`: written and not yet committed. `after-…`: committed, and nobody has an answer yet. */
const MOMENTS = [
  "before-intent",
  "after-intent",
  "after-send",
  "after-answer",
  "before-record",
  "after-record",
] as const;
export type Moment = (typeof MOMENTS)[number];

export interface KillPoint {
  target: Target;
  moment: Moment;
}

export const nameOf = ({ target, moment }: KillPoint): string => `${target} ${moment}`;

/** A delivery has no intent: it is written with its event, and nothing is sent for it. */
export const KILL_POINTS: readonly KillPoint[] = TARGETS.flatMap((target) =>
  MOMENTS.filter((moment) => target !== "delivery" || moment.endsWith("record")).map((moment) => ({ target, moment })),
);

/** The process sends itself this signal when it reaches a point for the `nth` time from now on. */
export interface Fuse {
  point: KillPoint;
  nth: number;
  signal: "SIGKILL" | "SIGSTOP";
}
