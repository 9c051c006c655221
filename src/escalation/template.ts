import type { Facts } from "../events/facts.ts";
import { readable } from "./readable.ts";
import { redact, redactValue } from "./redact.ts";
import type { Redactions } from "./redaction/redactions.ts";

/** What a template can say of a session. */
export interface View {
  bot: string;
  session: string;
  reason: string;
  conversationId: string | null;
  facts: Facts;
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const ATTRIBUTE = "attributes.";

/** A phone or e-mail that the flow's author asks for by name is said; a name can be anything, so it is redacted. */
const values = new Map<string, (view: View, redactions: Redactions) => string | null | undefined>([
  ["session", ({ session }) => session],
  ["bot", ({ bot }) => bot],
  ["reason", ({ reason }) => reason],
  ["conversationId", ({ conversationId }) => conversationId],
  ["channel", ({ facts }) => facts.channel],
  ["language", ({ facts }) => facts.language],
  ["customer.name", ({ facts }, redactions) => redact(facts.customer.name ?? "", redactions)],
  ["customer.phone", ({ facts }) => facts.customer.phone],
  ["customer.email", ({ facts }) => facts.customer.email],
  ["customer.externalId", ({ facts }) => facts.customer.externalId],
]);

function placeholderValue(name: string, view: View, redactions: Redactions): string {
  if (!name.startsWith(ATTRIBUTE)) return values.get(name)?.(view, redactions) ?? "";
  const key = name.slice(ATTRIBUTE.length);
  const { attributes } = view.facts;
  return Object.hasOwn(attributes, key) ? redactValue(String(attributes[key]), redactions) : "";
}

const namesIn = (template: string): string[] => [...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name.trim());

/** Has a value in every session. */
const ALWAYS_KNOWN = ["session", "bot", "reason"];

/** Whether no placeholder of a template may be empty. `alsoKnown`: has a value when the text is rendered. */
export const isAlwaysWhole = (template: string, alsoKnown: readonly string[] = []): boolean =>
  namesIn(template).every((name) => ALWAYS_KNOWN.includes(name) || alsoKnown.includes(name));

/** What is wrong with a template: placeholders that no session could fill, such as `custmer.name`, or that do not end. */
export function templateProblems(template: string): string[] {
  const isKnown = (name: string): boolean => values.has(name) || (name.startsWith(ATTRIBUTE) && name !== ATTRIBUTE);
  const names = namesIn(template);
  const fallbacks = names
    .filter((name) => name.includes("|"))
    .map(
      (name) =>
        `has {{${name}}}: there is no fallback inside a placeholder; give several texts, the first whole one is taken`,
    );
  const unknown = names.filter((name) => !isKnown(name)).map((name) => `has the unknown placeholder {{${name}}}`);
  const isOdd = /\{\{|\}\}/.test(template.replace(PLACEHOLDER, ""));
  return [...unknown, ...fallbacks, ...(isOdd ? ["has a {{ or }} without the other"] : [])];
}

/** The first template whose placeholders all have a value; where none is complete, the last with its gaps left empty. */
export function render(templates: readonly string[], view: View, redactions: Redactions): string {
  let text = "";
  for (const template of templates) {
    let isComplete = true;
    text = template.replace(PLACEHOLDER, (_, name: string) => {
      const value = placeholderValue(name.trim(), view, redactions);
      isComplete &&= readable(value) !== "";
      return value;
    });
    if (isComplete) break;
  }
  return text.trim();
}
