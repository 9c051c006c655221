/** Finds by a ledger's steps what the platform has of a decision, and which requested parts are missing. Pure. */
import type { Handoff, Ledger, Step } from "../../model/handoff.ts";
import { conversationOf } from "./queries.ts";

type Decision = Handoff["decision"];
type Placed = Pick<Decision, "queue"> & { missing: string | null };

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);

/** Sorts tags by their last steps; a tag without a step was never to be added. */
function tagsBy({ tags, leftOut }: Decision, steps: readonly Step[]): { on: string[]; out: string[] } {
  const last = new Map<string, "on" | "refused" | "removed">();
  for (const { arguments: args, state } of steps) {
    if (args.kind === "tag") last.set(args.tag, state === "refused" ? "refused" : "on");
    if (args.kind === "untag" && state === "done") last.set(args.tag, "removed");
  }
  const those = (where: "on" | "refused"): string[] => [...last].flatMap(([tag, is]) => (is === where ? [tag] : []));
  const withoutStep = (all: readonly string[]): string[] => all.filter((tag) => !last.has(tag));
  return { on: [...those("on"), ...withoutStep(tags)], out: [...withoutStep(leftOut.tags), ...those("refused")] };
}

/** Finds the queue by its steps; null: they do not change the decision's queue. */
function queueBy(steps: readonly Step[]): Placed | null {
  const queues = steps.flatMap((step) => (step.arguments.kind === "queue" ? [{ step, args: step.arguments }] : []));
  const named = queues.filter(({ args }) => !args.instead);
  const [first] = named;
  if (first === undefined) return null;
  const asked = first.args.queue;
  const instead = queues.filter(({ args, step }) => args.instead && step.state !== "skipped");
  const [other] = instead;
  if (other !== undefined) {
    const isRefused = instead.some(({ step }) => step.state === "refused");
    return { queue: isRefused ? null : other.args.queue, missing: asked };
  }
  if (named.some(({ step }) => step.state === "refused")) return { queue: null, missing: asked };
  const moved = named.find(({ step }) => step.result?.kind === "moved")?.step.result;
  if (moved?.kind === "moved") return { queue: moved.queueId, missing: asked };
  // A person had the adopted conversation, and keeps it in its queue.
  const isKept =
    named.some(({ args }) => args.moment === "before-route") && named.every(({ step }) => step.state === "skipped");
  return isKept ? { queue: conversationOf(steps)?.queueId ?? null, missing: asked } : { queue: asked, missing: null };
}

/** Updates the decision with the tags and the queue that the platform has, or will get. */
export function withLeftOut(ledger: Ledger): Ledger {
  const { handoff, steps } = ledger;
  const { decision } = handoff;
  const { on, out } = tagsBy(decision, steps);
  const placed = queueBy(steps);
  const queue = placed === null ? decision.queue : placed.queue;
  // A queue that the flow does not accept has no step, and stays left out.
  const missing = placed?.missing ?? (placed?.queue === decision.leftOut.queue ? null : decision.leftOut.queue);
  const isUnchanged =
    queue === decision.queue &&
    missing === decision.leftOut.queue &&
    isSame(on, decision.tags) &&
    isSame(out, decision.leftOut.tags);
  if (isUnchanged) return ledger;
  const leftOut = { ...decision.leftOut, tags: out, queue: missing };
  return { handoff: { ...handoff, decision: { ...decision, tags: on, queue, leftOut } }, steps };
}

/** Fields of a request that were not used, as an answer names them. */
export const leftOutOf = ({ decision: { leftOut } }: Handoff): string[] => [
  ...leftOut.tags.map((tag) => `tags.${tag}`),
  ...(leftOut.queue === null ? [] : ["queue"]),
  ...(leftOut.priority === null ? [] : ["priority"]),
  ...(leftOut.conversationId === undefined ? [] : ["conversationId"]),
];
