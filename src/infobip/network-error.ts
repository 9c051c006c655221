/** Finds the reason for a missing answer in the transport's error. Pure. */

/** A transport that knows that it had no connection wraps the cause in an error with this code. */
export const NOT_CONNECTED = "ERR_NOT_CONNECTED";

/** Codes that exist only before the first byte of a request is on its way. */
const NOT_SENT = new Set([
  NOT_CONNECTED,
  "ENOTFOUND",
  "ECONNREFUSED",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_CLOSED",
  "HOSTNAME_MISMATCH",
]);
/**
 * Name resolution, and certificates, which are checked before anything is sent. `EPROTO` and `ERR_SSL_*` are missing: they come
 * from a handshake and from an established connection alike.
 */
const NOT_SENT_FAMILY = /^(?:EAI_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_)/;
/** "Not sent" while connecting, but not on an established connection: the system call shows which. */
const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH"]);

/** Chains of causes are short; a longer one is a circle. */
const MAX_DEPTH = 8;

/** Returns the code that proves that nothing was sent; null: none does (a runtime without codes proves nothing). */
export function notSentCode(error: unknown): string | null {
  return isNotSent(error, 0) ? codeOf(error) : null;
}

/** Returns the innermost code, which says most; of several attempts to connect, the first one's. */
export function codeOf(error: unknown, depth = 0): string | null {
  if (!isObject(error) || depth > MAX_DEPTH) return null;
  const [first] = attemptsOf(error);
  return codeOf(first ?? Reflect.get(error, "cause"), depth + 1) ?? textOf(error, "code");
}

function isNotSent(error: unknown, depth: number): boolean {
  if (!isObject(error) || depth > MAX_DEPTH) return false;
  const attempts = attemptsOf(error);
  // One connection of several may have been refused while another was lost: every one must prove it.
  if (attempts.length > 0) return attempts.every((attempt) => isNotSent(attempt, depth + 1));
  return isProof(error) || isNotSent(Reflect.get(error, "cause"), depth + 1);
}

function isProof(error: object): boolean {
  const code = textOf(error, "code");
  const syscall = textOf(error, "syscall");
  if (code === null) return false;
  if (syscall === "connect") return true;
  if (UNREACHABLE.has(code)) return syscall === null;
  return NOT_SENT.has(code) || NOT_SENT_FAMILY.test(code);
}

function attemptsOf(error: object): unknown[] {
  const errors: unknown = Reflect.get(error, "errors");
  return Array.isArray(errors) ? errors : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function textOf(error: object, key: "code" | "syscall"): string | null {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : null;
}
