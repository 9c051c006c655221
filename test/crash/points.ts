/** Where a process can be killed: moments of a step, as its own record and its own network see them. */

/** What a fault can strike: the delivery itself, and every step of a handoff; `adoption` is a conversation taken over. */
const TARGETS = ["delivery", "conversation", "adoption", "tag", "note", "metadata", "route"] as const;
export type Target = (typeof TARGETS)[number];

/** Before: written and not yet committed. After: committed, and nobody has been told. */
const MOMENTS = [
  "before-intent",
  "after-intent",
  "after-send",
  "after-answer",
  "before-record",
  "after-record",
] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Point {
  target: Target;
  moment: Moment;
}

export const nameOf = ({ target, moment }: Point): string => `${target} ${moment}`;

/** A delivery has no intent: it is written with its event, and nothing is sent for it. */
export const POINTS: readonly Point[] = TARGETS.flatMap((target) =>
  MOMENTS.filter((moment) => target !== "delivery" || moment.endsWith("record")).map((moment) => ({ target, moment })),
);

/** The `nth` time a point is reached from now on, the process sends itself this signal. */
export interface Fuse {
  point: Point;
  nth: number;
  signal: "SIGKILL" | "SIGSTOP";
}
