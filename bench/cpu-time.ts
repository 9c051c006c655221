/** CPU time of another process with all its threads. A busy neighbour affects it far less than the time on a clock. */
import { readdirSync, readFileSync } from "node:fs";

/** Returns milliseconds; null: the system does not tell (anything but Linux). */
export function cpuMsOf(pid: number | undefined): number | null {
  try {
    const tasks = `/proc/${pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
    );
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1_000_000;
  } catch {
    return null;
  }
}
