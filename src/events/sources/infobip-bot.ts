import { err, ok, type Result } from "../../result.ts";
import { contentId } from "../content-id.ts";
import { type Customer, eventSchema } from "../event.ts";
import { isAbsentLabel, isUnwritten } from "../reading/absent.ts";
import { cutText } from "../reading/cut-text.ts";
import { createLostFields } from "../reading/fields.ts";
import { readConversationId, readLabel, withinText } from "../reading/labels.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, looksLikePhone, readText, withoutUndefined } from "../reading/scalars.ts";
import { readId, sessionOfContact } from "../reading/session-name.ts";
import { toRfc3339 } from "../reading/timestamp.ts";
import { contentTypeOf, readContentType, type Said, toSaid, wordsOf } from "../reading/words.ts";
import type { ParsedEvent, PayloadProblem, Source, SourceContext } from "../source.ts";

const noSession: PayloadProblem = {
  issues: [{ field: "conversationId", message: "must name the conversation; without it 'from' the customer" }],
};

/**
 * The bare message that Infobip Conversations pushes to the webhook of an external bot, or several in the envelope
 * `results` that its channels have. The bot's session is the conversation, or else the customer's address. Only what the
 * customer sends is of use.
 */
export const infobipBot: Source = {
  name: "infobip-bot",
  partsOf(payload) {
    if (Array.isArray(payload)) return payload;
    return isRecord(payload) && Array.isArray(payload.results) ? payload.results : undefined;
  },
  toEvents(payload, context) {
    if (!isRecord(payload)) return err(notAnObject);
    const { direction } = payload;
    if (typeof direction === "string" && !isAbsentLabel(direction) && direction.trim().toUpperCase() !== "INBOUND") {
      return ok([]);
    }
    return toMessage(payload, context);
  },
};

function toMessage(push: Record<string, unknown>, { now }: SourceContext): Result<ParsedEvent[], PayloadProblem> {
  const lost = createLostFields();
  const conversationId = readConversationId(push.conversationId, () => lost.add("conversationId")) ?? undefined;
  const customer = customerOf(push);
  const session = conversationId ?? sessionOfContact(customer?.phone ?? customer?.externalId ?? "");
  if (session === undefined) return err(noSession);
  const said = saidIn(push);
  if (said === undefined) return ok([]);
  const ownId = isAbsentLabel(push.id) ? push.messageId : push.id;
  const id = isAbsentLabel(ownId) ? undefined : readId(ownId);
  const event = withoutUndefined({
    id: id ?? contentId(push),
    type: "customer.message",
    session,
    at: toRfc3339(push.createdAt ?? push.receivedAt, now),
    conversationId,
    channel: readLabel(100)(push.channel ?? push.integrationType, () => lost.add("channel")) ?? undefined,
    customer,
    text: withinText(said.text, (_, unheard) => lost.add("content", unheard)),
    contentType: said.contentType,
  });
  return ok([{ event: eventSchema.parse(event), hasSenderId: id !== undefined, ...lost.reported() }]);
}

/** Undefined: it is no message. */
function saidIn(push: Record<string, unknown>): Said | undefined {
  const { content, message, singleSendMessage } = push;
  const single = isRecord(singleSendMessage) ? singleSendMessage.content : undefined;
  const inner = isRecord(message) ? message : undefined;
  const contents = [content, message, single].filter((it) => !isUnwritten(it));
  const named = [push.contentType, inner?.type, isRecord(single) ? single.type : undefined].map(readContentType);
  const type = named.find((it) => it !== undefined) ?? contentTypeOf(contents[0]);
  if (contents.length === 0 && type === undefined) return undefined;
  if (isRecord(push.payload)) return undefined;
  const withWords = contents.find((it) => wordsOf(it) !== undefined);
  return toSaid(withWords ?? contents[0], type);
}

/** A page's or a person's id on a social network can look like a phone number; the message says when it is none. */
function customerOf(push: Record<string, unknown>): Customer | undefined {
  const single = isRecord(push.singleSendMessage) ? push.singleSendMessage : {};
  const sender = isRecord(single.from) ? single.from : {};
  const profile = [single.socialContext, push.contact, push.profile].find(isRecord) ?? {};
  const text = (value: unknown, max: number): string | undefined =>
    isAbsentLabel(value) ? undefined : cutText(readText(value)?.trim() ?? "", max) || undefined;
  const address = text(push.from ?? push.sender ?? sender.phoneNumber, 500);
  const name = text(profile.username ?? profile.name, 500);
  if (address === undefined && name === undefined) return undefined;
  const isPhone = (sender.type ?? "PHONE_NUMBER") === "PHONE_NUMBER" && looksLikePhone(address ?? "");
  return {
    ...(name !== undefined && { name }),
    ...(address !== undefined && { [isPhone ? "phone" : "externalId"]: address }),
  };
}
