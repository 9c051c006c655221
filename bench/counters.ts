/** Counts what a process does, by the best means that the machine has. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newFolder, type Running } from "./process.ts";

export interface Counter {
  /** How it counts, for people. */
  name: string;
  /** What the process has to be started under; nothing: as always. */
  under: readonly string[];
  /** It makes the process some fifty times slower. */
  isSlow: boolean;
  /** What the process did while `work` was done; null: it cannot tell. */
  count(running: Running, work: () => Promise<unknown>): Promise<number | null>;
}

const runs = (command: string, args: readonly string[]): string | null => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout + stderr : null;
};

/** The processor's own counter, which machines of the cloud often hide. */
const PERF = ["stat", "-x", ",", "-e", "instructions:u"];
const instructionsOf = (told: string): number | null => {
  const [, count] = /^(\d+),.*instructions/m.exec(told) ?? [];
  return count === undefined ? null : Number(count);
};
const perf: Counter = {
  name: "instructions in user space, by the processor's counter (perf stat)",
  under: [],
  isSlow: false,
  async count(running, work) {
    const child = spawn("perf", [...PERF, "-p", String(running.pid)], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr.on("data", (chunk) => {
      told += String(chunk);
    });
    await new Promise((done) => setTimeout(done, 300));
    await work();
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGINT");
    await ended;
    return instructionsOf(told);
  },
};

/** A simulated processor: slow, and moved by nothing that else goes on. */
function valgrind(): Counter {
  const out = join(newFolder(), "counted");
  const control = (...args: string[]) => execFileSync("callgrind_control", args, { stdio: "ignore" });
  let dumps = 0;
  let isOn = false;
  const dumped = (running: Running): number | null => {
    dumps += 1;
    control("--dump", String(running.pid));
    const [, count] = /^(?:totals|summary): (\d+)/m.exec(readFileSync(`${out}.${dumps}`, "utf8")) ?? [];
    rmSync(`${out}.${dumps}`);
    return count === undefined ? null : Number(count);
  };
  return {
    name: "instructions in user space, on a simulated processor (valgrind)",
    under: [
      "valgrind",
      "--quiet",
      "--tool=callgrind",
      "--instr-atstart=no",
      // What a just-in-time compiler writes over has to be seen.
      "--smc-check=all-non-file",
      `--callgrind-out-file=${out}`,
    ],
    isSlow: true,
    async count(running, work) {
      if (!isOn) control("--instr=on", String(running.pid));
      isOn = true;
      // What was counted before begins a count of its own.
      dumped(running);
      await work();
      return dumped(running);
    },
  };
}

/** Instructions cost what they cost; this is moved by a neighbour's use of the caches, and still far less than a clock is. */
const cpuTime: Counter = {
  name: "µs of CPU time (/proc)",
  under: [],
  isSlow: false,
  async count(running, work) {
    const before = running.cpuMs();
    await work();
    const after = running.cpuMs();
    return before === null || after === null ? null : (after - before) * 1_000;
  },
};

const canCount = (): boolean => instructionsOf(runs("perf", [...PERF, "true"]) ?? "") !== null;
const canSimulate = (): boolean =>
  runs("valgrind", ["--version"]) !== null && runs("callgrind_control", ["--version"]) !== null;

/** The best that works here, or the one that is asked for. */
export function createCounter(asked?: "perf" | "valgrind" | "cpu"): Counter {
  switch (asked) {
    case "perf":
      return perf;
    case "valgrind":
      return valgrind();
    case "cpu":
      return cpuTime;
    case undefined:
      return canCount() ? perf : canSimulate() ? valgrind() : cpuTime;
  }
}
