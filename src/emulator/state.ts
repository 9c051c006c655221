import type { Agent, Bot, Conversation, Message, Note, Queue } from "../conversations/schema.ts";

export interface EmulatedConversation extends Conversation {
  createdAtMs: number;
  tags: string[];
  notes: Note[];
  messages: Message[];
  metadata: Record<string, unknown>;
}

/** A routing rule, by the one input that handoffs use: a tag on the conversation. */
interface EmulatedRule {
  tag: string;
  queueId: string;
  priority?: "URGENT" | "HIGH" | "NORMAL" | "LOW";
}

export interface State {
  conversations: Map<string, EmulatedConversation>;
  tags: Set<string>;
  queues: Queue[];
  agents: Agent[];
  bots: Bot[];
  /** In order: the first whose tag the conversation has decides. */
  rules: EmulatedRule[];
}

const hex = (n: number): string => n.toString(16).toUpperCase().padStart(32, "0");

/** An account as a shop might have it. `vip` is not among the tags: it is made when it is first needed. */
export function seededState(): State {
  return {
    conversations: new Map(),
    tags: new Set(["bot_handoff", "customer_asked", "bot_failed", "unhappy", "bot_lost"]),
    queues: [
      { id: hex(0xc1), name: "General" },
      { id: hex(0xc2), name: "Support" },
      { id: hex(0xc3), name: "Complaints" },
      { id: hex(0xc4), name: "VIP" },
    ],
    agents: [
      {
        id: hex(0xa1),
        displayName: "Ivana Novak",
        role: "AGENT",
        status: "ACTIVE",
        availability: "ACTIVE",
        enabled: true,
      },
      {
        id: hex(0xa2),
        displayName: "Luka Kovač",
        role: "SUPERVISOR",
        status: "ACTIVE",
        availability: "ACTIVE",
        enabled: true,
      },
    ],
    bots: [{ id: hex(0xb1), displayName: "Shop assistant", channel: "LIVE_CHAT", destination: "shop", enabled: true }],
    rules: [
      { tag: "unhappy", queueId: hex(0xc3), priority: "URGENT" },
      { tag: "vip", queueId: hex(0xc4) },
      { tag: "bot_handoff", queueId: hex(0xc2) },
    ],
  };
}
