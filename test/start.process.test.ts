import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { baton, freePort, until } from "./support/process.ts";

const COMPILED = resolve(import.meta.dirname, "../node_modules/.cache/baton");
const SRC = pathToFileURL(resolve(import.meta.dirname, "../src")).href;
const NOTE_LOADED = pathToFileURL(resolve(import.meta.dirname, "support/note-loaded.js")).href;
const OPERATOR = { authorization: "Bearer development" };
const BOT = { authorization: "Bearer secret", "content-type": "application/json" };

/** Packages, and rooms of the source, that few processes need. */
const LATER = [
  ...["@modelcontextprotocol/server", "zod-openapi", "prom-client", "swagger-ui-dist", "@opentelemetry/api", "diff"],
  ...["mcp", "openapi", "console", "doctor", "worker"],
];

it("loads what few requests need when the first of them comes", async () => {
  const port = String(await freePort());
  const list = join(mkdtempSync(join(tmpdir(), "baton-start-")), "loaded");
  const { output } = baton(["serve"], {
    PORT: port,
    DATABASE_PATH: ":memory:",
    OPERATOR_TOKEN: "development",
    BOT_SECRETS: JSON.stringify({ "shop-assistant": ["secret"] }),
    NODE_OPTIONS: `--import ${NOTE_LOADED}`,
    LOADED: list,
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/livez`).catch(() => undefined)) ?? undefined);

  /** Packages, and rooms of the source, that the process has loaded. */
  const loaded = (): Set<string> =>
    new Set(
      readFileSync(list, "utf8")
        .split("\n")
        .flatMap((file) => {
          const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
          const [, room] = file.startsWith(SRC) ? (/^\/([\w-]+)\//.exec(file.slice(SRC.length)) ?? []) : [];
          return [name, room].filter((it) => it !== undefined);
        }),
    );
  const later = (): string[] => LATER.filter((it) => loaded().has(it));
  expect(loaded().has("hono"), output()).toBe(true);
  expect(later()).toEqual([]);

  const event = { type: "customer.message", session: "chat-1", text: "a human, please" };
  const sent = { method: "POST", headers: BOT, body: JSON.stringify(event) };
  expect((await fetch(`${url}/v1/bots/shop-assistant/events`, sent)).status).toBe(200);
  expect((await fetch(`${url}/v1/handoffs`, { headers: OPERATOR })).status).toBe(200);
  expect(later()).toEqual([]);

  expect((await fetch(`${url}/metrics`, { headers: OPERATOR })).status).toBe(200);
  expect(later()).toEqual(expect.arrayContaining(["prom-client"]));
  expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
  expect(later()).toEqual(expect.arrayContaining(["zod-openapi", "openapi"]));
  const hello = { ...sent, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) };
  await fetch(`${url}/v1/bots/shop-assistant/mcp`, hello);
  expect(later()).toEqual(expect.arrayContaining(["@modelcontextprotocol/server", "mcp"]));
  expect((await fetch(`${url}/console`)).status).toBe(401);
  expect(later()).toEqual(expect.arrayContaining(["console"]));
});

it("keeps what it compiled for the next start", async () => {
  rmSync(COMPILED, { recursive: true, force: true });
  const { ended, output } = baton(["handoffs", "--help"], { NODE_COMPILE_CACHE: "" });
  expect(await ended, output()).toBe(0);
  expect(statSync(COMPILED).isDirectory()).toBe(true);
});
