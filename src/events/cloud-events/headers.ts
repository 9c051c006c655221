/** Values of headers as the HTTP binding of CloudEvents writes them. */
import { err, ok, type Result } from "../../result.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** First quotes and backslashes are undone, then one round of percent-encoding; the error is bytes that are no UTF-8. */
export function decodeHeader(value: string): Result<string, "not-utf-8"> {
  const plain = value.replace(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replace(/\\(.)/g, "$1"));
  if (!plain.includes("%")) return ok(plain);
  const bytes: number[] = [];
  for (let index = 0; index < plain.length; index += 1) {
    const hex = plain[index] === "%" ? plain.slice(index + 1, index + 3) : "";
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else {
      bytes.push(...new TextEncoder().encode(plain.charAt(index)));
    }
  }
  try {
    return ok(decoder.decode(new Uint8Array(bytes)));
  } catch {
    return err("not-utf-8");
  }
}
