/**
 * State of a conversation as the platform reported it. Pushes have no order and may repeat, so each field keeps its newest
 * observation by the platform's own clock: the result is the same for any order and number of pushes.
 */
import { z } from "zod";

const conversationStatusSchema = z.enum(["unknown", "open", "solved", "closed", "deleted"]);
type ConversationStatus = z.infer<typeof conversationStatusSchema>;
const assigneeKindSchema = z.enum(["unknown", "none", "bot", "human"]);
type AssigneeKind = z.infer<typeof assigneeKindSchema>;

export const knownConversationSchema = z.object({
  account: z.string(),
  id: z.string(),
  status: conversationStatusSchema,
  statusAt: z.number().int(),
  assignee: assigneeKindSchema,
  /** Id of a bot or a human. */
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  assigneeAt: z.number().int(),
  queueId: z.string().nullable(),
  queueAt: z.number().int(),
  customerMessages: z.number().int(),
  agentMessages: z.number().int(),
  agentWroteAt: z.number().int(),
  heardAt: z.number().int(),
});
export type KnownConversation = z.infer<typeof knownConversationSchema>;

/** One push, or one look, at a conversation. `at` is the platform's time of it in milliseconds, however wrong. */
export interface Observation {
  at: number;
  status?: Exclude<ConversationStatus, "unknown">;
  assignee?: { kind: Exclude<AssigneeKind, "unknown">; id: string | null; name: string | null };
  queueId?: string | null;
  /** Author of a message that was not counted yet. */
  author?: "customer" | "agent";
}

export const unknownState = (account: string, id: string): KnownConversation => ({
  account,
  id,
  status: "unknown",
  statusAt: 0,
  assignee: "unknown",
  agentId: null,
  agentName: null,
  assigneeAt: 0,
  queueId: null,
  queueAt: 0,
  customerMessages: 0,
  agentMessages: 0,
  agentWroteAt: 0,
  heardAt: 0,
});

/** Most by which the platform's clock may be ahead of ours. */
const AHEAD_MS = 1_000;

/** Limits a time that no clock can have reached yet to now: it would count as newest until then. */
export const believedAt = (at: number, now: number): number => Math.min(at, now + AHEAD_MS);

/** Corrects times kept from before our clock was set back: they become older than any new observation. */
function believed(known: KnownConversation, now: number): KnownConversation {
  const until = (at: number): number => (at > now + AHEAD_MS ? now : at);
  const { statusAt, assigneeAt, queueAt } = known;
  return { ...known, statusAt: until(statusAt), assigneeAt: until(assigneeAt), queueAt: until(queueAt) };
}

/** Two words of one moment: the later in this order counts. */
const STATUSES: readonly ConversationStatus[] = ["unknown", "open", "solved", "closed", "deleted"];
const ASSIGNEES: readonly AssigneeKind[] = ["unknown", "bot", "none", "human"];

const isFinal = (status: ConversationStatus): boolean => status === "closed" || status === "deleted";

function withStatus(known: KnownConversation, status: ConversationStatus, at: number): KnownConversation {
  const rank = STATUSES.indexOf(status) - STATUSES.indexOf(known.status);
  // A close is final: an observation of another time does not undo it.
  if (isFinal(status) || isFinal(known.status)) {
    return rank > 0 || (rank === 0 && at > known.statusAt) ? { ...known, status, statusAt: at } : known;
  }
  const isNewer = at > known.statusAt || (at === known.statusAt && rank > 0);
  return isNewer ? { ...known, status, statusAt: at } : known;
}

function withAssignee(
  known: KnownConversation,
  { kind, id, name }: NonNullable<Observation["assignee"]>,
  at: number,
): KnownConversation {
  const rank = ASSIGNEES.indexOf(kind) - ASSIGNEES.indexOf(known.assignee);
  const isTie = at === known.assigneeAt;
  const isSame = kind === known.assignee && id === known.agentId;
  const isNewer = at > known.assigneeAt || (isTie && (rank > 0 || (rank === 0 && (id ?? "") > (known.agentId ?? ""))));
  if (!isNewer) return isSame && known.agentName === null ? { ...known, agentName: name } : known;
  // A look at the platform does not tell the name.
  return {
    ...known,
    assignee: kind,
    agentId: id,
    agentName: name ?? (isSame ? known.agentName : null),
    assigneeAt: at,
  };
}

function withQueue(known: KnownConversation, queueId: string | null, at: number): KnownConversation {
  const isNewer = at > known.queueAt || (at === known.queueAt && (queueId ?? "") > (known.queueId ?? ""));
  return isNewer ? { ...known, queueId, queueAt: at } : known;
}

/** Adds one word to the state. Messages are counted, so a word that brings one must come once. */
export function mergeObservation(known: KnownConversation, word: Observation, now: number): KnownConversation {
  const { status, assignee, queueId, author } = word;
  const at = believedAt(word.at, now);
  let next = believed(known, now);
  if (status !== undefined) next = withStatus(next, status, at);
  if (assignee !== undefined) next = withAssignee(next, assignee, at);
  if (queueId !== undefined) next = withQueue(next, queueId, at);
  return {
    ...next,
    customerMessages: next.customerMessages + (author === "customer" ? 1 : 0),
    agentMessages: next.agentMessages + (author === "agent" ? 1 : 0),
    agentWroteAt: author === "agent" ? Math.max(next.agentWroteAt, at) : next.agentWroteAt,
    heardAt: now,
  };
}
