import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { Handoff } from "../../model/handoff.ts";
import { traceFieldOf } from "../../trace/traceparent.ts";

/** Logs a handoff's state. A parked handoff is an alert that names what it waits for. */
export function tellState(log: Log, { id, bot, account, state, parkedFor, decision }: Handoff): void {
  const fields = { handoff: id, bot, account, state, ...traceFieldOf(decision.traceparent) };
  if (parkedFor === "person")
    log.error({ ...fields, alert: "handoff-parked" }, "handoff parked: it needs a person; see `baton handoffs show`");
  else if (parkedFor === "credentials") log.error(fields, "handoff parked until the account takes our credentials");
  else log.info(fields, "handoff changed");
}

/** Counts a change once it is durable. */
export function countChange(meter: Meter, before: Handoff, after: Handoff): void {
  const { bot, state, createdAt, deferredUntil, updatedAt } = after;
  if (state === before.state) return;
  meter.count("changes", { bot, state });
  const begunAt = Math.max(createdAt, deferredUntil ?? 0);
  const secondsSince = (from: number): number => Math.max(0, updatedAt - from) / 1_000;
  if (before.routedAt === null && after.routedAt !== null) meter.observe("timeToRoute", { bot }, secondsSince(begunAt));
  if (state !== "assigned") return;
  // A later wait than the first began when an agent gave the chat back.
  const { waitingSince, routedAt } = before;
  const isFirst = waitingSince === null || waitingSince === routedAt;
  meter.observe("timeToAgent", { bot }, secondsSince(isFirst ? begunAt : waitingSince));
}
