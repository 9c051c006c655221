import { parseJson } from "./json.ts";

export type Scalar = string | number | boolean;

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Sets a member whose name somebody else chose: an assignment to `__proto__` would set the prototype. */
export function setMember<T>(members: Record<string, T>, name: string, value: T): void {
  if (name === "__proto__") {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else members[name] = value;
}

export function withoutUndefined<T>(members: Record<string, T | undefined>): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member !== undefined) setMember(kept, name, member);
  }
  return kept;
}

export const readText = (value: unknown): string | undefined => (isScalar(value) ? String(value) : undefined);

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
  if (!/^[\s\ufeff]*[{[]/.test(text)) return undefined;
  try {
    return parseJson(text.trim());
  } catch {
    return undefined;
  }
}

/** E.164 allows 15 digits. */
export function looksLikePhone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return digits >= 6 && digits <= 15 && /^[+(\d][\d\s()./-]*$/.test(text.trim());
}
