/** The Worker as `npm run dev:worker` serves it: a real process, with a port and a state of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort, until } from "../support/process.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
export const WRANGLER = resolve(ROOT, "node_modules/wrangler/bin/wrangler.js");
const SECRET = "development-secret";
export const OPERATOR = { authorization: "Bearer development-operator" };

/** No questions, no telemetry, and nothing looked up on the internet. */
export const QUIET = { CI: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_COLOR: "1" };

export interface Dev {
  url: string;
  /** Its output so far. */
  output: () => string;
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** Sends a bot's request. */
  bot: (path: string, body?: unknown, headers?: Record<string, string>, bot?: string) => Promise<Response>;
  /** Returns the answer as JSON; the caller knows its shape. */
  json: <T>(path: string, init?: RequestInit) => Promise<T>;
  /** Stops it, and deletes its state. */
  stop: () => Promise<void>;
  /** Kills it by kill -9, with all its processes; the state stays for the next one. */
  kill: () => Promise<void>;
}

/** Creates a folder for the state, which several may use in turn. */
export const newState = (): string => mkdtempSync(join(tmpdir(), "baton-worker-"));

export async function startDev(state = newState()): Promise<Dev> {
  const port = await freePort();
  const place = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort())];
  const child = spawn(
    process.execPath,
    [WRANGLER, "dev", "--env", "dev", ...place, "--persist-to", state, "--log-level", "warn"],
    // A process group of its own ends as one.
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: state, ...QUIET },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const url = `http://127.0.0.1:${port}`;
  const request = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(patience);
    rmSync(state, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`wrangler ended: ${output}`);
      const answer = await request("/readyz").catch(() => undefined);
      return answer?.ok ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw new Error(`wrangler dev does not serve: ${output}`, { cause: error });
  }
  return {
    url,
    output: () => output,
    fetch: request,
    bot: (path, body, headers = {}, bot = "shop-assistant") =>
      request(`/v1/bots/${bot}${path}`, {
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      }),
    kill: async () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
    json: async <T>(path: string, init?: RequestInit) => (await request(path, init)).json() as Promise<T>,
    stop,
  };
}
