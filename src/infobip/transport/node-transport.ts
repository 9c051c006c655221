/**
 * The transport under the client on Node, over undici's `dispatch`: it takes a fraction of the CPU of the global fetch. It
 * follows no redirect, repeats nothing, and marks requests that certainly never left (`NOT_CONNECTED`).
 */
import { Agent, buildConnector, type Dispatcher } from "undici";
import { NOT_CONNECTED } from "../network-error.ts";
import { createReplyHandler, type NodeReply } from "./node-reply.ts";
import type { Transport } from "./transport.ts";

export interface NodeTransport {
  exchange: Transport;
  /** The same for callers that have the body in the request, and want a whole `Response`. */
  fetch: (input: Request) => Promise<Response>;
  /** Waits for requests under way; later ones are not sent. */
  close(): Promise<void>;
}

/**
 * `connections`: most sockets to one account. More than the dispatcher ever has in flight: a request that waits for a socket
 * until its timeout would count as sent. A connect timeout below the client's own counts as "not sent".
 */
export function createNodeTransport({ connections = 512, connectTimeoutMs = 5_000 } = {}): NodeTransport {
  // An HTTP/2 connection carries several requests, and its end says less about each. Time limits are the caller's.
  const agent = new Agent({
    connections,
    connect: createConnector(connectTimeoutMs),
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  function send(
    request: Request,
    headers: Record<string, string> | Headers,
    body: string | Uint8Array | null,
  ): Promise<NodeReply> {
    const { url, signal } = request;
    if (signal.aborted) return Promise.reject(signal.reason);
    // The path begins after scheme and host: our addresses have no user, and a fragment is not sent.
    const pathAt = url.indexOf("/", url.indexOf("//") + 2);
    const fragmentAt = url.indexOf("#", pathAt);
    return new Promise((resolve, reject) => {
      const handler = createReplyHandler({ resolve, reject });
      // The signal belongs to this request and goes with it: removing the listener would cost more than it frees.
      signal.addEventListener("abort", () => handler.abort(signal.reason), { once: true });
      agent.dispatch(
        {
          origin: url.slice(0, pathAt),
          path: fragmentAt < 0 ? url.slice(pathAt) : url.slice(pathAt, fragmentAt),
          method: request.method as Dispatcher.HttpMethod,
          headers,
          body,
        },
        handler,
      );
    });
  }

  return {
    exchange: (request, { headers, body }) => send(request, headers, body),
    fetch: async (input) => {
      const reply = await send(
        input,
        input.headers,
        input.body === null ? null : new Uint8Array(await input.arrayBuffer()),
      );
      return new Response(streamOf(reply), { status: reply.status, headers: pairsOf(reply.rawHeaders) });
    },
    close: () => agent.close(),
  };
}
/** A connection exists once TLS is done; any failure before, also a reset, was before the request. */
function createConnector(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, allowH2: false });
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(Object.assign(new Error("no connection", { cause: error }), { code: NOT_CONNECTED }), null);
    });
}

function streamOf({ body }: NodeReply): ReadableStream<Uint8Array> | null {
  if (body === null) return null;
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** `Response` creates its own `Headers` from pairs, and would copy an existing one. */
function pairsOf(from: NodeReply["rawHeaders"]): [string, string][] {
  return Object.entries(from).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
}
