/** Resources of the service: memory, time to start, disk. */
import { spawn } from "node:child_process";
import { cpSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { telling } from "./bot-requests.ts";
import { atOnce } from "./load.ts";
import type { Options } from "./options.ts";
import { newFolder, type Running, removeFolder, startBareNode, startBaton, startStandIn } from "./process.ts";
import { median, megabytes, ms } from "./statistics.ts";

const EVENTS = 100_000;
const STARTS = 7;
const LOOKS = 5;
const PROJECT = resolve(import.meta.dirname, "..");
const LOAD_ALL = pathToFileURL(resolve(import.meta.dirname, "load-all.ts")).href;

/** Memory of a process in the machine's RAM; null: the system does not tell (anything but Linux). */
function residentBytes({ pid }: Running): number | null {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}

async function memory(events: number): Promise<void> {
  const platform = await startStandIn();
  const baton = await startBaton(platform.url);
  const dispatcher = new Agent({ connections: 64 });
  const tell = telling(baton.url, dispatcher);
  const resident = (): string => {
    const bytes = residentBytes(baton);
    return bytes === null ? "-" : megabytes(bytes);
  };
  try {
    await new Promise((done) => setTimeout(done, 2_000));
    const rows = [["idle", resident()]];
    for (let look = 1; look <= LOOKS; look += 1) {
      await atOnce(64, Math.ceil(events / LOOKS), () => tell());
      rows.push([`${Math.round((events * look) / LOOKS).toLocaleString("en")} events`, resident()]);
    }
    await new Promise((done) => setTimeout(done, 5_000));
    rows.push(["5 s later", resident()]);
    console.log("\nMemory of the served process (resident), 64 events at once.");
    printTable(["after", "memory"], rows);
  } finally {
    await dispatcher.destroy();
    await baton.stop();
    await platform.stop();
  }
}

async function start(): Promise<void> {
  const platform = await startStandIn();
  const starts: { name: string; start: () => Promise<Running>; times: number[] }[] = [
    { name: "Baton", start: () => startBaton(platform.url), times: [] },
    { name: "all loaded", start: () => startBaton(platform.url, { NODE_OPTIONS: `--import ${LOAD_ALL}` }), times: [] },
    { name: "bare Node", start: startBareNode, times: [] },
  ];
  for (let round = -1; round < STARTS; round += 1) {
    for (const one of starts) {
      const running = await one.start();
      if (round >= 0) one.times.push(running.startedInMs);
      await running.stop();
    }
  }
  await platform.stop();
  const [own = 0, all = 0, bare = 0] = starts.map(({ times }) => median(times));
  console.log(
    `\nFrom the start of the process to its first answer: medians of ${STARTS} starts in turns, on a new file.`,
  );
  printTable(
    ["Baton", "bare Node", "beside it", "more, if it loaded MCP, OpenAPI, console and metrics at once"],
    [[ms(own), ms(bare), ms(own - bare), ms(all - own)]],
  );
}

/** Bytes of all files below a folder. */
function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Null: npm did not install. */
async function install(): Promise<void> {
  const folder = newFolder();
  for (const name of ["package.json", "package-lock.json", "bin", "src", "flows"]) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  }
  const own = bytesBelow(folder);
  const child = spawn("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: folder,
    stdio: "ignore",
  });
  const code = await new Promise<number | null>((done) => child.once("exit", done).once("error", () => done(null)));
  console.log("\nSize of the production install: `npm ci --omit=dev` in a new folder, the sum of its files.");
  if (code !== 0) console.log("Not measured: npm could not install; it needs its registry or its cache.");
  else {
    const modules = join(folder, "node_modules");
    const packages = readdirSync(modules, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => ({ name, bytes: bytesBelow(join(modules, name)) }))
      .toSorted((a, b) => b.bytes - a.bytes);
    printTable(
      ["Baton itself", "its dependencies", "the largest of them"],
      [
        [
          megabytes(own),
          megabytes(bytesBelow(modules)),
          packages
            .slice(0, 3)
            .map(({ name, bytes }) => `${name} ${megabytes(bytes)}`)
            .join(", "),
        ],
      ],
    );
  }
  removeFolder(folder);
}

export async function footprint({ events = EVENTS }: Options): Promise<void> {
  await start();
  await memory(events);
  await install();
}
