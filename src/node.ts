/** The Node entry: builds the service of a configuration and serves it. */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type HttpBindings, type ServerType, serve } from "@hono/node-server";
import pino from "pino";
import { monotonicFactory } from "ulid";
import type { Config } from "./config.ts";
import { createConversationsClient } from "./conversations/client.ts";
import { createNodeTransport } from "./conversations/node-transport.ts";
import { createEmulator, type Emulator } from "./emulator/app.ts";
import { connectionFaultOf } from "./emulator/connection.ts";
import { type Flow, flowsByBot } from "./escalation/flow.ts";
import { createAuthenticate } from "./events/authenticate.ts";
import { createDirectory } from "./handoff/directory.ts";
import { createDispatcher } from "./handoff/dispatcher.ts";
import { createDrive } from "./handoff/drive.ts";
import { createReceive } from "./handoff/receive.ts";
import type { Account } from "./handoff/run-step.ts";
import { handoffSettingsSchema } from "./handoff/settings.ts";
import { createApp } from "./http/app.ts";
import { createSqliteRecord } from "./sessions/sqlite-record.ts";

export interface Service {
  url: string;
  /** Secrets that were made up because none were configured: for the emulator, on this machine. */
  development: { botSecrets: ReadonlyMap<string, readonly string[]>; operatorToken: string } | null;
  emulator: Emulator | null;
  /** Takes no more, ends what is in work, and closes the file. */
  stop(): Promise<void>;
}

const PRUNE_EVERY_MS = 60_000;
const KEEP_EVENTS_MS = 35 * 24 * 3_600_000;
const PRUNE_AT_ONCE = 1_000;

/** Characters of a secret that nobody guesses. */
const GOOD_SECRET = 16;

const newSecret = (): string => randomBytes(18).toString("base64url");
const newPlatformId = (): string => randomBytes(16).toString("hex").toUpperCase();

function setTimer(wake: () => void, ms: number): () => void {
  const timer = setTimeout(wake, ms);
  return () => clearTimeout(timer);
}

/** Limits against slow and greedy clients; a proxy in front keeps its connections for a minute. */
function limit(server: ServerType): void {
  if (!("headersTimeout" in server)) return;
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 2_000;
}

/** Answers what is being asked, and then lets go of connections that a client would keep open for more. */
async function closeGently(server: ServerType): Promise<void> {
  const letGo = (): void => {
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  };
  const letting = setInterval(letGo, 20);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(letting);
}

export async function startService(config: Config, flows: readonly Flow[]): Promise<Service> {
  const log = pino({ level: config.logLevel, base: null });
  const now = Date.now;
  const newId = monotonicFactory();
  const byBot = flowsByBot(flows);
  const record = createSqliteRecord(config.databasePath);
  const settings = handoffSettingsSchema.parse({});

  const emulator =
    config.accounts.size === 0 ? createEmulator({ now, newId: newPlatformId, sleep: (ms) => sleep(ms) }) : null;
  const transport = createNodeTransport();
  const accountOf = (baseUrl: string, apiKey: string, fetch: (request: Request) => Promise<Response>): Account => {
    const client = createConversationsClient({ baseUrl, apiKey, fetch, now });
    return { client, directory: createDirectory(client, now) };
  };
  const accounts = new Map(
    [...config.accounts].map(([name, { baseUrl, apiKey }]) => [name, accountOf(baseUrl, apiKey, transport.fetch)]),
  );
  if (emulator !== null) accounts.set("default", accountOf("http://emulator.localhost", "emulator", emulator.fetch));
  for (const flow of flows.filter(({ account }) => !accounts.has(account))) {
    throw new Error(`Flow '${flow.name}' is for account '${flow.account}', which is not configured.`);
  }

  const botSecrets = config.botSecrets ?? new Map([...byBot.keys()].map((bot) => [bot, [newSecret()]]));
  const operatorToken = config.operatorToken ?? newSecret();
  for (const bot of byBot.keys()) {
    const secrets = botSecrets.get(bot) ?? [];
    if (secrets.some((secret) => secret.length < GOOD_SECRET))
      log.warn({ bot }, "this bot has a short secret: it can be guessed");
    if (secrets.length === 0) log.warn({ bot }, "this bot has no secret: its requests get 401");
  }

  const drive = createDrive({ record, accounts, now, random: Math.random, log, settings });
  const dispatcher = createDispatcher({ record, drive, now, setTimer, log });
  const receive = createReceive({ record, flows: byBot, now, newId: () => newId(), start: dispatcher.start });
  let isReady = true;
  const app = createApp({
    record,
    receive,
    dispatcher,
    flows: byBot,
    authenticate: createAuthenticate({ secrets: botSecrets, hmac: config.hmac, now }),
    operatorToken,
    now,
    newId: () => newId(),
    log,
    isReady: () => isReady,
  });

  const woken = await record.commit((tables) => tables.handoffs.endLeases(now(), settings.leaseMs - settings.quietMs));
  if (woken > 0) log.info({ count: woken }, "handoffs of the last run are carried on");
  dispatcher.resume();
  const pruning = setInterval(() => {
    record
      .commit((tables) => {
        tables.events.prune(now() - KEEP_EVENTS_MS, PRUNE_AT_ONCE);
        tables.idempotency.prune(now());
      })
      .catch((err: unknown) => log.error({ err }, "old events could not be pruned"));
  }, PRUNE_EVERY_MS);

  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, () => resolve(started));
    started.once("error", reject);
  });
  limit(server);
  const { port } = server.address() as AddressInfo;
  log.info({ port }, "listening");

  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    development: config.botSecrets === null || config.operatorToken === null ? { botSecrets, operatorToken } : null,
    emulator,
    stop: async () => {
      isReady = false;
      clearInterval(pruning);
      // Together: whoever waits for a handoff that is to be tried again is answered now, as pending.
      await Promise.all([closeGently(server), dispatcher.stop()]);
      await transport.close();
      await record.close();
    },
  };
}

export interface EmulatorServer {
  url: string;
  emulator: Emulator;
  stop(): Promise<void>;
}

/** The emulator alone, on loopback. A fault that breaks the connection breaks the real one. */
export async function startEmulator(port: number): Promise<EmulatorServer> {
  const emulator = createEmulator({
    now: Date.now,
    newId: newPlatformId,
    sleep: (ms) => sleep(ms),
    random: Math.random,
  });
  const fetch = async (request: Request, { incoming }: HttpBindings): Promise<Response> => {
    try {
      return await emulator.fetch(request);
    } catch (error) {
      // A fault, or a client that hung up before its answer.
      if (connectionFaultOf(error) === null && !request.signal.aborted) throw error;
      incoming.socket.destroy();
      return new Response(null);
    }
  };
  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve(
      { fetch: (request, env) => fetch(request, env as HttpBindings), hostname: "127.0.0.1", port },
      () => resolve(started),
    );
    started.once("error", reject);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    emulator,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
