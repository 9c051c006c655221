import { createHash } from "node:crypto";

/**
 * An id made of a payload's content: the same for the same content in whatever order its keys come, different for any
 * other. Neither depth nor lone surrogates, which UTF-8 cannot tell apart, get in its way.
 */
export function contentId(payload: unknown): string {
  return `content-${createHash("sha256").update(canonicalText(payload), "utf16le").digest("base64url")}`;
}

/** As `contentId`, without the fields that say when: whoever sends the same again may say another time. */
export const contentIdWithoutTimes = (body: Record<string, unknown>, isTime: (field: string) => boolean): string =>
  contentId(Object.fromEntries(Object.entries(body).filter(([field]) => !isTime(field))));

/** Every value is preceded by its kind and its length, so that no two contents are written alike. */
function canonicalText(payload: unknown): string {
  const written: string[] = [];
  const pending: unknown[] = [payload];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      written.push(`a${value.length}:`);
      for (let index = value.length - 1; index >= 0; index--) pending.push(value[index]);
    } else if (typeof value === "object" && value !== null) {
      const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
      written.push(`o${members.length}:`);
      for (const [key] of members) written.push(`${key.length}:${key}`);
      for (const [, member] of members.reverse()) pending.push(member);
    } else {
      const text = String(value);
      written.push(`${typeof value === "string" ? "s" : "v"}${text.length}:${text}`);
    }
  }
  return written.join("");
}
