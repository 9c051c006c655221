/** Requests that are invalid before their body, each with its possible statuses. */
import { MARK } from "./malformed-bodies.ts";
import type { Sent } from "./raw-http.ts";

/** Sender of the answer: the service with a problem, or Node's own parser and `requestTimeout` before it. */
type By = "service" | "server";
export interface MalformedRequest {
  kind: string;
  parts: Sent[];
  /** Null: the connection was closed without an answer. */
  statuses: (number | null)[];
  by: By;
  /** The sender closes its side and sends nothing more. */
  end?: boolean;
}

const EVENTS = "/v1/bots/shop-assistant/events";
const HANDOFFS = "/v1/bots/shop-assistant/handoffs";
const BODY = JSON.stringify({ id: MARK, type: "handoff.requested", session: MARK });
const GOOD_BODY_HEADER = `Content-Length: ${BODY.length}`;

export function malformedRequests(secret: string, operatorToken: string): MalformedRequest[] {
  const bearer = `Authorization: Bearer ${secret}`;
  const head = (line: string, headers: readonly string[]): string =>
    [line, "Host: baton", "Connection: close", ...headers, "", ""].join("\r\n");
  const post = (path: string, headers: readonly string[]): Sent[] => [head(`POST ${path} HTTP/1.1`, headers), BODY];
  const sized = (path: string, headers: readonly string[]): Sent[] => post(path, [GOOD_BODY_HEADER, ...headers]);
  const service = (kind: string, parts: Sent[], ...statuses: number[]): MalformedRequest => ({
    kind,
    parts,
    statuses,
    by: "service",
  });
  const server = (kind: string, parts: Sent[], ...statuses: (number | null)[]): MalformedRequest => ({
    kind,
    parts,
    statuses,
    by: "server",
  });
  const get = (path: string, headers: readonly string[] = [bearer]): Sent[] => [head(`GET ${path} HTTP/1.1`, headers)];
  const other = (method: string, path = EVENTS): Sent[] => [
    head(`${method} ${path} HTTP/1.1`, [bearer, GOOD_BODY_HEADER]),
    BODY,
  ];
  const basic = (text: string): string => `Authorization: Basic ${Buffer.from(text).toString("base64")}`;
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  const chunked = (...chunks: Sent[]): Sent[] => [
    head(`POST ${EVENTS} HTTP/1.1`, [bearer, "Transfer-Encoding: chunked"]),
    ...chunks,
  ];

  return [
    service("no credentials", sized(EVENTS, []), 401),
    service("another secret", sized(EVENTS, [`Authorization: Bearer ${MARK}`]), 401),
    service("a secret with something behind it", sized(EVENTS, [`${bearer}x`]), 401),
    service("half a secret", sized(EVENTS, [bearer.slice(0, -2)]), 401),
    service("an unknown scheme", sized(EVENTS, [`Authorization: ${MARK} ${secret}`]), 401),
    service("Basic that is not base64", sized(EVENTS, ["Authorization: Basic %%%"]), 401),
    service("Basic without a colon", sized(EVENTS, [basic("shop-assistant")]), 401),
    service("Basic of another bot", sized(EVENTS, [basic(`${MARK}:${secret}`)]), 401),
    service("15 kB of credentials", sized(EVENTS, [`Authorization: Bearer ${MARK.repeat(1_250)}`]), 401),
    service("credentials twice, the first wrong", sized(EVENTS, [`Authorization: Bearer ${MARK}`, bearer]), 401),
    service(
      "a signature of nothing",
      sized(EVENTS, ["webhook-id: 1", "webhook-timestamp: 1", "webhook-signature: v1,"]),
      401,
    ),
    service("the operators' token from a bot", sized(EVENTS, [`Authorization: Bearer ${operatorToken}`]), 401),
    service("a bot's secret from an operator", get("/v1/handoffs"), 401),
    service("an unknown bot", sized(`/v1/bots/${MARK}/events`, [bearer]), 401),
    service("a bot from the prototype", sized("/v1/bots/__proto__/events", [bearer]), 401),
    server(
      "1,000 headers",
      sized(
        EVENTS,
        Array.from({ length: 1_000 }, (_, n) => `x${n}: ${n}`),
      ),
      401,
      431,
    ),

    service("an unknown path", get(`/${MARK}`), 404),
    service("no path", get("/"), 404),
    service("a double slash", get("//v1/bots/shop-assistant/sessions/s1"), 404),
    service("a source that does not exist", sized(`/v1/bots/shop-assistant/webhooks/${MARK}`, [bearer]), 404),
    service("a source from the prototype", sized("/v1/bots/shop-assistant/webhooks/constructor", [bearer]), 404),
    service("a session that does not exist", get(`/v1/bots/shop-assistant/sessions/${MARK}`), 404),
    service("NUL in the path", get("/v1/bots/shop-assistant/sessions/a%00b"), 404),
    service("bad percent-encoding", get("/v1/bots/shop-assistant/sessions/%zz"), 404),
    service("half a character, percent-encoded", get("/v1/bots/shop-assistant/sessions/%e2%82"), 404),
    service("an encoded slash", get(`/v1/bots/shop-assistant/handoffs/..%2f..%2f${MARK}`), 404),
    service("dots that lead to the operators", get("/v1/bots/../handoffs"), 401),
    service("encoded dots that lead to the operators", get("/v1/bots/%2e%2e/handoffs"), 401),
    service("an absolute address of an unknown path", get(`http://other.invalid/${MARK}`), 404),
    service("GET where there is only POST", get(EVENTS), 405),
    service("HEAD where there is only POST", [head(`HEAD ${EVENTS} HTTP/1.1`, [bearer])], 405),
    service("PUT", other("PUT"), 405),
    service("PATCH", other("PATCH"), 405),
    service("DELETE", other("DELETE"), 405),
    service("PROPFIND", other("PROPFIND"), 405),
    service("DELETE of a handoff", other("DELETE", `${HANDOFFS}/${MARK}`), 405),
    service("an upgrade", get(`/${MARK}`, ["Upgrade: websocket", "Connection: Upgrade"]), 404),

    service("an empty key", sized(HANDOFFS, [bearer, "Idempotency-Key:"]), 422),
    service("a key of 256 characters", sized(HANDOFFS, [bearer, `Idempotency-Key: ${MARK.padEnd(256, "x")}`]), 422),
    service("a key with a space", sized(HANDOFFS, [bearer, `Idempotency-Key: ${MARK} x`]), 422),
    service("a key outside ASCII", sized(HANDOFFS, [bearer, `Idempotency-Key: ${MARK}\xe9`]), 422),
    service("a filter that is none", get("/v1/handoffs?limit=0", [`Authorization: Bearer ${operatorToken}`]), 422),
    service(
      "gzip by its header",
      sized(EVENTS, [bearer, "Content-Encoding: gzip"]).with(1, "\x1f\x8b".padEnd(BODY.length)),
      400,
    ),
    service("a coding that nobody reads", sized(EVENTS, [bearer, "Content-Encoding: br"]), 415),
    service(
      "a coding after a coding after a coding",
      sized(EVENTS, [bearer, `Content-Encoding: ${MARK}, gzip`]),
      400,
      415,
    ),
    service("chunks beyond the limit", chunked(...Array<Sent>(1_200).fill(chunk(MARK.repeat(100))), "0\r\n\r\n"), 413),
    service("chunks that hold no JSON", chunked(chunk(MARK), "0\r\n\r\n"), 400),

    server("length and chunks together", post(EVENTS, [bearer, GOOD_BODY_HEADER, "Transfer-Encoding: chunked"]), 400),
    server("two lengths", post(EVENTS, [bearer, GOOD_BODY_HEADER, "Content-Length: 3"]), 400),
    server("the same length twice", post(EVENTS, [bearer, GOOD_BODY_HEADER, GOOD_BODY_HEADER]), 400),
    server("a negative length", post(EVENTS, [bearer, "Content-Length: -1"]), 400),
    server("a length with a plus", post(EVENTS, [bearer, "Content-Length: +5"]), 400),
    server("a length in words", post(EVENTS, [bearer, `Content-Length: ${MARK}`]), 400),
    server("a length beyond counting", post(EVENTS, [bearer, "Content-Length: 99999999999999999999999"]), 400),
    server("chunks that are not last", post(EVENTS, [bearer, "Transfer-Encoding: chunked, identity"]), 400),
    server("a chunk's size in words", chunked(`${MARK}\r\n`), 400, null),
    server("a chunk longer than it says", chunked("3\r\nabcdef\r\n", "0\r\n\r\n"), 400, null),
    server("a header without a colon", post(EVENTS, [bearer, GOOD_BODY_HEADER, MARK]), 400),
    server("a space in a header's name", post(EVENTS, [bearer, GOOD_BODY_HEADER, `x ${MARK}: 1`]), 400),
    server("a header over two lines", post(EVENTS, [bearer, GOOD_BODY_HEADER, `Prefer: wait=1\r\n ${MARK}`]), 400),
    server("a bare CR in a header", post(EVENTS, [bearer, GOOD_BODY_HEADER, `Prefer: a\rx: ${MARK}`]), 400),
    server("NUL in a header", post(EVENTS, [bearer, GOOD_BODY_HEADER, `Prefer: \0${MARK}`]), 400),
    server("no host", [`POST ${EVENTS} HTTP/1.1\r\n${bearer}\r\n${GOOD_BODY_HEADER}\r\n\r\n`, BODY], 400),
    server("a host that is none", [`GET /livez HTTP/1.1\r\nHost: <${MARK}>\r\nConnection: close\r\n\r\n`], 400),
    server("a method that is none", [head(`BREW ${EVENTS} HTTP/1.1`, [bearer])], 400),
    server("HTTP/9.9", [head(`GET /${MARK} HTTP/9.9`, [])], 400, 505),
    server("HTTP/2 without having agreed on it", ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], 400, 505),
    server("no HTTP at all", [`\x00\x01${MARK}\r\n\r\n`], 400),
    server("TLS", [new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])], 400),
    server("a space in the path", [head(`GET /v1/${MARK} x HTTP/1.1`, [bearer])], 400),
    server("20 kB of headers", post(EVENTS, [bearer, GOOD_BODY_HEADER, `x: ${MARK.repeat(1_700)}`]), 431),
    server("20 kB of address", [head(`GET /${MARK.repeat(1_700)} HTTP/1.1`, [bearer])], 431),
    server("an expectation nobody can meet", post(EVENTS, [bearer, GOOD_BODY_HEADER, `Expect: ${MARK}`]), 417),
    server("TRACE", [head(`TRACE ${EVENTS} HTTP/1.1`, [bearer])], 400, 405),
    server("CONNECT", [head(`CONNECT ${MARK}.invalid:443 HTTP/1.1`, [bearer])], 400, 404, null),
    {
      ...server(
        "less than was promised",
        [head(`POST ${EVENTS} HTTP/1.1`, [bearer, "Content-Length: 999"]), BODY],
        400,
        null,
      ),
      end: true,
    },
    { ...server("half a head", [`POST ${EVENTS} HTTP/1.1\r\nHost:`], 400, null), end: true },
  ];
}
