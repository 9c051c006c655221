/** What the service was shown of conversations, answer by answer. */
import type { Exchange } from "./network.ts";

/** A conversation as an answer showed it. */
interface Seen {
  at: number;
  agentId: string | null;
  queueId: string | null;
}

const CLOSED_TEXT = /conversation is closed|closed conversation/i;

/** The conversations in an answer: one, a page, or none. */
export const conversationsIn = (answer: unknown): Record<string, unknown>[] => {
  if (typeof answer !== "object" || answer === null) return [];
  if ("conversations" in answer && Array.isArray(answer.conversations)) return answer.conversations;
  return "id" in answer && "status" in answer ? [answer as Record<string, unknown>] : [];
};
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

export function createSightings() {
  const seen = new Map<string, Seen>();
  const assignees = new Map<string, string | null>();
  const closed = new Map<string, number>();

  return {
    /** As it was shown last. */
    of: (id: string): Seen | undefined => seen.get(id),
    /** Whom it was last shown to be assigned to, by an answer about it alone. */
    assigneeOf: (id: string): string | null | undefined => assignees.get(id),
    /** When it was first shown, or said, to be closed. */
    closedAt: (id: string): number | undefined => closed.get(id),
    onAnswer({ answer, conversationId, deliveredAt, status }: Exchange): void {
      const at = deliveredAt ?? 0;
      const close = (id: string): void => {
        if (!closed.has(id)) closed.set(id, at);
      };
      if (status === 400 && CLOSED_TEXT.test(JSON.stringify(answer))) close(conversationId ?? "");
      if (status !== 200) return;
      for (const one of conversationsIn(answer)) {
        const id = String(one.id);
        seen.set(id, { at, agentId: textOrNull(one.agentId), queueId: textOrNull(one.queueId) });
        // A list is searched for the token, not read for the state of one conversation.
        if (conversationId !== id) continue;
        assignees.set(id, textOrNull(one.agentId));
        if (one.status === "CLOSED") close(id);
      }
    },
  };
}
