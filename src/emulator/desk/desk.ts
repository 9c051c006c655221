import type { Status } from "../../infobip/schema.ts";
import { err, ok, type Result } from "../../result.ts";
import { toAgent } from "../api/account/agents.ts";
import { toConversation } from "../api/conversations/conversation-view.ts";
import { toMessage } from "../api/conversations/messages.ts";
import { toNote } from "../api/conversations/notes.ts";
import { assigneeOf, NEW_CONVERSATION, type Platform } from "../api/platform.ts";
import type { Agent, AgentStatus, Conversation } from "../state/state.ts";
import { type Said, toContent } from "./content.ts";

/** Most conversations in the list of a desk. */
const MAX_LISTED = 100;

export type DeskRefusal =
  | { reason: "unknown-conversation" }
  | { reason: "unknown-agent" }
  /** The id is neither an agent's nor a bot's. */
  | { reason: "unknown-assignee" }
  | { reason: "closed" }
  /** Another agent has it; a supervisor may take it anyway. */
  | { reason: "taken" }
  /** It waits in a queue that the agent does not serve. */
  | { reason: "not-in-queue" }
  | { reason: "not-assigned" }
  /** It has no address to answer to, since none of its messages has a channel. */
  | { reason: "no-channel" };

/**
 * A customer's message, as a text or another kind. Default for sender and receiver: those of earlier messages, or those of a
 * website's chat.
 */
export type CustomerMessage = CustomersAddress &
  ({ text: string; said?: undefined } | { said: Said; text?: undefined });
interface CustomersAddress {
  from?: string | undefined;
  to?: string | undefined;
  channel?: string | undefined;
  name?: string | undefined;
}

/** A customer's message before its conversation is known. */
type InboundMessage = CustomerMessage & { from: string; to: string; channel: string };

export interface DeskFilter {
  /** Limits the list to this agent's queues and conversations. */
  agentId?: string | undefined;
  queueId?: string | undefined;
  status?: Status | undefined;
}

/** A contact centre's side of the platform: people at a desk read and act here. */
export function createDesk({ store, settings }: Platform) {
  const { state } = store;

  function view(conversation: Conversation) {
    const { id, shortId, channel, customer, queueId, agentId, tags, notes, messages, metadata, routes } = conversation;
    return {
      ...toConversation(conversation, settings),
      shortId,
      channel,
      customer,
      queueName: queueId === null ? null : (state.queues.get(queueId)?.name ?? null),
      agentName: agentId === null ? null : (assigneeOf(state, agentId)?.displayName ?? null),
      canBeAnswered: hasChannel(conversation),
      tags,
      metadata: metadata ?? {},
      notes: notes.map((note) => toNote(note, id, settings)),
      messages: messages.map((message) => toMessage(message, id, settings)),
      routes,
    };
  }
  type Shown = Result<ReturnType<typeof view>, DeskRefusal>;
  const shown = (id: string): Shown => {
    const conversation = state.conversations.get(id);
    return conversation === undefined ? err({ reason: "unknown-conversation" }) : ok(view(conversation));
  };

  function find(id: string, agentId: string): Result<{ conversation: Conversation; agent: Agent }, DeskRefusal> {
    const conversation = state.conversations.get(id);
    if (conversation === undefined) return err({ reason: "unknown-conversation" });
    if (conversation.status === "CLOSED") return err({ reason: "closed" });
    const agent = state.agents.get(agentId);
    return agent === undefined ? err({ reason: "unknown-agent" }) : ok({ conversation, agent });
  }

  function findOwn(id: string, agentId: string): ReturnType<typeof find> {
    const found = find(id, agentId);
    if (!found.ok) return found;
    const { conversation, agent } = found.value;
    const mayAct = conversation.agentId === agent.id || agent.role === "SUPERVISOR";
    return mayAct ? found : err({ reason: "not-assigned" });
  }

  /** The platform has no address to send to until the conversation has a message with one. */
  const hasChannel = ({ channel }: Conversation): boolean =>
    channel !== "NO_CHANNEL" || settings.replyWithoutChannel === "accept";

  /** Adds an inbound message. A closed conversation gets none: the platform would open another one. */
  function write(id: string, { said, text = "", name, ...given }: CustomerMessage): Shown {
    const conversation = state.conversations.get(id);
    if (conversation === undefined) return err({ reason: "unknown-conversation" });
    if (conversation.status === "CLOSED") return err({ reason: "closed" });
    const last = conversation.messages.at(-1);
    const [from, to] = last?.direction === "OUTBOUND" ? [last.to, last.from] : [last?.from, last?.to];
    store.addMessage(
      conversation,
      {
        channel: given.channel ?? last?.channel ?? "LIVE_CHAT",
        from: given.from ?? from ?? "customer",
        to: given.to ?? to ?? "widget",
        direction: "INBOUND",
        authorId: null,
        authorType: "CUSTOMER",
        ...toContent(said ?? text),
      },
      name,
    );
    const written = state.conversations.get(id);
    if (written?.status === "SOLVED" && settings.inboundReopens) store.updateConversation(written, { status: "OPEN" });
    return shown(id);
  }

  return {
    /** The newest first; closed ones only on request. */
    list({ agentId, queueId, status }: DeskFilter = {}) {
      const served = agentId === undefined ? null : (state.agents.get(agentId)?.queueIds ?? []);
      const fits = (conversation: Conversation): boolean =>
        (status === undefined ? conversation.status !== "CLOSED" : conversation.status === status) &&
        (queueId === undefined || conversation.queueId === queueId) &&
        (served === null ||
          conversation.agentId === agentId ||
          (conversation.queueId !== null && served.includes(conversation.queueId)));
      return [...state.conversations.values()].filter(fits).slice(-MAX_LISTED).reverse().map(view);
    },
    /** Every conversation, in the order of arrival. */
    all: () => [...state.conversations.values()].map(view),
    show: shown,
    take(id: string, agentId: string, { ownQueuesOnly = false } = {}): Shown {
      const found = find(id, agentId);
      if (!found.ok) return found;
      const { conversation, agent } = found.value;
      const { agentId: holder, queueId } = conversation;
      const isTaken = holder !== null && holder !== agent.id && state.agents.has(holder);
      if (isTaken && agent.role !== "SUPERVISOR") return err({ reason: "taken" });
      if (ownQueuesOnly && (queueId === null || !agent.queueIds.includes(queueId))) {
        return err({ reason: "not-in-queue" });
      }
      return ok(view(store.updateConversation(conversation, { agentId: agent.id }, agent.id)));
    },
    /** Answers at the address of the last message. */
    reply(id: string, agentId: string, said: string | Said): Shown {
      const found = findOwn(id, agentId);
      if (!found.ok) return found;
      const { conversation, agent } = found.value;
      if (!hasChannel(conversation)) return err({ reason: "no-channel" });
      const last = conversation.messages.at(-1);
      const [from, to] = last?.direction === "INBOUND" ? [last.to, last.from] : [last?.from, last?.to];
      store.addMessage(conversation, {
        channel: last?.channel ?? conversation.channel,
        from: from ?? null,
        to: to ?? null,
        direction: "OUTBOUND",
        authorId: agent.id,
        authorType: "AGENT",
        ...toContent(said),
      });
      return shown(id);
    },
    /** Sets the status of a conversation that is not closed. */
    setStatus(id: string, agentId: string, status: Status): Shown {
      const found = findOwn(id, agentId);
      return found.ok ? ok(view(store.updateConversation(found.value.conversation, { status }, agentId))) : found;
    },
    /** Assigns it to another agent or a bot. Null: to nobody, so it waits in its queue. */
    assign(id: string, agentId: string, to: string | null): Shown {
      const found = findOwn(id, agentId);
      if (!found.ok) return found;
      if (to !== null && assigneeOf(state, to) === undefined) return err({ reason: "unknown-assignee" });
      return ok(view(store.updateConversation(found.value.conversation, { agentId: to }, agentId)));
    },
    write,
    /**
     * Takes an inbound message from a channel: into this customer's conversation there, or into a new one, which the bot of that
     * destination gets.
     */
    receive(message: InboundMessage): Shown {
      const { from, to, channel } = message;
      const known = [...state.conversations.values()].findLast(
        ({ status, messages }) =>
          status !== "CLOSED" &&
          messages.some(
            (it) => it.direction === "INBOUND" && it.channel === channel && it.from === from && it.to === to,
          ),
      );
      if (known !== undefined) return write(known.id, message);
      const bot = [...state.bots.values()].find((it) => it.enabled && it.channel === channel && it.destination === to);
      const { id } = store.createConversation({ ...NEW_CONVERSATION, agentId: bot?.id ?? null });
      return write(id, message);
    },
    /** Sets whether an agent is available. */
    setAvailability(agentId: string, status: AgentStatus): Result<ReturnType<typeof toAgent>, DeskRefusal> {
      const agent = state.agents.get(agentId);
      if (agent === undefined) return err({ reason: "unknown-agent" });
      return ok(toAgent(store.saveAgent({ ...agent, status, availability: status }, agentId), settings));
    },
    remove(id: string, agentId: string | null = null): Result<{ id: string }, DeskRefusal> {
      const conversation = state.conversations.get(id);
      if (conversation === undefined) return err({ reason: "unknown-conversation" });
      store.deleteConversation(conversation, agentId);
      return ok({ id });
    },
  };
}
export type Desk = ReturnType<typeof createDesk>;
export type DeskConversation = ReturnType<Desk["all"]>[number];
