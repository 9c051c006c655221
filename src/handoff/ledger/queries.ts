/** Questions about a ledger and its steps. Pure. */
import type { ConversationResult, Handoff, Ledger, Step } from "../../model/handoff.ts";

const SETTLED = new Set<Step["state"]>(["done", "skipped", "refused"]);
export const isSettled = (step: Step): boolean => SETTLED.has(step.state);

/** Failures after the route are no reason to park: the customer is in the queue. */
export const isPending = ({ handoff }: Ledger): boolean => handoff.state === "pending";

/** True once the bot has its customer back, or never gave them away. */
export const isOver = ({ state }: Pick<Handoff, "state">): boolean => state === "returned" || state === "cancelled";

/** True if the platform is known not to have the tag yet. */
export const isTagMissing = ({ result }: Step): boolean =>
  result?.kind === "tag-missing" || (result?.kind === "error-answer" && result.isTagMissing);

/** Returns the result of the conversation step; null: it has none yet. */
export function conversationOf(steps: readonly Step[]): ConversationResult | null {
  const result = steps.find((step) => step.arguments.kind === "conversation")?.result;
  return result?.kind === "conversation" ? result : null;
}

/** True if this handoff asks for a new conversation and was not given one. */
export const isOwnConversation = (steps: readonly Step[]): boolean =>
  steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);

/** Returns how many times a new conversation was requested. */
export function createsOf(steps: readonly Step[]): number {
  const step = steps.find(({ arguments: { kind } }) => kind === "conversation");
  return step?.arguments.kind === "conversation" && step.arguments.adopt === null ? step.sends : 0;
}

export const routeOf = (steps: readonly Step[]): Step | undefined =>
  steps.find(({ arguments: args }) => args.kind === "route");
