import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { ProfileName } from "./profile.ts";
import type { Schedule } from "./simulate.ts";

/** A schedule without its log and trace, as a worker reports it. */
export type Told = Omit<Schedule, "log" | "trace">;

interface Work {
  /** Folder of `worker.ts` and of the product under test. */
  directory: string;
  profile: ProfileName;
  first: number;
  last: number;
  processes: number;
  /** A worker that is silent for longer hangs. */
  silentMs?: number;
  /** True: that is enough, the others may stop. */
  onSchedule: (told: Told) => boolean;
}

/** Runs the seeds from first to last in several processes. Rejects if one ends early or hangs. */
export async function runSchedules(work: Work): Promise<void> {
  const { directory, profile, first, last, processes, silentMs = 120_000, onSchedule } = work;
  const children: ChildProcess[] = [];
  let isEnough = false;

  const run = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const args = [profile, first + index, last, processes].map(String);
      const child = fork(join(directory, "worker.ts"), args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
      children.push(child);
      let complaint = "";
      child.stderr?.on("data", (chunk) => {
        complaint = `${complaint}${chunk}`.slice(-4_000);
      });
      const hangs = () => {
        child.kill("SIGKILL");
        reject(new Error(`a worker was silent for ${silentMs} ms`));
      };
      let silence = setTimeout(hangs, silentMs);
      child.on("message", (told: Told) => {
        clearTimeout(silence);
        silence = setTimeout(hangs, silentMs);
        if (isEnough) return;
        isEnough = onSchedule(told);
        if (isEnough) for (const one of children) one.kill();
      });
      child.on("exit", (code) => {
        clearTimeout(silence);
        if (code === 0 || isEnough) resolve();
        else reject(new Error(`a worker ended with ${code}: ${complaint}`));
      });
    });

  await Promise.all(Array.from({ length: processes }, (_, index) => run(index)));
}
