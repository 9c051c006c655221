/** Runs a command again whenever a file changes, each time in a process of its own: a module is loaded once in a process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { fileURLToPath } from "node:url";
import { faint } from "./print.ts";
import type { StopSignal } from "./stop-signal.ts";

const BATON = fileURLToPath(new URL("../../../bin/baton.js", import.meta.url));
/** Editors write a file in several steps. */
const SETTLED_MS = 100;

/** Resolves once the signal is given. `isWatched` tells whether a change of this file counts. */
export async function rerunOnChange(
  stop: StopSignal,
  folder: string,
  isWatched: (file: string) => boolean,
  command: readonly string[],
): Promise<void> {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    child?.removeAllListeners("exit");
    child?.kill();
    const started = spawn(process.execPath, [BATON, ...command], { stdio: "inherit" });
    started.once("exit", () => console.log(faint("\nWaiting for changes. Ctrl-C ends it.")));
    child = started;
  }

  const watcher = watch(folder, { recursive: true }, (_, file) => {
    if (file === null || !isWatched(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.log(faint(`\n${file} changed`));
      run();
    }, SETTLED_MS);
  });
  run();
  await stop.given;
  watcher.close();
  clearTimeout(timer);
  const last = child as ChildProcess | null;
  if (last === null || last.exitCode !== null || last.signalCode !== null) return;
  last.removeAllListeners("exit");
  last.kill();
  await once(last, "exit");
}
