/** Conversations as the platform's answers showed them to the service. */
import type { Exchange } from "./network.ts";

/** A conversation in an answer. */
interface Seen {
  at: number;
  agentId: string | null;
  queueId: string | null;
}

/** A conversation in an answer about it alone. */
interface Look {
  agentId: string | null;
  status: string;
  /** The platform's time of its last change. */
  changedAt: number;
}

const CLOSED_TEXT = /conversation is closed|closed conversation/i;

/** Conversations in an answer: one, a page, or none. */
export const conversationsIn = (answer: unknown): Record<string, unknown>[] => {
  if (typeof answer !== "object" || answer === null) return [];
  if ("conversations" in answer && Array.isArray(answer.conversations)) return answer.conversations;
  return "id" in answer && "status" in answer ? [answer as Record<string, unknown>] : [];
};
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

export type Observations = ReturnType<typeof createObservations>;
export function createObservations() {
  const seen = new Map<string, Seen>();
  const looks = new Map<string, Look>();
  const closed = new Map<string, number>();

  return {
    /** The latest sighting. */
    of: (id: string): Seen | undefined => seen.get(id),
    /** Assignee in the last answer about it alone. */
    assigneeOf: (id: string): string | null | undefined => looks.get(id)?.agentId,
    lookOf: (id: string): Look | undefined => looks.get(id),
    /** Time at which an answer first showed it as closed, or said so. */
    closedAt: (id: string): number | undefined => closed.get(id),
    onAnswer({ answer, conversationId, deliveredAt, status, query }: Exchange): void {
      const at = deliveredAt ?? 0;
      const close = (id: string): void => {
        if (!closed.has(id)) closed.set(id, at);
      };
      if (status === 400 && CLOSED_TEXT.test(JSON.stringify(answer))) close(conversationId ?? "");
      // A poll's answer only triggers looks.
      if (status !== 200 || query.has("conversationIds")) return;
      for (const one of conversationsIn(answer)) {
        const id = String(one.id);
        seen.set(id, { at, agentId: textOrNull(one.agentId), queueId: textOrNull(one.queueId) });
        // Baton searches a list for the token, and does not read states from it.
        if (conversationId !== id) continue;
        const changedAt = Date.parse(String(one.updatedAt));
        looks.set(id, { agentId: textOrNull(one.agentId), status: String(one.status), changedAt });
        if (one.status === "CLOSED") close(id);
      }
    },
  };
}
