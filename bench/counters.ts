/** Counts the work of a process, by the best means that the machine has. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newFolder, type Running } from "./process.ts";

export interface Counter {
  /** Name of the method, for people. */
  name: string;
  /** Command that the process has to run under; empty: none. */
  under: readonly string[];
  /** The process is some fifty times slower. */
  isSlow: boolean;
  /** Returns the count for the process while `work` ran; null: not known. */
  count(running: Running, work: () => Promise<unknown>): Promise<number | null>;
}

const runs = (command: string, args: readonly string[]): string | null => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout + stderr : null;
};

/** The processor's own counter, which cloud machines often hide. */
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

/** A simulated processor: slow, and unaffected by other processes. */
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
      // Valgrind has to see code that a just-in-time compiler overwrites.
      "--smc-check=all-non-file",
      `--callgrind-out-file=${out}`,
    ],
    isSlow: true,
    async count(running, work) {
      if (!isOn) control("--instr=on", String(running.pid));
      isOn = true;
      // Dumps earlier counts, so that a new one begins.
      dumped(running);
      await work();
      return dumped(running);
    },
  };
}

/** Measures CPU time. A neighbour's use of the caches affects it, though far less than a clock. */
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

/** Creates the best counter that works here, or the requested one. */
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
