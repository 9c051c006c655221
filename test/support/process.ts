/** Starts Baton as its users do: as a process of its own. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterEach } from "vitest";

const ENTRY = resolve(import.meta.dirname, "../../bin/baton.js");
/** Each start reuses code that an earlier one compiled. */
const COMPILED = resolve(import.meta.dirname, "../../node_modules/.cache/compiled");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Runs after the test, however it ends. */
export const atTheEnd = (end: () => void): void => void ends.push(end);

export function baton(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [ENTRY, ...args], {
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
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  return { child, ended, output: () => output };
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("it did not happen");
}
