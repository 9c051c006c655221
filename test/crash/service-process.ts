/** A service process that a test starts, may kill, and starts again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { HandoffSettings } from "../../src/handoff/settings.ts";
import { COMPILED } from "../support/compiled.ts";
import type { Fuse } from "./kill-points.ts";

export const BOT = "shop-assistant";
export const SECRET = "a secret of the crash test";
export const OPERATOR_TOKEN = "operator-token-of-a-test";

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  url: string;
  startedAt: number;
  /** Resolves once the fuse is set. Only the test's own entry has one. */
  arm(fuse: Fuse): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
  /** The end of its output. */
  output(): string;
  /** Failures of its own in its log. */
  errors(): string[];
}

export interface ServiceProcessOptions {
  databasePath: string;
  platformUrl: string;
  /** Null: the product's own entry with its own waits. */
  settings: Partial<HandoffSettings> | null;
}

const ENTRY = resolve(import.meta.dirname, "service.ts");
const BINARY = resolve(import.meta.dirname, "../../bin/baton.js");
const KEPT_OUTPUT = 20_000;
/** Pino's levels from `error` on, or Node's output when it dies of an exception. */
const ERROR_LINE = /"level":[56]0|^\w*Error\b/;
/** No agent takes anybody here: on a slow machine a customer waits for longer than the alert allows. */
const IS_LATE = /"alert":"handoff-late"/;
const START_WITHIN_MS = 90_000;

const running = new Set<ChildProcess>();
/** Kills all processes that a failed battery left behind. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

function spawnVictim({ databasePath, platformUrl, settings }: ServiceProcessOptions): ChildProcess {
  const { PATH } = process.env;
  if (settings === null) {
    const env = {
      PATH,
      NODE_ENV: "production",
      NODE_COMPILE_CACHE: COMPILED,
      PORT: "0",
      DATABASE_PATH: databasePath,
      INFOBIP_BASE_URL: platformUrl,
      INFOBIP_API_KEY: "k",
      BOT_SECRETS: JSON.stringify({ [BOT]: [SECRET] }),
      OPERATOR_TOKEN,
      LOG_LEVEL: "error",
    };
    return spawn(process.execPath, [BINARY, "serve"], { env });
  }
  const given = { databasePath, platformUrl, secret: SECRET, operatorToken: OPERATOR_TOKEN, settings };
  const env = { PATH, NODE_COMPILE_CACHE: COMPILED, CRASH: JSON.stringify(given) };
  return spawn(process.execPath, [ENTRY], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
}

/** Resolves once the process listens; rejects with its output if it ends before. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const startedAt = Date.now();
  const child = spawnVictim(options);
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output = (output + String(chunk)).slice(-KEPT_OUTPUT);
    });
  }
  const ended = new Promise<Ended>((done) => {
    child.once("exit", (code, signal) => {
      running.delete(child);
      done({ code, signal });
    });
  });
  const listening = options.settings === null ? announced(child, () => output) : told(child);
  const timeout = AbortSignal.timeout(START_WITHIN_MS);
  const url = await Promise.race([listening, ended.then(() => null), once(timeout, "abort").then(() => null)]);
  if (url === null) {
    child.kill("SIGKILL");
    throw new Error(`the service did not start:\n${output}`);
  }
  return {
    url,
    startedAt,
    arm: async (fuse) => {
      const armed = once(child, "message");
      child.send(fuse);
      await Promise.race([armed, ended]);
    },
    kill: (signal) => void child.kill(signal),
    ended,
    output: () => output,
    errors: () => output.split("\n").filter((line) => ERROR_LINE.test(line) && !IS_LATE.test(line)),
  };
}

/** Kills a process `afterMs` after its start, whether it listens by then or not. */
export async function startAndKill(options: ServiceProcessOptions, afterMs: number): Promise<void> {
  const child = spawnVictim(options);
  running.add(child);
  const ended = once(child, "exit");
  await sleep(afterMs);
  child.kill("SIGKILL");
  await ended;
  running.delete(child);
}

/** Reads the URL that the test's own entry sends over IPC. */
async function told(child: ChildProcess): Promise<string> {
  const [message] = await once(child, "message");
  return `http://127.0.0.1:${z.object({ port: z.number() }).parse(message).port}`;
}

/** Reads the URL that the product's own entry prints. */
async function announced(child: ChildProcess, output: () => string): Promise<string> {
  for (;;) {
    const url = /Baton is at (\S+)/.exec(output())?.[1];
    if (url !== undefined) return url;
    await once(child.stderr ?? child, "data");
  }
}
