/** Starts Baton as its users do: as a process of its own. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { afterEach } from "vitest";
import { COMPILED } from "./compiled.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Runs after the test, however it ends. */
export const atTheEnd = (end: () => void): void => void ends.push(end);

export function baton(
  args: readonly string[],
  env: Record<string, string> = {},
  { root = PROJECT, cwd = process.cwd() }: { root?: string; cwd?: string } = {},
) {
  const child = spawn(process.execPath, [join(root, "bin/baton.js"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_ENV: "production", NODE_COMPILE_CACHE: COMPILED, ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    output += String(chunk);
  });
  atTheEnd(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  return { child, ended, output: () => output };
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

/** Looks until there is something to see. Only the time of the test ends it: a machine may be busy for long. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((done) => setTimeout(done, 25));
  }
}
