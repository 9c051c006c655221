import { sha256 } from "../sha256.ts";

/**
 * An id made of a payload's content: the same for the same content in whatever order its keys come, different for any
 * other. Neither depth nor lone surrogates, which UTF-8 cannot tell apart, get in its way.
 */
export function contentId(payload: unknown, isLeftOut?: (field: string) => boolean): string {
  return `content-${sha256(Buffer.from(canonicalText(payload, isLeftOut), "utf16le")).toString("base64url")}`;
}

/** Makes a `contentId` without the fields that hold times: a repeated delivery may carry another time. */
export const contentIdWithoutTimes = (body: Record<string, unknown>, isTime: (field: string) => boolean): string =>
  contentId(body, isTime);

/** Every value is preceded by its kind and its length, so that no two contents are written alike. */
function canonicalText(payload: unknown, isLeftOut?: (field: string) => boolean): string {
  let written = "";
  const pending: unknown[] = [payload];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      written += `a${value.length}:`;
      for (let index = value.length - 1; index >= 0; index--) pending.push(value[index]);
    } else if (typeof value === "object" && value !== null) {
      const all = Object.keys(value).sort();
      const fields = value === payload && isLeftOut !== undefined ? all.filter((field) => !isLeftOut(field)) : all;
      written += `o${fields.length}:`;
      for (const field of fields) written += `${field.length}:${field}`;
      for (const field of fields.reverse()) pending.push((value as Record<string, unknown>)[field]);
    } else {
      const text = String(value);
      written += `${typeof value === "string" ? "s" : "v"}${text.length}:${text}`;
    }
  }
  return written;
}
