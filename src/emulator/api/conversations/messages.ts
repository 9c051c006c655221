import { z } from "zod";
import { MESSAGE_TEXT_MAX, type Message as MessageBody } from "../../../infobip/schema.ts";
import { ok, type Result } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import { badBody, type Refusal, refuse } from "../../state/errors.ts";
import type { Conversation, Message, State } from "../../state/state.ts";
import { CONTENT_TYPES } from "../../state/vocabulary.ts";
import { withAbsent } from "../absent.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import { findConversation, findWritable, type Platform } from "../platform.ts";
import { admits, checkEnums, timeWindow } from "../query.ts";

const SEND_CHANNELS = [
  "SMS",
  "VIBER",
  "FACEBOOK_MESSENGER",
  "WHATSAPP",
  "RCS",
  "LIVE_CHAT",
  "LINE",
  "APPLE_BUSINESS_CHAT",
  "EMAIL",
  "TELEGRAM",
  "INSTAGRAM_MESSAGING",
  "KAKAO_SANGDAM",
  "VIBER_BOT",
] as const;
const EVENT_CHANNELS: readonly string[] = ["LIVE_CHAT", "APPLE_BUSINESS_CHAT", "WHATSAPP"];
const ORDERS = ["id", "channel", "from", "to", "direction", "createdAt", "updatedAt", "contentType"] as const;

/** The handler checks blank fields afterwards: the platform answers them with errors of their own. */
const messageSchema = z.object({
  from: z.string().nullish(),
  to: z.string().nullish(),
  channel: z.enum(SEND_CHANNELS),
  /** The documentation does not say which of them a channel takes. */
  contentType: z.enum(CONTENT_TYPES),
  content: z.looseObject({ text: z.unknown() }).partial().nullish(),
});
const eventSchema = z.object({
  from: z.string(),
  to: z.string(),
  type: z.enum(["TYPING_STARTED", "TYPING_STOPPED"]),
  channel: z.string(),
});

const BLANK = ["must not be blank"];
const TOO_LONG = [`size cannot be longer than ${MESSAGE_TEXT_MAX} characters.`];

function mistakesIn({ from, to, contentType, content }: z.infer<typeof messageSchema>): Record<string, string[]> {
  const text = content?.text;
  const isBlank = !content || (contentType === "TEXT" && !text);
  const isTooLong = typeof text === "string" && text.length > MESSAGE_TEXT_MAX;
  return {
    ...(!to && { to: BLANK }),
    ...(!from && { from: BLANK }),
    ...(isBlank && { content: BLANK }),
    ...(isTooLong && { content: TOO_LONG }),
  };
}

const badAgentHeader = (text: string) => refuse({ reason: "bad-request", text });

/**
 * Finds the author by the `x-agent-id` header. Without an assignee the message has none. An agent's or bot's conversation takes
 * the assignee or any supervisor, a supervisor's only a supervisor. The documentation lacks the texts of the errors.
 */
function authorOf(
  conversation: Conversation,
  header: string | null,
  { agents, bots }: State,
): Result<Pick<Message, "authorId" | "authorType">, Refusal> {
  const { agentId } = conversation;
  if (agentId === null) {
    if (header === null) return ok({ authorId: null, authorType: "SYSTEM" });
    return badAgentHeader("x-agent-id must not be given for an unassigned conversation");
  }
  if (header === null) return badAgentHeader("x-agent-id is required for an assigned conversation");
  const isSupervisor = agents.get(header)?.role === "SUPERVISOR";
  if (header !== agentId && !isSupervisor) return badAgentHeader("x-agent-id does not match the assigned agent");
  return ok({ authorId: header, authorType: bots.has(header) ? "BOT" : "AGENT" });
}

export const toMessage = (message: Message, conversationId: string, settings: EmulatorSettings): MessageBody =>
  withAbsent(
    {
      ...message,
      conversationId,
      createdAt: toDate(message.createdAt, settings),
      updatedAt: toDate(message.updatedAt, settings),
    },
    settings,
  );

export function messageHandlers({ store, settings }: Platform) {
  const { state } = store;
  return {
    listMessages({ param, query }) {
      const found = findConversation(state, param("id"));
      if (!found.ok) return found;
      const known = checkEnums(query, { channel: SEND_CHANNELS, direction: ["INBOUND", "OUTBOUND"] });
      if (!known.ok) return known;
      const isInTime = timeWindow(query, ["created"]);
      if (!isInTime.ok) return isInTime;
      const items = found.value.messages.filter(
        (message) =>
          admits(query, "messageIds", message.id) &&
          admits(query, "channel", message.channel) &&
          admits(query, "direction", message.direction) &&
          isInTime.value(message),
      );
      const show = (message: Message) => toMessage(message, found.value.id, settings);
      return pageOf(query, { key: "messages", items, orders: ORDERS, show }, settings);
    },
    createMessage({ param, header, body }) {
      const given = messageSchema.safeParse(body);
      if (!given.success) return badBody;
      const { from, to, channel, contentType, content } = given.data;
      const fields = mistakesIn(given.data);
      if (Object.keys(fields).length > 0) return refuse({ reason: "invalid", fields });
      const found = findWritable(state, param("id"), settings);
      if (!found.ok) return found;
      const author = authorOf(found.value, header("x-agent-id"), state);
      if (!author.ok) return author;
      const message = store.addMessage(found.value, {
        ...author.value,
        channel,
        from: from ?? null,
        to: to ?? null,
        direction: "OUTBOUND",
        contentType,
        content: content ?? null,
      });
      return ok(toMessage(message, found.value.id, settings));
    },
    sendEvent({ param, body }) {
      const given = eventSchema.safeParse(body);
      if (!given.success) return badBody;
      const found = findConversation(state, param("id"));
      if (!found.ok) return found;
      // The documentation shows WhatsApp with the start of typing only; that it refuses the end is a guess.
      const { channel, type } = given.data;
      if (!EVENT_CHANNELS.includes(channel) || (channel === "WHATSAPP" && type === "TYPING_STOPPED")) {
        return refuse({ reason: "bad-request", text: "Channel is not supported for provided event type" });
      }
      return ok(undefined);
    },
  } satisfies Partial<Handlers>;
}
