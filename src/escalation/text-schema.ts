/** Schemas of a flow's texts for agents and customers. */
import { z } from "zod";
import { isAlwaysWhole, templateProblems } from "./template.ts";

/** One or several; always a list once parsed. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(item).min(1),
  ) as z.ZodType<z.output<T>[], z.input<T> | z.input<T>[]>;

const templateSchema = z
  .string()
  .trim()
  .min(1)
  .superRefine((template, context) => {
    for (const message of templateProblems(template)) context.addIssue({ code: "custom", message });
  });

/** The first whose placeholders all have a value is taken. */
export const templates = listOf(templateSchema);

export const NEVER_WHOLE = "has no text that is whole for every customer: end the list with one without placeholders";

const wholeFor = (known: readonly string[]) =>
  templates.refine((texts) => texts.some((text) => isAlwaysWhole(text, known)), NEVER_WHOLE);

/** A text for the customer: one of it has no placeholder that may be empty. */
export const messageSchema = wholeFor([]);
/** A text that is said when there is a conversation. */
export const laterMessageSchema = wholeFor(["conversationId"]);
