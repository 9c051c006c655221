/** A server's sockets on Node: their limits, and a stop that no client can delay. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type HttpBindings, type ServerType, serve } from "@hono/node-server";
import type { Log } from "./log.ts";

/** The connection that a request came by. */
export interface Connection {
  /** Address of the other end. */
  address: string | undefined;
  /** Breaks it instead of an answer. */
  hangUp: () => void;
  /** Requests the body of a client that waits for that. */
  proceed: () => void;
}

interface ListenOptions {
  fetch: (request: Request, connection: Connection) => Response | Promise<Response>;
  host: string;
  /** 0: any free port. */
  port: number;
  log?: Log;
  /** Longest wait for unfinished answers at a stop, in milliseconds. */
  stopGraceMs?: number;
}

interface ListeningServer {
  port: number;
  /** Accepts no more requests, answers the open ones, and resolves once every connection is gone: within the grace. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 2_000;
/** A new connection above this number replaces the one that has been idle longest. */
const CROWDED = MAX_CONNECTIONS * 0.9;
/** Callers that wait for a handoff get their answer at once then. */
const STOP_GRACE_MS = 10_000;
const LET_GO_EVERY_MS = 20;
const TELL_DROPS_EVERY_MS = 60_000;

/** Names of Node, with its defaults; a proxy in front keeps its connections for a minute. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  // Interval at which Node enforces the first two. Its default is 30 s.
  connectionsCheckingInterval: 1_000,
};

/** Connections with their number of requests in work; the one that has been idle longest comes first. */
function createConnections(server: ServerType) {
  const requests = new Map<Socket, number>();
  const move = (socket: Socket, by: number): void => {
    const inWork = requests.get(socket);
    if (inWork === undefined) return;
    requests.delete(socket);
    requests.set(socket, inWork + by);
  };
  server.on("connection", (socket: Socket) => {
    if (requests.size >= CROWDED) closeIdle(1);
    requests.set(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    move(socket, 1);
    response.once("close", () => move(socket, -1));
  });

  /** Closes up to `most` idle connections, used before or not. */
  function closeIdle(most: number): void {
    let left = most;
    for (const [socket, inWork] of requests) {
      if (left === 0) return;
      if (inWork > 0) continue;
      socket.destroy();
      left -= 1;
    }
  }

  return {
    closeIdle,
    closeAll(): void {
      for (const socket of requests.keys()) socket.destroy();
    },
  };
}

/** Logs once a minute the number of refused connections. */
function tellDrops(server: ServerType, log: Log): () => void {
  let dropped = 0;
  server.on("drop", () => {
    dropped += 1;
  });
  const telling = setInterval(() => {
    if (dropped > 0) log.warn({ count: dropped }, "connections were turned away: all places are taken");
    dropped = 0;
  }, TELL_DROPS_EVERY_MS);
  telling.unref();
  return () => clearInterval(telling);
}

/** Node lists headers as name, value, name, value. */
function hasTwoHosts(headers: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

/** Resolves once the server listens; rejects with the system's error if it cannot. */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { fetch, host, port, log, stopGraceMs = STOP_GRACE_MS } = options;
  /** Requests whose client waits to send the body; true: the connection would stay open. */
  const waiting = new WeakMap<object, boolean>();
  const server = await new Promise<ServerType>((resolve, reject) => {
    const handle = (request: Request, env: unknown) => {
      const { incoming, outgoing } = env as HttpBindings;
      // RFC 9112, 3.2: the target is ambiguous.
      if (hasTwoHosts(incoming.rawHeaders))
        return new Response(null, { status: 400, headers: { connection: "close" } });
      const { socket } = incoming;
      return fetch(request, {
        address: socket.remoteAddress,
        hangUp: () => void socket.destroy(),
        proceed: () => {
          const staysOpen = waiting.get(incoming);
          if (staysOpen === undefined || !waiting.delete(incoming)) return;
          if ("shouldKeepAlive" in outgoing) outgoing.shouldKeepAlive = staysOpen;
          outgoing.writeContinue();
        },
      });
    };
    const started = serve({ fetch: handle, hostname: host, port, serverOptions: LIMITS }, () => resolve(started));
    started.once("error", reject);
    started.on("checkContinue", (incoming: IncomingMessage, outgoing: ServerResponse) => {
      waiting.set(incoming, outgoing.shouldKeepAlive);
      // An unrequested body may come anyway, or not: bytes after the answer could be either.
      outgoing.shouldKeepAlive = false;
      started.emit("request", incoming, outgoing);
    });
  });
  if ("maxConnections" in server) server.maxConnections = MAX_CONNECTIONS;
  if ("maxHeadersCount" in server) {
    // Unlimited: over its limit Node answers 503 to clients that missed `connection: close`.
    server.maxRequestsPerSocket = 0;
    server.maxHeadersCount = 100;
  }
  const connections = createConnections(server);
  const stopTelling = log === undefined ? () => undefined : tellDrops(server, log);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopTelling();
      const letting = setInterval(() => connections.closeIdle(Number.POSITIVE_INFINITY), LET_GO_EVERY_MS);
      const ending = setTimeout(() => connections.closeAll(), stopGraceMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(letting);
      clearTimeout(ending);
    },
  };
}
