/** The Node entry: builds the service of a configuration and serves it. */
import { randomBytes, randomFillSync } from "node:crypto";
import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { monotonicFactory } from "ulid";
import { createAuthenticate } from "./auth/authenticate.ts";
import { createNodeSender } from "./callbacks/node-sender.ts";
import { createUrlPolicy } from "./callbacks/url-policy.ts";
import { weaknessOf } from "./config/weak-secrets.ts";
import type { Config } from "./config.ts";
import { createEmulator, type Emulator, type EmulatorDeps } from "./emulator/app.ts";
import { deliverHere, serveHere } from "./emulator/control/own-machine.ts";
import { connectionFaultOf } from "./emulator/faults/connection.ts";
import type { Flow } from "./escalation/flow.ts";
import type { Connection } from "./handoff/account/open-account.ts";
import { addressOf, nameOfPeer } from "./http/access/peer.ts";
import { createNodeTransport, type NodeTransport } from "./infobip/transport/node-transport.ts";
import { isLoopback } from "./loopback.ts";
import { createMeter } from "./metrics/meter.ts";
import { type Connection as HttpConnection, listen } from "./node-server.ts";
import { createRepetition } from "./schedule/repetition.ts";
import { createService } from "./service.ts";
import { noteFlowVersions } from "./store/flow-versions.ts";
import { createHandoffIds } from "./store/handoff-ids.ts";
import { createSecretUses } from "./store/secret-uses.ts";
import { createSqliteRecord } from "./store/sqlite/sqlite-store.ts";
import { isSdkRegistered } from "./trace/spans.ts";

export interface NodeService {
  url: string;
  /** Secrets generated because none were configured: for the emulator, on this machine. */
  development: { botSecrets: ReadonlyMap<string, readonly string[]>; operatorToken: string } | null;
  emulator: Emulator | null;
  /** Accepts no more requests, ends work in progress, and closes the file. */
  stop(): Promise<void>;
}

const NOTE_USES_EVERY_MS = 60_000;

const newSecret = (): string => randomBytes(18).toString("base64url");
const newPlatformId = (): string => randomBytes(16).toString("hex").toUpperCase();

/** Returns 0 to 1, for ids: asking the system for every character costs more than the rest of an id. */
function createRandom(): () => number {
  const drawn = new Uint32Array(1_024);
  let next = drawn.length;
  return () => {
    if (next === drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    next += 1;
    return (drawn[next - 1] ?? 0) / 2 ** 32;
  };
}

function setTimer(wake: () => void, ms: number): () => void {
  const timer = setTimeout(wake, ms);
  return () => clearTimeout(timer);
}

/** Longest wait of the emulator for the answer to a push. */
const PUSH_TIMEOUT_MS = 10_000;

/** Ports of an emulator on Node. Its timers keep no process alive. */
const emulatorDeps = (transport: NodeTransport, isAllowed: (url: URL) => boolean): EmulatorDeps => ({
  now: Date.now,
  newId: newPlatformId,
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
  random: Math.random,
  deliver: deliverHere(
    (request) => transport.fetch(new Request(request, { signal: AbortSignal.timeout(PUSH_TIMEOUT_MS) })),
    isAllowed,
  ),
});

/** Space of the disk that has the file; null: it cannot be told. */
function readSpace(path: string): { freeBytes: number; totalBytes: number } | null {
  try {
    const { bavail, blocks, bsize } = statfsSync(dirname(resolve(path)));
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

const CLOSE_SILENT_EVERY_MS = 1_000;

function startEmulating(transport: NodeTransport, isAllowed: (url: URL) => boolean): Emulator {
  const emulator = createEmulator(emulatorDeps(transport, isAllowed));
  setInterval(emulator.closeSilent, CLOSE_SILENT_EVERY_MS).unref();
  return emulator;
}

/** True for paths of the emulator: its own, and the platform's. */
const isEmulators = (url: string): boolean => /^\/(ccaas|subscriptions|emulator)(\/|$)/.test(new URL(url).pathname);

export async function startService(config: Config, flows: readonly Flow[]): Promise<NodeService> {
  const log = pino({ level: config.logLevel, base: null });
  const now = Date.now;
  const steadyNow = (): number => performance.now();
  const newId = monotonicFactory(createRandom());
  const bots = flows.flatMap((flow) => flow.bots);

  const transport = createNodeTransport();
  /** URL of this service, once it listens. */
  const own = { origin: "" };
  const pushTargets = createUrlPolicy(config.emulatorAllowedHosts);
  const mayPush = (it: URL): boolean => it.origin === own.origin || pushTargets.isAllowed(it);
  const emulator = config.accounts.size === 0 ? startEmulating(transport, mayPush) : null;
  const network = { fetch: transport.fetch, transport: transport.exchange };
  const accounts = new Map<string, Connection>(
    [...config.accounts].map(([name, { baseUrl, apiKey, pollEveryMs, webhookSecrets }]) => [
      name,
      {
        baseUrl,
        apiKey,
        ...network,
        expectsPushes: webhookSecrets.length > 0,
        ...(pollEveryMs !== null && { pollEveryMs }),
      },
    ]),
  );
  if (emulator !== null) {
    accounts.set("default", { baseUrl: "http://emulator.localhost", apiKey: "emulator", fetch: emulator.fetch });
  }

  const botSecrets = config.botSecrets ?? new Map(bots.map((bot) => [bot, [newSecret()]]));
  const operators =
    config.operators.length > 0 ? config.operators : [{ name: "operator", token: newSecret(), mayAct: true }];
  /** Secret with which the embedded emulator signs its pushes. */
  const webhookSecret = newSecret();
  const webhookSecrets = new Map(
    emulator === null
      ? [...config.accounts].map(([name, account]) => [name, account.webhookSecrets])
      : [["default", [webhookSecret]]],
  );
  for (const [account, secrets] of webhookSecrets) {
    if (secrets.length === 0) {
      log.warn({ account }, "this account has no webhook secret: its pushes get 401, and it is polled instead");
    }
  }
  for (const bot of bots) {
    const secrets = botSecrets.get(bot) ?? [];
    if (secrets.some((secret) => weaknessOf(secret) !== null))
      log.warn({ bot }, "this bot has a weak secret: it can be guessed");
    if (secrets.length === 0) log.warn({ bot }, "this bot has no secret: its requests get 401");
  }

  const sender = createNodeSender({ allowedHosts: config.callbackAllowedHosts });
  for (const { name, callbacks } of flows) {
    const reason = callbacks === undefined ? null : sender.refusalOf(callbacks.url);
    if (reason !== null)
      log.warn(
        { flow: name, reason },
        "callbacks of this flow are not sent, unless CALLBACK_ALLOWED_HOSTS has its host",
      );
  }

  const alerts = {
    webhook: config.alertWebhook && {
      ...config.alertWebhook,
      // The operator names it: it may be inside their network.
      send: createNodeSender({ allowedHosts: [new URL(config.alertWebhook.url).hostname] }).send,
    },
    publicUrl: config.publicUrl,
    readSpace: config.databasePath === ":memory:" ? () => null : () => readSpace(config.databasePath),
  };
  const hasDesk = emulator !== null && isLoopback(config.host);
  const meter = createMeter();
  const record = createSqliteRecord(config.databasePath, {
    onBatch: (pieces, ms) => {
      meter.count("commits", {}, pieces);
      meter.observe("commitSeconds", {}, ms / 1_000);
    },
  });
  const secretUses = createSecretUses({ record, secrets: botSecrets, now, newSalt: newSecret });
  const service = createService({
    record,
    flows,
    deskAddress: (_, id) => (hasDesk ? `/emulator/desk?${new URLSearchParams({ conversation: id })}` : null),
    meter,
    spans: isSdkRegistered() ? (await import("./trace/open-telemetry.ts")).createSpans() : undefined,
    openExposition: async (deps) => (await import("./metrics/exposition.ts")).createExposition(deps),
    fileSizes: record.sizes,
    readPageFile: async (name) => (await import("./openapi/docs-page.ts")).readDocsFile(name),
    accounts,
    authenticate: createAuthenticate({ secrets: botSecrets, hmac: config.hmac, now, onUse: secretUses.used }),
    authenticatePlatform: createAuthenticate({ secrets: webhookSecrets, hmac: config.hmac, now }),
    operators,
    now,
    steadyNow,
    newId,
    newHandoffId: createHandoffIds({
      now,
      random: createRandom(),
      newest: () => record.read((t) => t.handoffs.newestId()),
    }),
    random: Math.random,
    setTimer,
    log,
    retentionMs: config.retentionMs,
    callbacks: { send: sender.send, botSecrets },
    alerts,
    ...(config.botEventsPerSecond !== null && { botEventsPerSecond: config.botEventsPerSecond }),
    ...(config.maxPendingHandoffs !== null && { settings: { maxPending: config.maxPendingHandoffs } }),
  });
  const noteUses = () =>
    secretUses.flush().catch((err: unknown) => log.error({ err }, "which secrets are in use could not be noted"));
  service.schedule(
    createRepetition({
      ...{ name: "note-secret-uses", run: noteUses, waitMs: () => NOTE_USES_EVERY_MS },
      ...{ now, steady: steadyNow },
    }),
  );
  await noteFlowVersions(record, flows, now()).catch((err: unknown) =>
    log.error({ err }, "the versions of the flows are not noted"),
  );
  await service.resume();

  // People on this machine may open the emulator's desk; nobody else may.
  const desk = hasDesk ? serveHere(emulator.fetch) : null;
  const key = randomBytes(32);
  const fetch = (request: Request, { address, proceed }: HttpConnection): Response | Promise<Response> => {
    if (desk !== null && isEmulators(request.url)) {
      proceed();
      return desk(request);
    }
    const peer = () =>
      nameOfPeer(key, addressOf(address, request.headers.get("x-forwarded-for"), config.trustedProxies));
    return service.fetch(request, { peer, proceed });
  };
  async function close(): Promise<void> {
    emulator?.pushes.stop();
    await service.stop();
    await transport.close();
    await noteUses();
    await record.close();
  }
  const server = await listen({ fetch, host: config.host, port: config.port, log }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { port } = server;
  log.info({ port }, "listening");
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  own.origin = new URL(url).origin;
  emulator?.pushes.subscribe({ id: "baton-default", url: `${url}/v1/infobip/default/events`, secret: webhookSecret });

  return {
    url,
    development:
      config.botSecrets === null || config.operators.length === 0
        ? { botSecrets, operatorToken: operators[0]?.token ?? "" }
        : null,
    emulator,
    stop: async () => {
      // Both at once: callers that wait for a handoff with a retry to come get `pending` now.
      await Promise.all([server.close(), service.stop()]);
      await close();
    },
  };
}

export interface EmulatorServer {
  url: string;
  emulator: Emulator;
  stop(): Promise<void>;
}

/** Starts the emulator alone, on loopback. A fault that breaks the connection breaks the real one. */
export async function startEmulator(port: number, allowedHosts: readonly string[] = []): Promise<EmulatorServer> {
  const transport = createNodeTransport();
  const emulator = startEmulating(transport, createUrlPolicy(allowedHosts).isAllowed);
  const serve = serveHere(emulator.fetch);
  const fetch = async (request: Request, { hangUp, proceed }: HttpConnection): Promise<Response> => {
    try {
      proceed();
      return await serve(request);
    } catch (error) {
      // A fault, or a client that hung up before its answer.
      if (connectionFaultOf(error) === null && !request.signal.aborted) throw error;
      hangUp();
      return new Response(null);
    }
  };
  const server = await listen({ fetch, host: "127.0.0.1", port });
  return {
    url: `http://127.0.0.1:${server.port}`,
    emulator,
    stop: async () => {
      emulator.pushes.stop();
      await server.close();
      await transport.close();
    },
  };
}
