/** The endpoint of a bot: receives callbacks on loopback, as a bot of yours would. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { z } from "zod";
import type { Authenticate } from "../../auth/authenticate.ts";
import { callbackEventSchema } from "../../callbacks/envelope.ts";

type Told = z.infer<typeof callbackEventSchema>;

export interface CallbackReceiver {
  url: string;
  /** Resolves with the first callback of this type that `next` has not returned yet. */
  next(type: string): Promise<Told>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** `verify`: known only once a service with secrets runs. It refuses requests that Baton did not sign. */
export async function startCallbackReceiver(bot: string, verify: () => Authenticate): Promise<CallbackReceiver> {
  const untold: Told[] = [];
  const waiting = new Map<string, (told: Told) => void>();

  /** Returns the status of the answer. */
  async function take(request: IncomingMessage): Promise<number> {
    const body = await buffer(request);
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const verified = verify()(bot, headers, body);
    if (!verified.ok || verified.value.method !== "standard-webhooks") return 401;
    const told = callbackEventSchema.parse(JSON.parse(new TextDecoder().decode(body)));
    const wanted = waiting.get(told.type);
    waiting.delete(told.type);
    if (wanted === undefined) untold.push(told);
    else wanted(told);
    return 204;
  }

  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/callbacks`,
    next(type) {
      const index = untold.findIndex((it) => it.type === type);
      const [there] = index < 0 ? [] : untold.splice(index, 1);
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no callback ${type} came`)), PATIENCE_MS).unref();
        waiting.set(type, (told) => {
          clearTimeout(timer);
          resolve(told);
        });
      });
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
