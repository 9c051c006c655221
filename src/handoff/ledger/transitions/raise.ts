/** Applies a further request to an open handoff: a higher priority, more tags, another queue, an earlier start. Pure. */
import type { Escalation } from "../../../escalation/decide.ts";
import { type Event, type HandoffRequested, type Priority, prioritySchema } from "../../../events/event.ts";
import type { Ledger, Step } from "../../../model/handoff.ts";
import { newStep, nextPosition } from "../step-edits.ts";
import { openDeferred } from "./outside-hours.ts";

export interface Raised {
  ledger: Ledger;
  /** Fields of a request that comes too late for them. */
  leftOut: string[];
}

/** Priorities are sorted from the least urgent. */
const isMoreUrgent = (priority: Priority, than: Priority): boolean =>
  prioritySchema.options.indexOf(priority) > prioritySchema.options.indexOf(than);

const isUntouched = ({ state, sends }: Step): boolean => state === "ready" && sends === 0;

/** True if the conversation is still to be opened or updated. */
const isBefore = (steps: readonly Step[]): boolean =>
  steps.some((step) => step.arguments.kind === "conversation" && isUntouched(step));

function withPriority({ handoff, steps }: Ledger, priority: Priority, now: number): Ledger {
  const raised = { ...handoff, decision: { ...handoff.decision, priority } };
  if (isBefore(steps)) {
    const named = steps.map((step) =>
      step.arguments.kind === "conversation" ? { ...step, arguments: { ...step.arguments, priority } } : step,
    );
    return { handoff: raised, steps: named };
  }
  const times = steps.filter(({ name }) => name.startsWith("priority:raised-")).length + 1;
  const step = newStep(nextPosition(steps), `priority:raised-${times}`, { kind: "priority", priority }, now);
  return { handoff: raised, steps: [...steps, step] };
}

function withTags({ handoff, steps }: Ledger, tags: readonly string[], now: number): Ledger {
  const first = nextPosition(steps);
  const added = tags.map((tag, index) => newStep(first + index, `tag:${tag}`, { kind: "tag", tag }, now));
  const decision = { ...handoff.decision, tags: [...handoff.decision.tags, ...tags] };
  return { handoff: { ...handoff, decision }, steps: [...steps, ...added] };
}

/** Sets the queue only before anything was sent: it must not change under a customer who waits in it. */
function withQueue({ handoff, steps }: Ledger, queue: string, now: number): Ledger {
  const named = steps.map((step): Step => {
    const args = step.arguments;
    if (args.kind === "conversation" || args.kind === "agents" || (args.kind === "queue" && !args.instead)) {
      return { ...step, arguments: { ...args, queue } };
    }
    return step;
  });
  const isRouted = steps.some(({ arguments: args }) => args.kind === "route");
  const hasAfter = steps.some(({ name }) => name === "queue:after");
  const after = { kind: "queue", moment: "after-route", queue, instead: false } as const;
  const added = isRouted && !hasAfter ? [newStep(nextPosition(steps), "queue:after", after, now)] : [];
  return { handoff: { ...handoff, decision: { ...handoff.decision, queue } }, steps: [...named, ...added] };
}

export function raiseHandoff(before: Ledger, escalation: Escalation, event: Event, now: number): Raised {
  const request: Partial<HandoffRequested> = event.type === "handoff.requested" ? event : {};
  const hasAgent = before.handoff.state === "assigned";
  const leftOut = escalation.leftOut.tags.map((tag) => `tags.${tag}`);
  let ledger = before;

  if (!hasAgent && isMoreUrgent(escalation.priority, before.handoff.decision.priority)) {
    ledger = withPriority(ledger, escalation.priority, now);
  }
  if (request.priority !== undefined && request.priority !== ledger.handoff.decision.priority) leftOut.push("priority");

  const known = new Set(before.steps.flatMap(({ arguments: args }) => (args.kind === "tag" ? [args.tag] : [])));
  const tags = escalation.tags.filter((tag) => !known.has(tag));
  if (tags.length > 0) ledger = withTags(ledger, tags, now);

  const { queue } = request;
  if (queue !== undefined && queue !== before.handoff.decision.queue) {
    if (escalation.queue === queue && isBefore(ledger.steps)) ledger = withQueue(ledger, queue, now);
    else leftOut.push("queue");
  }

  if (before.handoff.state === "deferred" && escalation.course === "now") {
    ledger = openDeferred(ledger, escalation.message, now);
  } else if (ledger !== before && before.handoff.state !== "deferred") {
    ledger = { ...ledger, handoff: { ...ledger.handoff, dueAt: now } };
  }
  return { ledger, leftOut };
}
