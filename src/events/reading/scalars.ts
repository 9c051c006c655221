import { idSchema } from "../event.ts";

export type Scalar = string | number | boolean;

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const withoutUndefined = <T>(members: Record<string, T | undefined>): Record<string, T> =>
  Object.fromEntries(Object.entries(members).filter((member): member is [string, T] => member[1] !== undefined));

const PLACEHOLDER = /^\{\{[^{}]*\}\}$/;

/** What stands in a body where a chatbot's attribute was not set: nothing, or the placeholder itself. */
export function isAbsent(value: unknown): boolean {
  if (typeof value !== "string") return value === null || value === undefined;
  const text = value.trim();
  return text === "" || text === "null" || text === "undefined" || PLACEHOLDER.test(text);
}

export const readText = (value: unknown): string | undefined => (isScalar(value) ? String(value) : undefined);

/** Placeholders are pasted into JSON strings, so a number may come as one. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A number counts only while JSON keeps all its digits: two ids must never become one. */
export function readId(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : typeof value === "string" ? value.trim() : undefined;
  return idSchema.safeParse(text).success ? text : undefined;
}

export function readRecord(value: unknown): Record<string, unknown> | undefined {
  const read = typeof value === "string" ? readJson(value) : value;
  return isRecord(read) ? read : undefined;
}

export function readArray(value: unknown): unknown[] | undefined {
  const read = typeof value === "string" ? readJson(value) : value;
  return Array.isArray(read) ? read : undefined;
}

/** JSON inside a string; `undefined` when it is plain text. */
function readJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** E.164 allows 15 digits. */
export function looksLikePhone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return digits >= 6 && digits <= 15 && /^[+(\d][\d\s().-]*$/.test(text.trim());
}
