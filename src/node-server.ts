/** A server's sockets on Node: their limits, and an end that no client can put off. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type HttpBindings, type ServerType, serve } from "@hono/node-server";
import type { Log } from "./log.ts";

/** The connection that a request came by. */
export interface Connection {
  /** Address of the other end. */
  address: string | undefined;
  /** Breaks it in place of an answer. */
  hangUp: () => void;
  /** Asks for the body of a client that waits to be asked. */
  proceed: () => void;
}

interface ListenOptions {
  fetch: (request: Request, connection: Connection) => Response | Promise<Response>;
  host: string;
  /** 0: any that is free. */
  port: number;
  log?: Log;
  /** Time limit at a stop for answers that are on their way. */
  stopGraceMs?: number;
}

interface ListeningServer {
  port: number;
  /** Takes no more, answers what is being asked, and resolves when every connection is gone: within the grace. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 2_000;
/** Above this many, the connection that has been idle longest makes room for a new one. */
const CROWDED = MAX_CONNECTIONS * 0.9;
/** Callers who wait for a handoff are answered at once then. */
const STOP_GRACE_MS = 10_000;
const LET_GO_EVERY_MS = 20;
const TELL_DROPS_EVERY_MS = 60_000;

/** Node's own names and defaults; a proxy in front keeps its connections for a minute. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  // Interval at which Node enforces the first two: by default 30 s.
  connectionsCheckingInterval: 1_000,
};

/** Connections, the one that has been idle longest first, and how many requests each of them has in work. */
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

  /** Closes up to so many connections that ask for nothing now, whether they ever did or not. */
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

/** Says once a minute how many connections found no place. */
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

/** Headers come as name, value, name, value. */
function hasTwoHosts(headers: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

/** Resolves when the server listens; rejects with the system's error where it cannot. */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { fetch, host, port, log, stopGraceMs = STOP_GRACE_MS } = options;
  /** Requests whose client waits to be asked for the body, and whether its connection would stay open. */
  const waiting = new WeakMap<object, boolean>();
  const server = await new Promise<ServerType>((resolve, reject) => {
    const handle = (request: Request, env: unknown) => {
      const { incoming, outgoing } = env as HttpBindings;
      // RFC 9112, 3.2: who is meant cannot be told.
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
      // A body that is not asked for may come all the same, or not: what follows the answer could be either.
      outgoing.shouldKeepAlive = false;
      started.emit("request", incoming, outgoing);
    });
  });
  if ("maxConnections" in server) server.maxConnections = MAX_CONNECTIONS;
  if ("maxHeadersCount" in server) {
    // Unlimited: over its limit Node answers 503 to clients that did not hear `connection: close` in time.
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
