/** Reads where alerts go, and the address under which people reach the service. */
import { z } from "zod";
import { err, ok, type Result } from "../result.ts";

export interface AlertWebhook {
  url: string;
  secrets: readonly string[];
}

const urlSchema = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).username === "" && new URL(url).password === "");

/** Parses ALERT_WEBHOOK_URL with its secrets; null: there is none. An unsigned notice could be anybody's. */
export function parseAlertWebhook(
  text: string | undefined,
  secrets: readonly string[],
): Result<AlertWebhook | null, string> {
  if (!text) return secrets.length === 0 ? ok(null) : err("ALERT_WEBHOOK_SECRETS is set and ALERT_WEBHOOK_URL is not");
  if (!urlSchema.safeParse(text).success) return err("ALERT_WEBHOOK_URL must be an http(s) URL without credentials");
  if (secrets.length === 0)
    return err('ALERT_WEBHOOK_URL is set and ALERT_WEBHOOK_SECRETS is not; it looks like ["a secret"]');
  return ok({ url: text, secrets });
}

/** Parses PUBLIC_URL, without the slash at its end; null: it is not set. */
export function parsePublicUrl(text: string | undefined): Result<string | null, string> {
  if (!text) return ok(null);
  const url = urlSchema.safeParse(text).success ? new URL(text) : null;
  if (url === null || url.search !== "" || url.hash !== "")
    return err("PUBLIC_URL must be an http(s) URL without credentials and query, such as https://baton.example.com");
  return ok(url.href.replace(/\/+$/, ""));
}
