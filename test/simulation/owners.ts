/** Invariants 24 and 25: checks after each commit which bots have a conversation, and what their callbacks say. */
import { isOwnConversation } from "../../src/handoff/ledger/queries.ts";
import type { Tables } from "../../src/store/store.ts";
import { flows } from "./flows.ts";
import type { Violation } from "./invariants.ts";

const isOpen = ({ state }: { state: string }): boolean => state !== "returned" && state !== "cancelled";
export const mayShare = (owner: string, bot: string): boolean =>
  owner === bot || flows.some((flow) => flow.bots.includes(owner) && flow.sharesConversationsWith.includes(bot));

/** Returns the tables of a commit, and a function to call once its work is done. */
export function watchOwners(tables: Tables, violate: (violation: Violation) => void) {
  const touched = new Set<string>();
  /** Handoffs that come to a conversation in this commit. */
  const entered = new Set<string>();
  const ownersOf = (account: string, id: string) => tables.handoffs.inConversation(account, id).filter(isOpen);
  const noted = ({ id }: { id: string }): void => void touched.add(id);
  return {
    tables: {
      ...tables,
      handoffs: {
        ...tables.handoffs,
        add(ledger) {
          tables.handoffs.add(ledger);
          noted(ledger.handoff);
          entered.add(ledger.handoff.id);
        },
        save(handoff, before) {
          tables.handoffs.save(handoff, before);
          noted(handoff);
          if (handoff.conversationId !== before.conversationId) entered.add(handoff.id);
        },
      },
      callbacks: {
        ...tables.callbacks,
        add(callback) {
          tables.callbacks.add(callback);
          const { type, bot, data, handoffId } = callback;
          const { conversationId } = data;
          if (type !== "agent.message" || conversationId === null) return;
          const account = tables.handoffs.byId(handoffId ?? "")?.account ?? "default";
          const others = ownersOf(account, conversationId).filter((it) => !mayShare(it.bot, bot));
          const own = ownersOf(account, conversationId).some((it) => it.bot === bot);
          if (own || others.length === 0) return;
          violate({ invariant: 25, what: `${bot} is told what an agent wrote to a customer of ${others[0]?.bot}` });
        },
      },
    } satisfies Tables,
    committed(): void {
      for (const id of touched) {
        const handoff = tables.handoffs.byId(id);
        if (handoff === null || handoff.conversationId === null || !isOpen(handoff)) continue;
        const owners = ownersOf(handoff.account, handoff.conversationId);
        const bots = new Set(owners.map(({ bot }) => bot));
        if (owners.length > bots.size) {
          violate({
            invariant: 24,
            what: `${handoff.conversationId} has two open handoffs of one bot: ${owners.map((it) => it.id).join(", ")}`,
          });
        }
        // One of the bots shares it with the others.
        const isShared = [...bots].some((owner) => [...bots].every((bot) => mayShare(owner, bot)));
        if (!isShared) violate({ invariant: 24, what: `${handoff.conversationId} is of ${[...bots].join(" and ")}` });
        if (!entered.has(id) || isOwnConversation(tables.handoffs.ledger(id)?.steps ?? [])) continue;
        const host = owners.find((it) => !(entered.has(it.id) && it.id >= id) && !mayShare(it.bot, handoff.bot));
        if (host !== undefined)
          violate({ invariant: 24, what: `${handoff.bot} let itself into ${handoff.conversationId} of ${host.bot}` });
      }
    },
  };
}
