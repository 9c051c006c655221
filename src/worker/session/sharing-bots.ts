/** Bots that may be in one conversation: one object has their sessions there, so that one commit decides which of them routes. */
import type { Flow } from "../../escalation/flow.ts";

/** A bot with all bots that share conversations with it, in either direction, directly or through others. */
export function sharingBots(byBot: ReadonlyMap<string, Flow>, bot: string): Set<string> {
  const account = byBot.get(bot)?.account;
  const group = new Set([bot]);
  for (const one of group) {
    for (const [other, flow] of byBot) {
      const isShared =
        flow.sharesConversationsWith.includes(one) || byBot.get(one)?.sharesConversationsWith.includes(other);
      if (isShared && flow.account === account) group.add(other);
    }
  }
  return group;
}

/** Flows of these bots, and of all that share conversations with them. */
export function sharingFlows(byBot: ReadonlyMap<string, Flow>, bots: readonly string[]): Flow[] {
  const all = new Set(bots.flatMap((bot) => [...sharingBots(byBot, bot)]));
  return [...new Set([...all].flatMap((bot) => byBot.get(bot) ?? []))];
}
