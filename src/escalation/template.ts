import type { Facts } from "../events/facts.ts";

/** What a template can say of a session. */
export interface View {
  bot: string;
  session: string;
  reason: string;
  conversationId: string | null;
  facts: Facts;
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const PLAIN = ["session", "bot", "reason", "conversationId", "channel", "language"] as const;
const CUSTOMER = ["name", "phone", "email", "externalId"] as const;

/** The placeholders of a template that no session could fill, such as `custmer.name`. */
export const unknownPlaceholders = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name).filter((name) => !isKnown(name));

const isKnown = (name: string): boolean =>
  (PLAIN as readonly string[]).includes(name) ||
  (name.startsWith("customer.") && (CUSTOMER as readonly string[]).includes(name.slice("customer.".length))) ||
  (name.startsWith("attributes.") && name.length > "attributes.".length);

function placeholderValue(name: string, view: View, redact: (text: string) => string): string {
  const { customer, attributes, channel, language } = view.facts;
  if (name.startsWith("attributes.")) {
    const key = name.slice("attributes.".length);
    return Object.hasOwn(attributes, key) ? redact(String(attributes[key])) : "";
  }
  switch (name) {
    case "customer.name":
      return redact(customer.name ?? "");
    case "customer.phone":
      return customer.phone ?? "";
    case "customer.email":
      return customer.email ?? "";
    case "customer.externalId":
      return customer.externalId ?? "";
    case "channel":
      return channel ?? "";
    case "language":
      return language ?? "";
    case "conversationId":
      return view.conversationId ?? "";
    case "session":
      return view.session;
    case "bot":
      return view.bot;
    case "reason":
      return view.reason;
    default:
      return "";
  }
}

/**
 * The first template whose placeholders all have a value; where none is complete, the last with its gaps left empty.
 * `redact` goes over attributes and the name; a phone or e-mail that the flow's author asked for by name is said.
 */
export function render(templates: readonly string[], view: View, redact: (text: string) => string): string {
  for (const [index, template] of templates.entries()) {
    let complete = true;
    const text = template.replace(PLACEHOLDER, (_, name: string) => {
      const value = placeholderValue(name, view, redact);
      complete &&= value !== "";
      return value;
    });
    if (complete || index === templates.length - 1) return text.trim();
  }
  return "";
}
