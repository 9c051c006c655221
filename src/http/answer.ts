import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Operator } from "../config/operators.ts";
import type { Source } from "../events/source.ts";
import type { Meter } from "../metrics/meter.ts";
import type { Payload } from "./access/payload.ts";
import type { Received } from "./tail/tails.ts";

/** Identity of a request, and the headers of every answer to it. */
export type Env = {
  /** The runtime's data about a request's connection. */
  Bindings: {
    /** Names the peer without its address. */
    peer?: () => string;
    /** Requests the body, if the client waits for that. */
    proceed?: () => void;
  };
  Variables: {
    requestId: string;
    headers: Record<string, string>;
    /** Size limit of its body, on the wire and decoded. */
    maxBodyBytes: number;
    /** Source of its payload, if the URL names one. */
    source?: Source | undefined;
    /** The payload of a bot's request, once it is read. */
    payload: Payload;
    /** The post of a bot, while an operator watches. */
    received?: Received;
    /** The operator who asks, on the operators' routes. */
    operator?: Operator;
    /** Kind of the problem that answered it. */
    problemKind?: string;
    /** Counts what becomes of requests. */
    meter: Meter;
  };
};

/**
 * Renders an answer as JSON. Its headers stay a plain object: a `Headers` object, and additions to a finished answer, cost more
 * than all the rest.
 */
export function json(
  c: Context<Env>,
  body: unknown,
  status: ContentfulStatusCode = 200,
  more?: Record<string, string>,
): Response {
  const headers = c.get("headers");
  headers["content-type"] = "application/json";
  if (more !== undefined) Object.assign(headers, more);
  return new Response(JSON.stringify(body), { status, headers });
}
