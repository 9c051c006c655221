/** Names of tags that the platform accepts: letters, digits, `.` and `_`, at most 100 characters. */
import { tagSchema } from "../events/event.ts";
import type { Facts } from "../events/facts.ts";
import { redactAttribute } from "./redaction/redact.ts";
import type { Redactions } from "./redaction/redactions.ts";

const NAME = /^[\p{L}\p{N}._]+$/u;

export const isTagName = (tag: string): boolean => NAME.test(tag);

/** Turns a name that the platform refuses into one that it accepts. */
const suggested = (tag: string): string => tag.replace(/[^\p{L}\p{N}._]+/gu, "_").replace(/^_+|_+$/g, "");

/** A tag in a flow: the platform refuses any other name, and its routing rules would never see it. */
export const flowTagSchema = tagSchema.superRefine((tag, context) => {
  if (isTagName(tag)) return;
  const instead = suggested(tag);
  const hint = instead === "" ? "" : `; write '${instead}'`;
  context.addIssue({
    code: "custom",
    message: `'${tag}' is no tag: Infobip takes letters, digits, '.' and '_' only${hint}`,
  });
});

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const ATTRIBUTE = "attributes.";
/** Data of the chat. Data of the customer would make a tag for each person. */
const isTagPlaceholder = (name: string): boolean =>
  name === "language" || name === "channel" || (name.startsWith(ATTRIBUTE) && name !== ATTRIBUTE);

export const hasPlaceholder = (tag: string): boolean => tag.includes("{{");

/** A tag that may hold data of the chat: `lang_{{language}}`. */
export const tagTemplateSchema = tagSchema.superRefine((tag, context) => {
  const issue = (message: string) => context.addIssue({ code: "custom", message });
  if (!hasPlaceholder(tag)) {
    for (const { message } of flowTagSchema.safeParse(tag).error?.issues ?? []) issue(message);
    return;
  }
  for (const [, name = ""] of tag.matchAll(PLACEHOLDER)) {
    if (isTagPlaceholder(name.trim())) continue;
    issue(`has {{${name}}}: a tag may hold {{language}}, {{channel}} and {{attributes.<name>}}`);
  }
  const rest = tag.replace(PLACEHOLDER, "x");
  if (!isTagName(rest)) issue(`'${tag}' is no tag: Infobip takes letters, digits, '.' and '_' only`);
});

function placeholderValue(name: string, { language, channel, attributes }: Facts, redactions: Redactions): string {
  if (name === "language") return language ?? "";
  if (name === "channel") return channel ?? "";
  const key = name.slice(ATTRIBUTE.length);
  const value = Object.hasOwn(attributes, key) ? String(attributes[key]) : "";
  return redactAttribute(key, value, redactions) === value ? value : "";
}

/** Renders a tag; null: one of its values is not there, is hidden, or holds nothing that a tag may hold. */
export function renderTag(tag: string, facts: Facts, redactions: Redactions): string | null {
  let isWhole = true;
  const rendered = tag.replace(PLACEHOLDER, (_, name: string) => {
    const value = suggested(placeholderValue(name.trim(), facts, redactions));
    isWhole &&= value !== "";
    return value;
  });
  return isWhole && tagSchema.safeParse(rendered).success ? rendered : null;
}
