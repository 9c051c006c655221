/** Schemas of a flow's texts for agents and customers. */
import { z } from "zod";
import { isAlwaysWhole, templateProblems } from "./template.ts";

/** Forms in which an author may write a value. They stand in the JSON Schema, which does not see what a preprocess takes. */
export const WRITTEN_AS = "writtenAs";

/** One or several; always a list once parsed. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(item).min(1))
    .meta({ [WRITTEN_AS]: "list" }) as z.ZodType<z.output<T>[], z.input<T> | z.input<T>[]>;

const templateSchema = z
  .string()
  .trim()
  .min(1)
  .superRefine((template, context) => {
    for (const message of templateProblems(template)) context.addIssue({ code: "custom", message });
  });

/** A text that is the same in every language. */
export const ANY_LANGUAGE = "*";
const LANGUAGE = /^([a-z]{2,3}([-_][a-z0-9]{2,8})*|\*)$/i;

/** Lists of texts, by language. Baton takes the first of a list whose placeholders all have a value. */
export type Texts = Record<string, string[]>;
type Text = string | string[];

const isByLanguage = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

export const templates = z
  .preprocess(
    (value) => (value === undefined || isByLanguage(value) ? value : { [ANY_LANGUAGE]: value }),
    z
      .record(z.string(), listOf(templateSchema))
      .refine((texts) => Object.keys(texts).length > 0, "must have a text in at least one language")
      .superRefine((texts, context) => {
        for (const language of Object.keys(texts).filter((key) => !LANGUAGE.test(key))) {
          const message = "is no language: write one such as de or pt-BR";
          context.addIssue({ code: "custom", path: [language], message });
        }
      }),
  )
  .meta({ [WRITTEN_AS]: "texts" }) as z.ZodType<Texts, Text | Record<string, Text>>;

export const NEVER_WHOLE = "has no text that is whole for every customer: end the list with one without placeholders";

/** True if each language has a text without placeholders that may be empty. */
export const isWholeForAll = (texts: Texts, known: readonly string[] = []): boolean =>
  Object.values(texts).every((list) => list.some((text) => isAlwaysWhole(text, known)));

const wholeFor = (known: readonly string[]) => templates.refine((texts) => isWholeForAll(texts, known), NEVER_WHOLE);

/** A text for the customer with a version without placeholders that may be empty. */
export const messageSchema = wholeFor([]);
/** A text for the customer that is said once a conversation exists. */
export const laterMessageSchema = wholeFor(["conversationId"]);

const plain = (language: string): string => language.toLowerCase().replaceAll("_", "-");
const widestOf = (language: string): string => plain(language).split("-")[0] ?? "";

/** Finds the texts of a language: its own, its wider one's, or another variant's: `de-AT`, `de`, `de-CH`. */
function inLanguage(texts: Texts, language: string): string[] | undefined {
  const all = Object.keys(texts);
  const key =
    all.find((one) => plain(one) === plain(language)) ??
    all.find((one) => plain(one) === widestOf(language)) ??
    all.find((one) => widestOf(one) === widestOf(language));
  return key === undefined ? undefined : texts[key];
}

/** A text in the customer's language, or else in the flow's. */
export function textsFor(
  texts: Texts | undefined,
  customers: string | null | undefined,
  flows: string | undefined,
): readonly string[] {
  if (texts === undefined) return [];
  for (const language of [customers, flows]) {
    const found = language == null ? undefined : inLanguage(texts, language);
    if (found !== undefined) return found;
  }
  return texts[ANY_LANGUAGE] ?? [];
}
