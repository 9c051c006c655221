/** What the service was shown of conversations, answer by answer. */
import type { Exchange } from "./network.ts";

/** A conversation as an answer showed it. */
interface Seen {
  at: number;
  agentId: string | null;
  queueId: string | null;
}

/** One conversation as an answer about it alone showed it. */
interface Look {
  agentId: string | null;
  status: string;
  /** The platform's own time of its last change. */
  changedAt: number;
}

const CLOSED_TEXT = /conversation is closed|closed conversation/i;

/** The conversations in an answer: one, a page, or none. */
export const conversationsIn = (answer: unknown): Record<string, unknown>[] => {
  if (typeof answer !== "object" || answer === null) return [];
  if ("conversations" in answer && Array.isArray(answer.conversations)) return answer.conversations;
  return "id" in answer && "status" in answer ? [answer as Record<string, unknown>] : [];
};
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

export type Sightings = ReturnType<typeof createSightings>;
export function createSightings() {
  const seen = new Map<string, Seen>();
  const looks = new Map<string, Look>();
  const closed = new Map<string, number>();

  return {
    /** As it was shown last. */
    of: (id: string): Seen | undefined => seen.get(id),
    /** Whom it was last shown to be assigned to, by an answer about it alone. */
    assigneeOf: (id: string): string | null | undefined => looks.get(id)?.agentId,
    lookOf: (id: string): Look | undefined => looks.get(id),
    /** When it was first shown, or said, to be closed. */
    closedAt: (id: string): number | undefined => closed.get(id),
    onAnswer({ answer, conversationId, deliveredAt, status, query }: Exchange): void {
      const at = deliveredAt ?? 0;
      const close = (id: string): void => {
        if (!closed.has(id)) closed.set(id, at);
      };
      if (status === 400 && CLOSED_TEXT.test(JSON.stringify(answer))) close(conversationId ?? "");
      // What the poll is shown sets it looking, and is not used for more.
      if (status !== 200 || query.has("conversationIds")) return;
      for (const one of conversationsIn(answer)) {
        const id = String(one.id);
        seen.set(id, { at, agentId: textOrNull(one.agentId), queueId: textOrNull(one.queueId) });
        // A list is searched for the token, not read for the state of one conversation.
        if (conversationId !== id) continue;
        const changedAt = Date.parse(String(one.updatedAt));
        looks.set(id, { agentId: textOrNull(one.agentId), status: String(one.status), changedAt });
        if (one.status === "CLOSED") close(id);
      }
    },
  };
}
