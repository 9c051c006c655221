import ky from "ky";
import type { z } from "zod";
import { isRefusing, notSentCode, refusalOf, retryAfterMs } from "./errors.ts";
import type { Call, Outcome, Unknown } from "./outcome.ts";
import { statusCodeSchema } from "./schema.ts";

export interface ClientDeps {
  /** As `toBaseUrl` makes it. */
  baseUrl: string;
  apiKey: string;
  fetch: (request: Request) => Promise<Response>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** For sending, waiting and reading together. */
  timeoutMs?: number;
  /** An answer larger than this is not read. */
  maxBytes?: number;
}

interface Exchange<T> {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Each part is encoded; an id can never become another path. */
  path: readonly string[];
  query?: URLSearchParams;
  body?: unknown;
  headers?: Record<string, string>;
  schema: z.ZodType<T>;
}
export type Send = <T>(exchange: Exchange<T>) => Promise<Outcome<T>>;

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 1_048_576;
/** Answers that are empty where the documentation shows an object are read as one. */
const EMPTY = "{}";

async function textWithin(response: Response, maxBytes: number): Promise<string | null> {
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const parsed = (text: string | null): unknown => {
  if (text === null) return undefined;
  try {
    return JSON.parse(text.trim() === "" ? EMPTY : text);
  } catch {
    return undefined;
  }
};

/** One HTTP exchange, which always ends in an outcome. Retries are off: the ledger owns them. */
export function createSend(deps: ClientDeps): Send {
  const timeoutMs = deps.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxBytes = deps.maxBytes ?? DEFAULT_MAX_BYTES;
  const http = ky.create({
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    redirect: "manual",
    headers: { authorization: `App ${deps.apiKey}`, accept: "application/json" },
    fetch: (input, init) => deps.fetch(input instanceof Request ? input : new Request(input, init)),
  });

  return async <T>({ method, path, query, body, headers, schema }: Exchange<T>): Promise<Outcome<T>> => {
    const started = performance.now();
    const call = (response?: Response): Call => ({
      status: response?.status ?? null,
      requestId: response?.headers.get("x-request-id") ?? response?.headers.get("requestid") ?? null,
      ms: Math.round(performance.now() - started),
    });
    const unknown = (why: Unknown, response?: Response): Outcome<T> => ({ kind: "unknown", why, call: call(response) });

    const bad = path.find((part) => part === "" || part === "." || part === "..");
    if (bad !== undefined) {
      const refusal = { reason: "invalid", status: null, messageId: "", text: "an id is empty or a path" } as const;
      return { kind: "refused", refusal, call: call() };
    }
    const search = query === undefined || query.size === 0 ? "" : `?${query}`;
    const url = `${deps.baseUrl}/${path.map(encodeURIComponent).join("/")}${search}`;
    const timeout = AbortSignal.timeout(timeoutMs);

    try {
      const response = await http(url, {
        method,
        signal: timeout,
        ...(headers !== undefined && { headers }),
        ...(body !== undefined && { json: body }),
      });
      if (response.status >= 500) {
        await response.body?.cancel();
        return unknown("server-error", response);
      }
      const answer = parsed(await textWithin(response, maxBytes));
      if (isRefusing(response.status)) {
        const wait = retryAfterMs(response.headers.get("retry-after"), deps.now());
        return { kind: "refused", refusal: refusalOf(response.status, answer, wait), call: call(response) };
      }
      if (response.status < 200 || response.status > 299) return unknown("unexpected-status", response);
      const plain = statusCodeSchema.safeParse(answer);
      if (plain.success && plain.data.statusCode === "ERROR") {
        const refusal = { reason: "error-answer", text: plain.data.message ?? "" } as const;
        return { kind: "refused", refusal, call: call(response) };
      }
      const value = schema.safeParse(answer);
      return value.success ? { kind: "ok", value: value.data, call: call(response) } : unknown("unreadable", response);
    } catch (error) {
      const code = notSentCode(error);
      if (code !== null) return { kind: "refused", refusal: { reason: "not-sent", code }, call: call() };
      return unknown(timeout.aborted ? "timeout" : "connection-lost");
    }
  };
}
