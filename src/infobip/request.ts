import ky, { isTimeoutError } from "ky";
import type { z } from "zod";
import type { Spans } from "../trace/spans.ts";
import { type Query, toAddress } from "./build-url.ts";
import { classifyResponse } from "./classify-response.ts";
import { codeOf, notSentCode } from "./network-error.ts";
import { type Call, type Outcome, refused, unknown, type Verdict } from "./outcome.ts";
import { readBody } from "./read-body.ts";
import { type Carried, overFetch, type Reply, type Transport } from "./transport/transport.ts";

export interface ClientDeps {
  /** Made by `toBaseUrl`. */
  baseUrl: string;
  apiKey: string;
  fetch: (request: Request) => Promise<Response>;
  /** Replaces `fetch`: it costs less. */
  transport?: Transport | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Milliseconds that never jump, for durations. */
  monotonic?: () => number;
  /** Covers sending, waiting and reading together, whether `fetch` honours its signal or not. */
  timeoutMs?: number;
  /** An answer larger than this is not read. */
  maxBytes?: number;
  /** Traces of an SDK that the operator brings. */
  spans?: Pick<Spans, "around"> | undefined;
  /** Told of every outcome, by the name of the client's function. */
  onCall?: (operation: string, outcome: Outcome<unknown>) => void;
}

interface Exchange<T> {
  /** The client's function. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Each part is encoded; an id can never become another path. */
  path: readonly string[];
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  /** Trace that the request belongs to. */
  traceparent?: string;
  schema: z.ZodType<T>;
}
export type Send = <T>(exchange: Exchange<T>) => Promise<Outcome<T>>;

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 1_048_576;
const MAX_REQUEST_ID = 200;
/** A value that `Headers` accepts and nobody trims. */
export const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** One HTTP exchange, which always ends in an outcome. Retries are off: the ledger owns them. */
export function createSend(deps: ClientDeps): Send {
  const { onCall, spans, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = deps;
  const monotonic = deps.monotonic ?? (() => performance.now());
  const { origin } = new URL(deps.baseUrl);
  // Checked at the start: the error of `Headers` would quote the key, on every call.
  if (!HEADER_VALUE.test(deps.apiKey)) throw new Error("the API key must be printable ASCII");
  const http = ky.create({
    retry: 0,
    throwHttpErrors: false,
    timeout: timeoutMs,
    redirect: "manual",
  });
  const transport = deps.transport ?? overFetch(deps.fetch);
  // ky passes this on, and reads none of it.
  const sendOver = async (input: Request | URL | string, carried: Carried): Promise<Response> =>
    (await transport(input instanceof Request ? input : new Request(input), carried)) as Response;
  const ours = { authorization: `App ${deps.apiKey}`, accept: "application/json" };
  const oursWithBody = { ...ours, "content-type": "application/json" };

  /** Fills `call` with details as they become known. */
  async function attempt<T>(exchange: Exchange<T>, call: Call, elapsed: () => number): Promise<Verdict<T>> {
    const { method, path, query, headers = {}, traceparent, schema } = exchange;
    const url = toAddress(origin, path, query);
    if (!url.ok) return refused({ reason: "invalid", status: null, messageId: "", text: url.error });
    if (!Object.values(headers).every((value) => HEADER_VALUE.test(value))) {
      return refused({ reason: "invalid", status: null, messageId: "", text: "a header is not printable ASCII" });
    }
    const body = exchange.body === undefined ? null : JSON.stringify(exchange.body);
    const sent = { ...(body === null ? ours : oursWithBody), ...headers };
    const carried = { headers: traceparent === undefined ? sent : { ...sent, traceparent }, body };

    try {
      const response: Reply = await http(url.value, { method, fetch: (request) => sendOver(request, carried) });
      call.status = response.status;
      call.requestId = requestIdOf(response.headers);
      const read = await readBody(response, maxBytes, Math.max(0, timeoutMs - elapsed()));
      return classifyResponse(
        { status: response.status, retryAfter: response.headers.get("retry-after"), body: read },
        schema,
        deps.now(),
      );
    } catch (error) {
      if (isTimeoutError(error)) return unknown("timeout");
      const code = notSentCode(error);
      return code === null ? unknown("connection-lost", codeOf(error)) : refused({ reason: "not-sent", code });
    }
  }

  return async (exchange) => {
    const started = monotonic();
    const elapsed = () => monotonic() - started;
    const call: Call = { status: null, requestId: null, ms: 0 };
    const { operation, traceparent } = exchange;
    const span = { name: `infobip ${operation}`, traceparent, attributes: { "server.address": origin } };
    const verdict = await (spans === undefined
      ? attempt(exchange, call, elapsed)
      : spans.around(span, (its) => attempt({ ...exchange, traceparent: its }, call, elapsed)));
    call.ms = Math.round(elapsed());
    const outcome = { ...verdict, call };
    onCall?.(operation, outcome);
    return outcome;
  };
}

function requestIdOf(headers: Reply["headers"]): string | null {
  return (headers.get("x-request-id") ?? headers.get("requestid"))?.slice(0, MAX_REQUEST_ID) ?? null;
}
