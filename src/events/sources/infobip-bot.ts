import { z } from "zod";
import { err, ok } from "../../result.ts";
import { contentId } from "../content-id.ts";
import { type Customer, conversationIdSchema } from "../event.ts";
import { toPayloadProblem } from "../reading/payload-problem.ts";
import { isTextType } from "../reading/said.ts";
import { isAbsent, looksLikePhone, readId, readText } from "../reading/scalars.ts";
import { toRfc3339 } from "../reading/timestamp.ts";
import { toUsableEvent } from "../reading/usable-event.ts";
import type { Source } from "../source.ts";

const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** Only what tells such a message from other payloads is insisted on. */
const pushSchema = z.object({
  conversationId: conversationIdSchema,
  contentType: z.string().min(1),
  id: z.unknown().optional(),
  direction: z.string().nullish(),
  channel: lenient(z.string()),
  from: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  content: lenient(z.object({ text: z.string() })),
  singleSendMessage: lenient(
    z.object({
      from: lenient(z.object({ type: z.string() })),
      socialContext: lenient(z.object({ username: z.string() })),
    }),
  ),
});
type Push = z.infer<typeof pushSchema>;

/**
 * The bare message Infobip Conversations pushes to the webhook of an external bot. The bot's session is the
 * conversation. Only what the customer sends is of use.
 */
export const infobipBot: Source = {
  name: "infobip-bot",
  toEvents(payload, { now }) {
    const parsed = pushSchema.safeParse(payload);
    if (!parsed.success) return err(toPayloadProblem(parsed.error.issues));
    const push = parsed.data;
    if ((push.direction ?? "INBOUND") !== "INBOUND") return ok([]);
    const ownId = readId(push.id);
    const isText = isTextType(push.contentType);
    const event = toUsableEvent({
      id: ownId ?? contentId(payload),
      type: "customer.message",
      session: push.conversationId,
      at: toRfc3339(push.createdAt, now),
      conversationId: push.conversationId,
      channel: push.channel,
      customer: customerOf(push),
      text: isText ? (push.content?.text ?? "") : "",
      contentType: isText ? undefined : push.contentType,
    });
    return event.ok ? ok([{ event: event.value, hasOwnId: ownId !== undefined }]) : event;
  },
};

/** A page's or a person's id on a social network can look like a phone number; the message says when it is none. */
function customerOf({ from, singleSendMessage }: Push): Customer | undefined {
  const address = isAbsent(from) ? undefined : readText(from);
  const name = singleSendMessage?.socialContext?.username;
  if (address === undefined && name === undefined) return undefined;
  const isPhone = (singleSendMessage?.from?.type ?? "PHONE_NUMBER") === "PHONE_NUMBER" && looksLikePhone(address ?? "");
  return {
    ...(name !== undefined && { name }),
    ...(address !== undefined && { [isPhone ? "phone" : "externalId"]: address }),
  };
}
