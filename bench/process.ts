/** Processes of their own, so that what is measured does not share its event loop with who measures. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { flows } from "../flows/index.ts";

export const SECRET = "a secret of the benchmark";
const BATON = resolve(import.meta.dirname, "../bin/baton.js");

export interface Running {
  url: string;
  stop(): Promise<void>;
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
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said()}`);
    const isReady = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** A Node process that serves at PORT. `ready` is a path that answers 2xx once it does. */
export async function startProcess(
  args: readonly string[],
  env: Record<string, string>,
  ready: string,
): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  // Whatever happens here, nothing is left behind.
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}${ready}`, child, () => said);
  return {
    url,
    stop: () =>
      new Promise((done) => {
        child.once("exit", () => done());
        child.kill("SIGTERM");
      }),
  };
}

/** The real service on a new file, with the platform at `platformUrl`. */
export async function startBaton(platformUrl: string, env: Record<string, string> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  const running = await startProcess(
    [BATON, "serve"],
    {
      DATABASE_PATH: join(folder, "baton.db"),
      INFOBIP_BASE_URL: platformUrl,
      INFOBIP_API_KEY: "k",
      BOT_SECRETS: JSON.stringify(Object.fromEntries(flows.flatMap(({ bots }) => bots.map((bot) => [bot, [SECRET]])))),
      OPERATOR_TOKEN: SECRET,
      LOG_LEVEL: "error",
      BOT_EVENTS_PER_SECOND: "1000000",
      ...env,
    },
    "/livez",
  );
  return {
    ...running,
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
