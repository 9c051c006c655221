/** Renders a callback for the wire: a CloudEvents 1.0 event, signed as Standard Webhooks 1.0.0 says. No I/O, no clock. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { signingKey } from "../auth/secret-keys.ts";
import { callbackTypes } from "../events/callback-types.ts";
import { type Callback, type CallbackData, callbackDataSchema } from "../model/callback.ts";

export const callbackEventSchema = z.object({
  specversion: z.literal("1.0"),
  id: z.string().describe("The same over all tries, as is the header `webhook-id`."),
  source: z.string(),
  type: z.enum(callbackTypes),
  subject: z.string().describe("The session."),
  time: z.iso.datetime(),
  datacontenttype: z.literal("application/json"),
  data: callbackDataSchema,
});

/** CloudEvents' structured mode. Every try sends the same bytes. */
export const toCloudEvent = ({ id, bot, type, createdAt }: Callback, data: CallbackData): string =>
  JSON.stringify({
    specversion: "1.0",
    id,
    source: `/v1/bots/${encodeURIComponent(bot)}`,
    type,
    subject: data.session,
    time: new Date(createdAt).toISOString(),
    datacontenttype: "application/json",
    data,
  } satisfies z.infer<typeof callbackEventSchema>);

/** Null: no secret can sign. With an empty key anybody could. */
export function toHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now: number,
): Record<string, string> | null {
  const timestamp = Math.floor(now / 1_000);
  const signatures = secrets
    .map(signingKey)
    .filter((key) => key.length > 0)
    .map((key) => createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64"));
  if (signatures.length === 0) return null;
  return {
    "content-type": "application/cloudevents+json; charset=utf-8",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    // One signature for each active secret: a receiver with only the old or the new one can check it.
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}
