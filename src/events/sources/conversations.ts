/** The pushes of Infobip Conversations (the documented `conversation-event-webhook`), one or several, into our own terms. */
import { z } from "zod";
import { err, ok, type Result } from "../../result.ts";
import { contentId } from "../content-id.ts";
import { conversationIdSchema } from "../event.ts";
import type { PlatformEvent } from "../platform-event.ts";
import { cutText } from "../reading/cut-text.ts";
import { readMessageContent } from "../reading/message-content.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, readText } from "../reading/scalars.ts";
import { readId } from "../reading/session-name.ts";
import { toRfc3339 } from "../reading/timestamp.ts";
import type { PayloadProblem } from "../source.ts";

/** A bucket of pushes holds at most so many, by the subscriptions' own setting. */
const PUSHES_MAX = 2_000;

/** The names in the platform's documents. Another type counts as one of a later version of the platform. */
const KINDS: Readonly<Record<string, PlatformEvent["type"]>> = {
  CONVERSATION_CREATED: "conversation.opened",
  CONVERSATION_STATUS_UPDATED: "conversation.status",
  CONVERSATION_ASSIGNMENT_UPDATED: "conversation.assigned",
  CONVERSATION_QUEUE_UPDATED: "conversation.queue",
  CONVERSATION_DELETED: "conversation.deleted",
  INBOUND_MESSAGE: "customer.wrote",
  // The name that subscriptions have for it.
  CONVERSATION_MESSAGE_RECEIVED: "customer.wrote",
  OUTBOUND_MESSAGE: "agent.wrote",
  INBOUND_MESSAGE_UPDATED: "conversation.changed",
  INBOUND_MESSAGE_DELETED: "conversation.changed",
  CONVERSATION_MESSAGE_DELETED: "conversation.changed",
  CONVERSATION_MESSAGE_UPDATED: "conversation.changed",
  CONVERSATION_PRIORITY_UPDATED: "conversation.changed",
  CONVERSATION_FORM_UPDATED: "conversation.changed",
  CONVERSATION_FORM_FIELD_UPDATED: "conversation.changed",
  CONVERSATION_SLA_POLICY_UPDATED: "conversation.changed",
  CONVERSATION_CUSTOMER_UPDATED: "conversation.changed",
  CONVERSATION_SUMMARY_UPDATED: "conversation.changed",
  CONVERSATION_TOPIC_UPDATED: "conversation.changed",
  CONVERSATION_TAG_ADDED: "conversation.changed",
  CONVERSATION_TAG_REMOVED: "conversation.changed",
  CONVERSATION_NOTE_ADDED: "conversation.changed",
  CONVERSATION_NOTE_UPDATED: "conversation.changed",
  CONVERSATION_NOTE_REMOVED: "conversation.changed",
};

const lenient = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const text = lenient(z.string());

/** Only the type is insisted on: objects are documented as required and may hold nulls. */
const pushSchema = z.object({
  type: z.string().min(1),
  timestamp: z.unknown().optional(),
  payload: lenient(
    z.object({
      id: z.unknown().optional(),
      conversationId: z.unknown().optional(),
      status: text,
      queue: lenient(z.object({ id: text })),
      assignee: lenient(z.object({ id: text, name: text, role: text })),
      invoker: lenient(z.object({ type: text, id: text, name: text })),
      message: lenient(
        z.object({
          id: z.unknown().optional(),
          messageId: z.unknown().optional(),
          conversationId: z.unknown().optional(),
          content: z.unknown().optional(),
          // The list of messages has the following fields; pushes do not promise them.
          contentType: text,
          direction: text,
          authorType: text,
          authorId: text,
        }),
      ),
    }),
  ),
});
type Payload = NonNullable<z.infer<typeof pushSchema>["payload"]>;

/** A message as the platform lists it. */
export interface ListedMessage {
  id: string;
  direction?: string | null | undefined;
  authorType?: string | null | undefined;
  authorId?: string | null | undefined;
  createdAt?: string | null | undefined;
  contentType?: string | null | undefined;
  content?: unknown;
}

/** A push as it is to be recorded; `event` is null where it says nothing we use. */
export interface Pushed {
  /** Pushes have no id: it is made of the content, so that the same content is the same push; of a message, of its own id. */
  id: string;
  /** Key of a message, made of its content, as records had it before messages went by their ids. */
  contentId?: string;
  /** The platform's own name of it, cut to what a name may be. */
  wireType: string;
  event: PlatformEvent | null;
}

const statusOf = (status: string | null | undefined): PlatformEvent["status"] => {
  switch (status?.toUpperCase()) {
    case "CLOSED":
      return "closed";
    case "SOLVED":
      return "solved";
    case "OPEN":
    case "WAITING":
    case "PENDING":
      return "open";
    default:
      return undefined;
  }
};

/** Somebody whose role is not told is taken for a person: a person is never to be robbed of a chat. */
function assigneeOf({ assignee }: Payload): NonNullable<PlatformEvent["assignee"]> {
  const id = assignee?.id || null;
  const kind = id === null ? "none" : assignee?.role?.toUpperCase() === "BOT" ? "bot" : "human";
  return { kind, id, name: id === null ? null : (assignee?.name ?? null) };
}

/** Messages that say nothing to anybody. */
const SAYS_NOTHING = new Set(["TYPING_INDICATOR", "EMPTY"]);

/** Reads a message's words, file and type. */
function saidIn(content: unknown, type: unknown): Pick<PlatformEvent, "text" | "url" | "contentType"> {
  const { text: words, url, contentType } = readMessageContent(content, type);
  if (contentType !== null && SAYS_NOTHING.has(contentType.toUpperCase())) return {};
  return {
    ...(words !== null && { text: words }),
    ...(url !== null && { url }),
    ...(contentType !== null && { contentType }),
  };
}

/** The id of the message of a conversation, whatever tells of it. */
const idOfMessage = (conversationId: string, messageId: string): string =>
  contentId(["message", conversationId, messageId]);

const isAgentType = (authorType: string): boolean => ["AGENT", "SUPERVISOR"].includes(authorType.toUpperCase());

/** Tells whether an agent wrote the message, rather than a bot or the platform itself. */
function isAgents(about: Payload): boolean {
  const { invoker, message } = about;
  if (message?.authorType != null) return isAgentType(message.authorType);
  const assignee = assigneeOf(about);
  if (invoker?.type == null) return assignee.kind === "human";
  // A bot counts as an agent in some places of the platform.
  const isBots = assignee.kind === "bot" && (invoker.id == null || invoker.id === assignee.id);
  return isAgentType(invoker.type) && !isBots;
}

function authorOf({ invoker, message, assignee }: Payload): PlatformEvent["author"] {
  const isInvoker = invoker?.type != null && isAgentType(invoker.type);
  const id = (isInvoker ? invoker.id : null) ?? message?.authorId;
  if (!id) return undefined;
  const called = id === invoker?.id ? invoker.name : null;
  return { id, name: called ?? (id === assignee?.id ? assignee.name : null) ?? null };
}

const messageIdOf = ({ message }: Payload): string | undefined => readId(message?.id) ?? readId(message?.messageId);

/** Reads an event of this type. Every push names the assignee: a person there counts whatever the push is about. */
function saysOf(type: PlatformEvent["type"], payload: Payload): Partial<PlatformEvent> {
  const status = statusOf(payload.status);
  const assignee = assigneeOf(payload);
  const isPersons = assignee.kind === "human";
  const seen: Partial<PlatformEvent> = {
    ...(isPersons && { assignee }),
    ...(status === "closed" && { status }),
  };
  switch (type) {
    case "conversation.opened":
    case "conversation.status":
      return { ...seen, ...(status !== undefined && { status }) };
    case "conversation.assigned":
      return { ...seen, assignee };
    case "conversation.queue":
      return { ...seen, queueId: payload.queue?.id || null };
    case "conversation.deleted":
      return { status: "deleted" };
    case "conversation.changed":
      return seen;
    case "customer.wrote":
    case "agent.wrote": {
      const { content, contentType } = payload.message ?? {};
      const messageId = messageIdOf(payload);
      const author = type === "agent.wrote" ? authorOf(payload) : undefined;
      return {
        ...seen,
        ...(messageId !== undefined && { messageId }),
        ...saidIn(content, contentType),
        ...(author !== undefined && { author }),
      };
    }
  }
}

/** Reads the platform's event; undefined: nothing that Baton uses. */
function typeOf(wireType: string, about: Payload): PlatformEvent["type"] | undefined {
  const kind = Object.hasOwn(KINDS, wireType) ? KINDS[wireType] : undefined;
  const isOutbound = kind === "customer.wrote" && about.message?.direction?.toUpperCase() === "OUTBOUND";
  const isWritten = kind === "agent.wrote" || isOutbound;
  return isWritten ? (isAgents(about) ? "agent.wrote" : "conversation.changed") : kind;
}

/** Nothing else of a push can be wrong. */
const noType: PayloadProblem = { issues: [{ field: "type", message: "must be the name of the event" }] };

function toPushed(payload: unknown, now: number): Result<Pushed, PayloadProblem> {
  const parsed = pushSchema.safeParse(payload);
  if (!parsed.success) return err(noType);
  const { type: wireType, timestamp, payload: about } = parsed.data;
  const pushed = { id: contentId(payload), wireType: cutText(wireType, 100), event: null };
  const type = about == null ? undefined : typeOf(wireType, about);
  if (type === undefined || about == null) return ok(pushed);
  const named = about.id ?? about.conversationId ?? about.message?.conversationId;
  const conversationId = conversationIdSchema.safeParse(readText(named)?.trim());
  if (!conversationId.success) return ok(pushed);
  const at = Date.parse(toRfc3339(timestamp, now));
  const event: PlatformEvent = { type, conversationId: conversationId.data, at, ...saysOf(type, about) };
  if (event.messageId === undefined) return ok({ ...pushed, event });
  return ok({ ...pushed, id: idOfMessage(event.conversationId, event.messageId), contentId: pushed.id, event });
}

/** A message of the platform's list as a push would tell it; null: no agent wrote it. */
export function toListedMessage(conversationId: string, message: ListedMessage, now: number): Pushed | null {
  const { id, authorType, authorId, direction, createdAt, content, contentType } = message;
  if (direction?.toUpperCase() === "INBOUND" || (authorType && !isAgentType(authorType))) return null;
  const event: PlatformEvent = {
    type: "agent.wrote",
    conversationId,
    at: Date.parse(toRfc3339(createdAt, now)),
    messageId: id,
    ...saidIn(content, contentType),
    ...(authorId && { author: { id: authorId, name: null } }),
  };
  return { id: idOfMessage(conversationId, id), wireType: "message", event };
}

/** An item of an array that is no push: the others count all the same. */
const malformed = (payload: unknown): Pushed => ({ id: contentId(payload), wireType: "malformed", event: null });

/** One push or an array of them. A problem: none of it has that shape. */
export function toPushes(payload: unknown, { now }: { now: number }): Result<Pushed[], PayloadProblem> {
  const all = Array.isArray(payload) ? payload : [payload];
  if (all.length > PUSHES_MAX) {
    return err({ issues: [{ field: "(body)", message: `must hold at most ${PUSHES_MAX} events` }] });
  }
  const read = all.map((one) => (isRecord(one) ? toPushed(one, now) : err(notAnObject)));
  const first = read.find((one) => !one.ok);
  if (first !== undefined && !first.ok && !read.some((one) => one.ok)) return first;
  return ok(read.map((one, index) => (one.ok ? one.value : malformed(all[index]))));
}
