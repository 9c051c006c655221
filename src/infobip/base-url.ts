import { isLoopback } from "../loopback.ts";
import { err, ok, type Result } from "../result.ts";

/** Parses an account's base URL in the forms that people paste. The error names the mistake, not the value. */
export function toBaseUrl(pasted: string): Result<string, string> {
  const text = pasted.trim();
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  // The parser would drop line breaks and tabs inside an address.
  if (/\s/.test(withScheme) || !URL.canParse(withScheme))
    return err("is not an address; it looks like https://xxxxx.api.infobip.com");
  const url = new URL(withScheme);
  if (url.username !== "" || url.password !== "") return err("must not contain a user or password");
  if (!/^\/*$/.test(url.pathname) || /[?#]/.test(text)) {
    return err("must be the host alone, without a path or query");
  }
  if (url.protocol === "https:") return ok(url.origin);
  if (url.protocol !== "http:") return err("must begin with https://");
  return isLoopback(url.hostname) ? ok(url.origin) : err("must begin with https://; http:// is for loopback only");
}
