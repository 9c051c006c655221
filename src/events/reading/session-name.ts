import { sha256 } from "../../sha256.ts";
import { isId } from "../event.ts";
import { hasPlaceholder, isAbsentLabel } from "./absent.ts";
import { looksLikePhone } from "./scalars.ts";

/** A string, or a number whose digits are all known. */
function readLabel(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === "string" ? value.trim() : undefined;
}

/**
 * An id as it can be stored and asked for: one that is too long, or not printable ASCII, is the hash of its UTF-8. What UTF-8
 * cannot write apart is hashed as it is in memory.
 */
function storableId(id: string): string {
  if (isId(id)) return id;
  return `sha256-${sha256(Buffer.from(id, id.isWellFormed() ? "utf8" : "utf16le")).toString("base64url")}`;
}

export function readId(value: unknown): string | undefined {
  const text = readLabel(value);
  return text === undefined || isAbsentLabel(text) ? undefined : storableId(text);
}

/** A session's name. One with a placeholder in it would make one chat of all customers; dots cannot be an address. */
export function readSession(value: unknown): string | undefined {
  const text = readLabel(value);
  return text === "." || text === ".." || hasPlaceholder(text ?? "") ? undefined : readId(text);
}

/** The session of somebody known by a phone, in whatever spelling that comes, an e-mail address or another name. */
export function sessionOfContact(contact: string): string | undefined {
  if (looksLikePhone(contact)) {
    const international = contact.trim().replace(/^(\+|00)([^(]*)\(0\)/, "$1$2");
    return international.replace(/\D/g, "").replace(/^00/, "");
  }
  return readSession(contact.includes("@") ? contact.toLowerCase() : contact);
}

/** The names under which a session may be kept that is asked for by the name its bot has for it. */
export const sessionNamesOf = (name: string): string[] => [
  ...new Set([storableId(name.trim()), sessionOfContact(name)].filter((it) => it !== undefined)),
];

export async function firstFound<T>(names: readonly string[], find: (name: string) => T | null | Promise<T | null>) {
  for (const name of names) {
    const found = await find(name);
    if (found !== null) return found;
  }
  return null;
}
