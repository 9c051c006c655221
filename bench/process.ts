/** Starts processes of their own, so that the measured program does not share an event loop with the measuring one. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { flows } from "../flows/index.ts";
import packageJson from "../package.json" with { type: "json" };
import { cpuMsOf } from "./cpu-time.ts";

export const SECRET = "a secret of the benchmark";
const BATON = resolve(import.meta.dirname, "../bin/baton.js");
/** Options of Node that `npm start` gives. */
const NODE_OPTIONS = packageJson.scripts.start.split(" ").filter((word) => word.startsWith("--"));

export interface Running {
  url: string;
  pid: number;
  /** Milliseconds from its start to its first answer. */
  startedInMs: number;
  /** CPU used so far, in milliseconds; null: not known. */
  cpuMs(): number | null;
  stop(): Promise<void>;
  /** Kills it as a crash would: data in memory is lost. */
  kill(): Promise<void>;
}

// Nothing is left behind, whatever happens here.
const children = new Set<ChildProcess>();
const folders = new Set<string>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders) removeFolder(folder);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function untilReady(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it ended with ${child.exitCode}: ${said()}`);
    const isReady = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((done) => setTimeout(done, 2));
  }
}

/** Starts a Node process that serves at PORT. `ready`: a path that answers 2xx once it does; `under`: a program that runs it. */
async function startProcess(
  args: readonly string[] | ((port: number) => readonly string[]),
  env: Record<string, string>,
  ready: string,
  under: readonly string[] = [],
): Promise<Running> {
  const port = await freePort();
  const startedAt = performance.now();
  const [program = process.execPath, ...first] = [...under, process.execPath];
  const child = spawn(program, [...first, ...(typeof args === "function" ? args(port) : args)], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.add(child);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  const url = `http://127.0.0.1:${port}`;
  const end = (signal: "SIGTERM" | "SIGKILL"): Promise<void> =>
    new Promise((done) => {
      children.delete(child);
      if (child.exitCode !== null || child.signalCode !== null) return done();
      child.once("exit", () => done());
      child.kill(signal);
    });
  await untilReady(`${url}${ready}`, child, () => said);
  const startedInMs = performance.now() - startedAt;
  return {
    url,
    startedInMs,
    pid: child.pid ?? 0,
    cpuMs: () => cpuMsOf(child.pid),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Starts a process with a folder of its own for its file. The folder is removed with the process. */
async function startWithFile(
  args: readonly string[],
  env: Record<string, string>,
  ready: string,
  under: readonly string[],
): Promise<Running> {
  const folder = newFolder();
  const running = await startProcess(args, { DATABASE_PATH: join(folder, "baton.db"), ...env }, ready, under);
  return {
    ...running,
    stop: async () => {
      await running.stop();
      removeFolder(folder);
    },
  };
}

/** Starts the real service, on a new file unless DATABASE_PATH names one, with the platform at `platformUrl`. */
export const startBaton = (
  platformUrl: string,
  env: Record<string, string> = {},
  under: readonly string[] = [],
): Promise<Running> =>
  startWithFile(
    [...NODE_OPTIONS, BATON, "serve"],
    {
      INFOBIP_BASE_URL: platformUrl,
      INFOBIP_API_KEY: "k",
      BOT_SECRETS: JSON.stringify(Object.fromEntries(flows.flatMap(({ bots }) => bots.map((bot) => [bot, [SECRET]])))),
      OPERATOR_TOKEN: SECRET,
      LOG_LEVEL: "error",
      BOT_EVENTS_PER_SECOND: "1000000",
      ...env,
    },
    "/livez",
    under,
  );

/** Starts a program of this folder to compare with Baton, on a file of its own. */
export const startByHand = (
  program: string,
  env: Record<string, string> = {},
  under: readonly string[] = [],
): Promise<Running> => startWithFile([resolve(import.meta.dirname, program)], env, "/", under);

/** The platform's stand-in, see stand-in.ts. */
export const startStandIn = (env: Record<string, string> = {}): Promise<Running> =>
  startProcess([resolve(import.meta.dirname, "stand-in.ts")], env, "/");

/** Starts the emulator that ships with Baton. */
export const startEmulatorAlone = (): Promise<Running> =>
  startProcess((port) => [BATON, "emulate", "--port", String(port)], {}, "/emulator/settings");

/** Starts a server of one line: the cost of Node itself. */
export const startBareNode = (): Promise<Running> =>
  startProcess(
    ["-e", 'require("node:http").createServer((_, answer) => answer.end()).listen(process.env.PORT)'],
    {},
    "/",
  );
