import type { Facts } from "../../events/facts.ts";
import { nearestName } from "../nearest-name.ts";
import { redactAttribute, redactValue } from "../redaction/redact.ts";
import type { Redactions } from "../redaction/redactions.ts";
import { oneLine } from "./sanitize.ts";
import { truncate } from "./truncate.ts";

/** Values that a template can name. */
export interface View {
  bot: string;
  session: string;
  reason: string;
  conversationId: string | null;
  facts: Facts;
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const ATTRIBUTE = "attributes.";

/** Longest value of a customer in a text, on one line: a text of the flow stays the flow's. */
const CUSTOMER_MAX = 100;
/** A link may be longer than a name. */
const ATTRIBUTE_MAX = 250;

const values = new Map<string, (view: View) => string | null | undefined>([
  ["session", ({ session }) => session],
  ["bot", ({ bot }) => bot],
  ["reason", ({ reason }) => reason],
  ["conversationId", ({ conversationId }) => conversationId],
  ["channel", ({ facts }) => facts.channel],
  ["language", ({ facts }) => facts.language],
  ["customer.name", ({ facts }) => facts.customer.name],
  ["customer.phone", ({ facts }) => facts.customer.phone],
  ["customer.email", ({ facts }) => facts.customer.email],
  ["customer.externalId", ({ facts }) => facts.customer.externalId],
]);

/** Renders a value that a template names, without cards and secrets. */
function placeholderValue(name: string, view: View, redactions: Redactions): string {
  if (!name.startsWith(ATTRIBUTE)) {
    const value = oneLine(redactValue(values.get(name)?.(view) ?? "", redactions));
    return name.startsWith("customer.") ? truncate(value, CUSTOMER_MAX) : value;
  }
  const key = name.slice(ATTRIBUTE.length);
  const { attributes } = view.facts;
  if (!Object.hasOwn(attributes, key)) return "";
  return truncate(oneLine(redactAttribute(key, String(attributes[key]), redactions)), ATTRIBUTE_MAX);
}

const namesIn = (template: string): string[] => [...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name.trim());

/** These have a value in every session. */
const ALWAYS_KNOWN = ["session", "bot", "reason"];

/** True if every placeholder of a template always has a value. Those in `alsoKnown` have one when the text is rendered. */
export const isAlwaysWhole = (template: string, alsoKnown: readonly string[] = []): boolean =>
  namesIn(template).every((name) => ALWAYS_KNOWN.includes(name) || alsoKnown.includes(name));

function meantPlaceholder(name: string): string | null {
  const [first = "", ...rest] = name.split(".");
  const isAttribute = rest.length > 0 && nearestName(first, ["attributes"]) !== null;
  return isAttribute ? `${ATTRIBUTE}${rest.join(".")}` : nearestName(name, values.keys());
}

/** Finds mistakes of a template: placeholders that no session could fill, such as `custmer.name`, or that do not end. */
export function templateProblems(template: string): string[] {
  const isKnown = (name: string): boolean => values.has(name) || (name.startsWith(ATTRIBUTE) && name !== ATTRIBUTE);
  const names = namesIn(template);
  const fallbacks = names
    .filter((name) => name.includes("|"))
    .map(
      (name) =>
        `has {{${name}}}: there is no fallback inside a placeholder; give several texts, the first whole one is taken`,
    );
  const unknown = names
    .filter((name) => !isKnown(name) && !name.includes("|"))
    .map((name) => {
      const meant = meantPlaceholder(name);
      return `has the unknown placeholder {{${name}}}${meant === null ? "" : `: do you mean {{${meant}}}?`}`;
    });
  const isOdd = /\{\{|\}\}/.test(template.replace(PLACEHOLDER, ""));
  return [...unknown, ...fallbacks, ...(isOdd ? ["has a {{ or }} without the other"] : [])];
}

/** Renders the first template whose placeholders all have a value; if none is complete, the last with empty gaps. */
export function render(templates: readonly string[], view: View, redactions: Redactions): string {
  let text = "";
  for (const template of templates) {
    let isComplete = true;
    text = template.replace(PLACEHOLDER, (_, name: string) => {
      const value = placeholderValue(name.trim(), view, redactions);
      isComplete &&= value !== "";
      return value;
    });
    if (isComplete) break;
  }
  return text.trim();
}

const CONVERSATION_ID = "{{conversationId}}";
/** A view for texts rendered before the conversation exists: its id is filled in when they are said. */
export const beforeConversation = (view: View): View => ({ ...view, conversationId: CONVERSATION_ID });
export const withConversationId = <T extends string | null>(text: T, conversationId: string | null): T =>
  (text === null ? null : text.replaceAll(CONVERSATION_ID, conversationId ?? "").trim()) as T;
