import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const RULE = `Imports point to the right only:
cli, worker.ts, in-memory-baton.ts -> node|worker|replay|doctor -> service|node-server -> openapi, mcp, console -> http, emulator -> engine -> alerts -> handoff, callbacks -> escalation, store, infobip -> model -> events -> auth -> metrics, trace, assets, schedule, result, loopback, plain-issue, sha256, log, config.
Folders of one tier do not import each other. The console uses the checks, answers and bodies of http; the emulator shares the schemas of infobip, the assets of pages, events, auth, result, loopback and log, and nothing else.`;

const SRC = resolve(import.meta.dirname, "../src");
const TIERS: Record<string, number> = {
  cli: 5,
  "node.ts": 4,
  replay: 4,
  doctor: 4,
  worker: 4,
  "worker.ts": 4.5,
  "in-memory-baton.ts": 4.5,
  "node-server.ts": 3.5,
  "service.ts": 3.5,
  "engine.ts": 2.5,
  openapi: 3.2,
  mcp: 3.2,
  console: 3.2,
  http: 3,
  emulator: 3,
  alerts: 2.2,
  handoff: 2,
  callbacks: 2,
  escalation: 1,
  store: 1,
  infobip: 1,
  "config.ts": 1,
  config: 0.5,
  model: 0.5,
  events: 0,
  auth: -0.5,
  client: -1,
  metrics: -1,
  trace: -1,
  assets: -1,
  "result.ts": -1,
  "loopback.ts": -1,
  "plain-issue.ts": -1,
  "sha256.ts": -1,
  "log.ts": -1,
  "steady-clock.ts": -1,
  schedule: -1,
};

/** Packages that only one place may import. */
const OWNERS: Record<string, RegExp> = {
  ky: /^infobip\//,
  undici: /^(infobip\/transport\/node-(?:transport|reply)|callbacks\/node-sender)\.ts$/,
  hono: /^(http|emulator|console)\//,
  "@hono/node-server": /^node-server\.ts$/,
  "@hono/zod-validator": /^(http\/query|emulator\/control\/validate)\.ts$/,
  "better-sqlite3": /^store\/sqlite\/(sqlite-store|database-file|file-lock|recorded-chats)\.ts$/,
  pino: /^node\.ts$/,
  "@opentelemetry/api": /^trace\/open-telemetry\.ts$/,
  "prom-client": /^metrics\/exposition\.ts$/,
  ulid: /^(node\.ts|worker\.ts|worker\/|store\/handoff-ids\.ts$)/,
  "cloudflare:workers": /^(worker\.ts|worker\/)/,
  commander: /^cli\//,
  diff: /^replay\//,
  "zod-openapi": /^openapi\//,
  "@modelcontextprotocol/server": /^mcp\//,
  "swagger-ui-dist": /^openapi\/docs-page\.ts$/,
};

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".d.ts"),
);
const importsOf = (file: string): string[] =>
  [...readFileSync(join(SRC, file), "utf8").matchAll(/(?:from |import\()"([^"]+)"/g)].map(([, target = ""]) => target);
const roomOf = (file: string): string => file.split("/")[0] ?? "";

const violations = files.flatMap((file) =>
  importsOf(file).flatMap((target): string[] => {
    const room = roomOf(file);
    if (!target.startsWith(".")) {
      const name = target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : roomOf(target);
      const owner = OWNERS[name];
      const isPure = room !== "escalation" || name === "zod";
      return (owner === undefined || owner.test(file)) && isPure ? [] : [`${file} imports ${target}`];
    }
    const other = relative(SRC, resolve(SRC, file, "..", target));
    if (other.startsWith("../flows/")) return room === "cli" || room === "worker" ? [] : [`${file} imports ${other}`];
    const to = roomOf(other);
    if (room === to) return [];
    const isDev = file === "worker/dev.ts" && other === "worker.ts";
    const isShared = isDev || (file === "config.ts" && other === "infobip/base-url.ts");
    const isPlatforms = /^infobip\/([\w-]+-)?schema\.ts$/.test(other) || (TIERS[to] ?? 99) <= 0;
    const isAllowed = room === "emulator" ? isPlatforms : (TIERS[room] ?? -9) > (TIERS[to] ?? 99);
    return isAllowed || isShared ? [] : [`${file} imports ${other}`];
  }),
);

it("keeps the dependency rule", () => {
  expect(violations, RULE).toEqual([]);
});

it("reads the environment in entries only", () => {
  const reading = files.filter((file) => readFileSync(join(SRC, file), "utf8").includes("process.env"));
  expect(reading.filter((file) => !/^(cli\/|node\.ts)/.test(file))).toEqual([]);
});

/** Collects everything that a file imports, directly or not, packages and built-in modules included. */
function reachedFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    if (!file.endsWith(".ts")) continue;
    for (const target of importsOf(file)) {
      const isOurs = target.startsWith(".");
      waiting.push(isOurs ? relative(SRC, resolve(SRC, file, "..", target)) : target);
    }
  }
  return reached;
}

/** Node modules that a Worker has too. */
const ON_BOTH = new Set(["node:crypto", "node:net", "node:zlib"]);
const isRuntimes = (name: string): boolean =>
  (name.startsWith("node:") && !ON_BOTH.has(name)) || name.startsWith("cloudflare:");

it("knows no runtime in the core", () => {
  const core = /^(auth|alerts|model|escalation|events|handoff|http|callbacks|infobip|schedule|engine\.ts|service\.ts)/;
  const ofNode = /^(infobip\/transport\/node-(?:transport|reply)|callbacks\/node-sender)\.ts$/;
  const knowing = files
    .filter((file) => core.test(file) && !ofNode.test(file))
    .filter((file) => [...reachedFrom(file)].some(isRuntimes));
  expect(knowing).toEqual([]);
});

it("leads from the Worker to nothing that only Node has", () => {
  const reached = [...reachedFrom("worker.ts")];
  const packages = reached.filter(
    (name) => !name.endsWith(".ts") && !name.endsWith(".sql") && !name.startsWith("hono/"),
  );
  expect(reached.filter((name) => name.startsWith("emulator/"))).toEqual([]);
  expect(packages.sort()).toEqual([
    "@hono/zod-validator",
    "@modelcontextprotocol/server",
    "cloudflare:workers",
    "hono",
    "ky",
    "node:crypto",
    "node:net",
    "node:zlib",
    "ulid",
    "zod",
    "zod-openapi",
  ]);
});

/** Finds groups of files that reach each other by their imports, types included: a reader of one needs them all. */
function circles(): string[][] {
  const [index, low] = [new Map<string, number>(), new Map<string, number>()];
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    stack.push(file);
    for (const target of importsOf(file)) {
      const next = relative(SRC, resolve(SRC, file, "..", target));
      if (!target.startsWith(".") || !files.includes(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found.sort();
}

it("has no circle of files", () => {
  expect(circles()).toEqual([]);
});

const MOST_FILES = 15;
it(`has at most ${MOST_FILES} files in a folder`, () => {
  const count = new Map<string, number>();
  for (const file of files) count.set(dirname(file), (count.get(dirname(file)) ?? 0) + 1);
  const tooLarge = [...count].filter(([, number]) => number > MOST_FILES);
  expect(tooLarge).toEqual([]);
});
