/**
 * The fetch under the client on Node, over undici's `request`: measured at a fraction of the CPU of the global fetch. It
 * follows no redirect, repeats nothing, and tells what surely never left (`NOT_CONNECTED`).
 */
import type { Readable } from "node:stream";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { NOT_CONNECTED } from "./failure.ts";

export interface NodeTransport {
  fetch: (input: Request) => Promise<Response>;
  /** Waits for what is under way; what comes later is not sent. */
  close(): Promise<void>;
}

/** `Response` takes no body with these. */
const NO_BODY = new Set([204, 205, 304]);

/**
 * `connections`: at most so many sockets to one account. More than the dispatcher ever has in flight: a request that waited
 * for a socket until its timeout would count as sent.
 * Below the client's own timeout, a connect timeout is "not sent".
 */
export function createNodeTransport({ connections = 512, connectTimeoutMs = 5_000 } = {}): NodeTransport {
  // A connection of HTTP/2 carries several requests, and its end says less about each. Time limits are the caller's.
  const agent = new Agent({
    connections,
    connect: createConnector(connectTimeoutMs),
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    fetch: async (input) => {
      const { origin, pathname, search } = new URL(input.url);
      const { statusCode, headers, body } = await agent.request({
        origin,
        path: pathname + search,
        method: input.method as Dispatcher.HttpMethod,
        headers: input.headers,
        body: input.body === null ? null : await bytesOf(input.body),
        signal: input.signal,
      });
      if (statusCode > 599) {
        body.on("error", () => {}).destroy();
        throw new Error("a status that no Response can hold");
      }
      return new Response(bodyOf(statusCode, body), { status: statusCode, headers: pairsOf(headers) });
    },
    close: () => agent.close(),
  };
}

/**
 * Read by hand, and let go of: `text()` keeps the stream locked, and ky, which cancels the body of every request that is
 * over, is then told so by an error that costs more than the reading.
 */
async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value);
  reader.releaseLock();
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** A connection is one once TLS is done; whatever fails before, also a reset, was before the request. */
function createConnector(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, allowH2: false });
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(Object.assign(new Error("no connection", { cause: error }), { code: NOT_CONNECTED }), null);
    });
}

function bodyOf(status: number, body: Readable): ReadableStream<Uint8Array> | null {
  if (!NO_BODY.has(status)) return toWebStream(body);
  body.resume();
  return null;
}

/** By hand: `Readable.toWeb` and `ReadableStream.from` put an iterator in between, which costs more than the rest of it. */
function toWebStream(body: Readable): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      body.on("data", (chunk: Uint8Array) => {
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) body.pause();
      });
      body.on("end", () => controller.close());
      body.on("error", (error) => controller.error(error));
    },
    pull: () => void body.resume(),
    cancel(reason) {
      // A piece may still be on its way out of the buffer; a cancelled stream throws when it is given one.
      body.removeAllListeners("data").removeAllListeners("end");
      body.destroy(reason instanceof Error ? reason : new Error("given up"));
    },
  });
}

/** `Response` makes its own `Headers` of them, and would copy one that is made already. */
function pairsOf(from: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(from).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
}
