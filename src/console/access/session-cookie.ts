/**
 * An operator's session in the console: a signed cookie and nothing kept in memory. It survives a restart, and any place that
 * has the operators' tokens reads it. It ends after 12 hours, or once the operator's token is changed.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Operator } from "../../config/operators.ts";

const NAME = "baton_console";
/** A night shift. */
const SESSION_SECONDS = 12 * 3_600;
const ATTRIBUTES = "Path=/console; HttpOnly; SameSite=Strict";

function signatureOf({ name, token, mayAct }: Operator, expiresAt: number): Buffer {
  const key = createHmac("sha256", token).update("baton console session").digest();
  return createHmac("sha256", key)
    .update(JSON.stringify([name, mayAct, expiresAt]))
    .digest();
}

/** True: the request came by TLS, here or at a proxy in front. A client that only claims so gets a stricter cookie. */
const isByTls = (request: Request): boolean =>
  new URL(request.url).protocol === "https:" || request.headers.get("x-forwarded-proto") === "https";

const cookie = (request: Request, value: string, maxAge: number): string =>
  `${NAME}=${value}; ${ATTRIBUTES}; Max-Age=${maxAge}${isByTls(request) ? "; Secure" : ""}`;

export function createSessionCookie(request: Request, operator: Operator, now: number): string {
  const expiresAt = now + SESSION_SECONDS * 1_000;
  const name = Buffer.from(operator.name).toString("base64url");
  const value = `${name}.${expiresAt}.${signatureOf(operator, expiresAt).toString("base64url")}`;
  return cookie(request, value, SESSION_SECONDS);
}

export const endSessionCookie = (request: Request): string => cookie(request, "", 0);

const FORM = /^([\w-]+)\.(\d{1,16})\.([\w-]{43})$/;

function readSession(value: string, operators: readonly Operator[], now: number): Operator | null {
  const [, encodedName = "", until = "", signature = ""] = FORM.exec(value) ?? [];
  const expiresAt = Number(until);
  if (signature === "" || expiresAt <= now || expiresAt > now + SESSION_SECONDS * 1_000) return null;
  const name = Buffer.from(encodedName, "base64url").toString();
  const given = Buffer.from(signature, "base64url");
  const isSigner = (it: Operator): boolean => it.name === name && timingSafeEqual(given, signatureOf(it, expiresAt));
  return operators.find(isSigner) ?? null;
}

/** The operator whose session a request belongs to; null: it has none that is valid. */
export function operatorOfCookie(header: string | null, operators: readonly Operator[], now: number): Operator | null {
  for (const part of (header ?? "").split(";")) {
    const [name, value = ""] = part.trim().split("=");
    const operator = name === NAME ? readSession(value, operators, now) : null;
    if (operator !== null) return operator;
  }
  return null;
}
