/**
 * Botpress: the body that an Execute Code card posts, an event as the bot has it, or the input of the action `startHitl`.
 * `conversationId` is Botpress' own and names the session.
 */
import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { readEventType } from "../free-form/read-body.ts";
import { type Containers, createWithExternalId, PERSON, unfold } from "../free-form/unfold.ts";
import { type Members, recordOf, textOf } from "../native/members.ts";
import { isRecord, withoutUndefined } from "../reading/scalars.ts";
import { builderNames } from "./http.ts";

const PEOPLE = ["userId"];
const names = {
  ...builderNames,
  id: ["messageId", "id", "eventId"],
  session: ["session", "sessionId", "conversationId", ...PEOPLE],
  channel: ["integration", "channel"],
  reason: [...builderNames.reason, "title"],
  summary: [...builderNames.summary, "description"],
};
const CONTAINERS: Containers = { user: PERSON, workflow: {}, hitlsession: {}, summaryagent: {}, conversation: {} };

/** An event says who sent it to whom. */
const isEvent = (it: Members): boolean =>
  readEventType(it.type) === undefined && (it.direction !== undefined || it.preview !== undefined);

function fieldsOf(event: Members, isOnlyMessage: boolean): Members {
  const type = textOf(event.type);
  const isText = type === undefined || /^(?:text|markdown|choice|dropdown|quick_reply)$/.test(type);
  const phone = recordOf(recordOf(event.tags).conversation)["whatsapp:userPhone"];
  return withoutUndefined({
    type: isOnlyMessage ? (event.direction === "outgoing" ? "bot.message" : "customer.message") : undefined,
    conversationId: event.conversationId,
    messageId: event.messageId ?? event.id,
    userId: event.userId,
    integration: event.integration ?? event.channel,
    at: event.createdOn,
    phone,
    contentType: isText ? undefined : type,
    text: textOf(recordOf(event.payload).text) ?? event.preview,
  });
}

/** Asks for a person, or only tells what was said. */
const asks = (body: Members): boolean => ["reason", "summary", "title", "transcript"].some((name) => name in body);

function prepare(payload: Members): Members {
  const body = isRecord(payload.input) && payload.type === "startHitl" ? payload.input : payload;
  if (isEvent(body)) return fieldsOf(body, !asks(body));
  const sent = body.event === undefined ? body : unwrapped(body);
  if (!isRecord(sent.user) || sent.user.TranslatorAgent === undefined) return sent;
  const { TranslatorAgent, ...user } = sent.user;
  const { language } = recordOf(TranslatorAgent);
  return { ...(language !== undefined && { language }), ...sent, user };
}

/** A body with the event's fields in the place of the event. What the body says itself counts more. */
function unwrapped({ event, ...rest }: Members): Members {
  const inner = recordOf(event);
  return isEvent(inner) ? { ...fieldsOf(inner, !asks(rest) && rest.type === undefined), ...rest } : rest;
}

const withExternalId = createWithExternalId(names.session, PEOPLE);

export const botpress = createFreeFormSource({
  name: "botpress",
  names,
  sessionOf: ["externalId", "email"],
  prepare: (payload) => withExternalId(unfold(prepare(payload), CONTAINERS)),
});
