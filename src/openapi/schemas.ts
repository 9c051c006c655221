/** Schemas under the names that the document and the clients made of it have for them. */
import { z } from "zod";
import {
  attributesSchema,
  customerSchema,
  prioritySchema,
  sentEventSchema,
  sentRequestSchema,
} from "../events/event.ts";
import type { Source } from "../events/source.ts";
import { answerSchema } from "../handoff/use-cases/event-answer.ts";
import { eventProblemViewSchema, problemViewSchema } from "../http/problem.ts";
import { auditViewSchema } from "../http/views/audit-view.ts";
import { attemptViewSchema, handoffViewSchema, ledgerViewSchema } from "../http/views/handoff-view.ts";
import { erasedViewSchema, exportViewSchema, sessionViewSchema } from "../http/views/session-view.ts";
import { handoffStateSchema } from "../model/handoff.ts";
import { controlSchema } from "../model/session.ts";

const partSchema = z.looseObject({ type: z.string().optional(), text: z.string().optional() });
/** A message of a language model's SDK. The reader of transcripts takes more forms than this one. */
const messageSchema = z.looseObject({
  role: z.string().describe("`user` and `assistant` are kept; system prompts, tool calls and their results are not."),
  content: z.union([z.string(), z.array(partSchema)]).nullish(),
});
const withMessages = { messages: z.array(messageSchema).optional().describe("In place of `transcript`.") };

const [started, said, answered, fallback, failed, requested, ended] = sentEventSchema.options;
const sentSchema = z.discriminatedUnion("type", [
  started,
  said,
  answered,
  fallback,
  failed,
  requested.omit({ transcriptLeftOut: true }).extend(withMessages),
  ended,
]);
/** A CloudEvents 1.0 event that carries one of ours. In binary mode its attributes are headers that begin with `ce-`. */
export const cloudEventSchema = z.looseObject({
  specversion: z.string(),
  id: z.string(),
  source: z.string(),
  type: z.string().describe("The type of the event, also with a prefix."),
  subject: z.string().optional().describe("The session."),
  time: z.string().optional(),
  data: z.unknown().optional().describe("The other fields of the event."),
});
export const eventsSchema = z.union([sentSchema, z.array(sentSchema).max(100)]);
export const requestSchema = sentRequestSchema.omit({ transcriptLeftOut: true }).extend(withMessages);

const itemSchema = z.union([answerSchema, eventProblemViewSchema]);
/** The answer to one event, or to each of several. */
export const eventsAnswerSchema = z.union([answerSchema, z.array(itemSchema)]);

const flatAnswerSchema = answerSchema.extend({
  leftOut: z.string().exactOptional().describe("The fields that could not be used, or not whole, joined by commas."),
});
const flatItemSchema = z.union([flatAnswerSchema, eventProblemViewSchema]);
const platformsFormSchema = z.looseObject({}).describe("The answer in the platform's own form.");

/** The answers to payloads of these sources. */
export function sourceAnswerSchema(sources: Iterable<Source>) {
  const forms = new Set(
    [...sources].map(({ answer, isPasted }) => (answer ? "own" : isPasted === true ? "flat" : "plain")),
  );
  const options = [
    ...(forms.has("flat") ? [flatItemSchema, z.array(flatItemSchema)] : []),
    ...(forms.has("plain") ? [itemSchema, z.array(itemSchema)] : []),
    ...(forms.has("own") ? [platformsFormSchema] : []),
  ];
  return z.union(options);
}

const outcomeSchema = z.object({ outcome: answerSchema.shape.outcome });
export const pushAnswerSchema = z.union([outcomeSchema, z.array(outcomeSchema)]);

export const namedSchemas = {
  Event: sentSchema,
  HandoffRequest: requestSchema,
  Customer: customerSchema,
  Attributes: attributesSchema,
  Priority: prioritySchema,
  Control: controlSchema,
  HandoffState: handoffStateSchema,
  Answer: answerSchema,
  FlatAnswer: flatAnswerSchema,
  Session: sessionViewSchema,
  HandoffSummary: handoffViewSchema,
  Handoff: ledgerViewSchema,
  Attempt: attemptViewSchema,
  SessionExport: exportViewSchema,
  Erased: erasedViewSchema,
  Audit: auditViewSchema,
  Problem: problemViewSchema,
  EventProblem: eventProblemViewSchema,
};
