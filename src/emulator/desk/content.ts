import { z } from "zod";
import { MESSAGE_TEXT_MAX } from "../../infobip/schema.ts";
import type { Message } from "../state/state.ts";
import { CONTENT_TYPES } from "../state/vocabulary.ts";

const words = z.string().min(1).max(MESSAGE_TEXT_MAX);
const url = z.url().max(2_048);
const degrees = (most: number) => z.coerce.number().min(-most).max(most);
/** Drops the blank fields of a form. */
const withoutBlanks = (given: unknown): unknown =>
  typeof given === "object" && given !== null && !Array.isArray(given)
    ? { kind: "text", ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")) }
    : given;

const textSchema = z.strictObject({ kind: z.literal("text"), text: words });
const fileSchema = z.strictObject({ kind: z.enum(["image", "document"]), url, text: words.optional() });
const placeSchema = z.strictObject({
  kind: z.literal("location"),
  latitude: degrees(90),
  longitude: degrees(180),
  text: words.optional(),
});
/** Content of any other type, given in full. */
const otherSchema = z.strictObject({
  kind: z.literal("other"),
  contentType: z.enum(CONTENT_TYPES),
  content: z.looseObject({}),
});
const buttonSchema = z.strictObject({ kind: z.literal("button"), text: words, payload: words.optional() });
const emailSchema = z.strictObject({ kind: z.literal("email"), text: words, subject: words.optional() });

/** Message of an agent in a request; without a kind it is a text. */
export const agentsWords = <S extends z.ZodRawShape>(beside: S) =>
  z.preprocess(
    withoutBlanks,
    z.discriminatedUnion("kind", [
      textSchema.extend(beside),
      fileSchema.extend(beside),
      placeSchema.extend(beside),
      otherSchema.extend(beside),
    ]),
  );
/** Message of a customer, who also presses buttons and writes e-mails. */
export const customersWords = <S extends z.ZodRawShape>(beside: S) =>
  z.preprocess(
    withoutBlanks,
    z.discriminatedUnion("kind", [
      textSchema.extend(beside),
      fileSchema.extend(beside),
      placeSchema.extend(beside),
      otherSchema.extend(beside),
      buttonSchema.extend(beside),
      emailSchema.extend(beside),
    ]),
  );
const saidSchema = z.discriminatedUnion("kind", [
  textSchema,
  fileSchema,
  placeSchema,
  otherSchema,
  buttonSchema,
  emailSchema,
]);
export type Said = z.infer<typeof saidSchema>;

/** The content of inbound buttons is documented nowhere; the others follow the examples of sending. */
export function toContent(given: string | Said): Pick<Message, "contentType" | "content"> {
  const said: Said = typeof given === "string" ? { kind: "text", text: given } : given;
  switch (said.kind) {
    case "text":
      return { contentType: "TEXT", content: { text: said.text } };
    case "button":
      return {
        contentType: "INTERACTIVE_BUTTON_REPLY",
        content: { id: said.payload ?? said.text, title: said.text },
      };
    case "image":
    case "document":
      return {
        contentType: said.kind === "image" ? "IMAGE" : "DOCUMENT",
        content: { url: said.url, ...(said.text !== undefined && { caption: said.text }) },
      };
    case "location":
      return {
        contentType: "LOCATION",
        content: {
          latitude: said.latitude,
          longitude: said.longitude,
          ...(said.text !== undefined && { locationName: said.text }),
        },
      };
    case "email":
      return {
        contentType: "EMAIL",
        content: { ...(said.subject !== undefined && { subject: said.subject }), contentText: said.text },
      };
    case "other":
      return { contentType: said.contentType, content: said.content };
  }
}
