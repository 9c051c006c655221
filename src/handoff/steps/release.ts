import { conversationOf } from "../ledger/next-steps.ts";
import type { StepOutcome } from "../ledger/transitions/apply-outcome.ts";
import { after, type Context, done, LOST, PLAIN, seen } from "./step-context.ts";

/**
 * Takes a conversation that no person has out of the agents' sight: ours is closed, another's goes back to the bot it came
 * from, or stays where it is. It is read first: a person who has it by now keeps it.
 */
export async function release(context: Context, id: string): Promise<StepOutcome> {
  const { account, ledger } = context;
  const current = await account.client.get(id);
  if (current.kind !== "ok") return current;
  const { value, call } = current;
  if (value.status === "CLOSED") return done(PLAIN, call);
  const close = () => after(account.client.update(id, { status: "CLOSED" }), (_, closed) => done(PLAIN, closed));
  // An operator knows that whoever has it does not come back.
  if (ledger.handoff.returnedBecause === "ended") return context.isHeld() ? close() : LOST;
  const who = await seen(context, value, call, context.now());
  if (who.kind !== "done" || who.result.kind !== "conversation") return who;
  if (who.result.assignee === "human") return { kind: "human", seen: who.result, call };
  if (!context.isHeld()) return LOST;
  const isOurs = ledger.steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);
  if (isOurs) return close();
  const before = conversationOf(ledger.steps);
  if (before?.assignee !== "bot" || before.agentId === null || value.agentId === before.agentId)
    return done(PLAIN, call);
  return after(account.client.assign(id, before.agentId), (_, assigned) => done(PLAIN, assigned));
}
