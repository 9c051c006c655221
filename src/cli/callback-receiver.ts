/** The address of a bot: takes callbacks as whoever writes a bot would, on loopback. */
import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { z } from "zod";
import type { Authenticate } from "../events/authenticate.ts";
import { callbackDataSchema } from "../sessions/callback.ts";

const toldSchema = z.object({ type: z.string(), data: callbackDataSchema });
type Told = z.infer<typeof toldSchema>;

export interface CallbackReceiver {
  url: string;
  /** The first callback of this type that was not asked for yet. */
  next(type: string): Promise<Told>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** `verify`: known only once there is a service with secrets. What is not signed as Baton signs is refused. */
export async function startCallbackReceiver(bot: string, verify: () => Authenticate): Promise<CallbackReceiver> {
  const untold: Told[] = [];
  const waiting = new Map<string, (told: Told) => void>();

  async function take(request: Request): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer());
    const verified = verify()(bot, request.headers, body);
    if (!verified.ok || verified.value.method !== "standard-webhooks") return new Response(null, { status: 401 });
    const told = toldSchema.parse(JSON.parse(new TextDecoder().decode(body)));
    const wanted = waiting.get(told.type);
    waiting.delete(told.type);
    if (wanted === undefined) untold.push(told);
    else wanted(told);
    return new Response(null, { status: 204 });
  }

  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch: take, hostname: "127.0.0.1", port: 0 }, () => resolve(started));
    started.once("error", reject);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/callbacks`,
    next(type) {
      const index = untold.findIndex((it) => it.type === type);
      const [there] = index < 0 ? [] : untold.splice(index, 1);
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no callback ${type} came`)), PATIENCE_MS);
        waiting.set(type, (told) => {
          clearTimeout(timer);
          resolve(told);
        });
      });
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
