/** Files and folders that only their owner may read. On a system without such modes they are as that system makes them. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

/**
 * Creates a folder where it is not there, with the folders above it. One by one from the nearest that is there: asked for
 * all of them at once, Node never comes back from a place that takes none, such as /proc.
 */
export function createPrivateFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; statSync(folder, { throwIfNoEntry: false }) === undefined; folder = dirname(folder)) {
    missing.push(folder);
  }
  for (const folder of missing.reverse()) mkdirSync(folder, { mode: FOLDER_MODE });
}

/** Creates a file where it is not there. Throws where it is, if `isNew`. */
export function createPrivateFile(path: string, { isNew = false } = {}): void {
  closeSync(openSync(path, isNew ? "ax" : "a", FILE_MODE));
}

/** Who but the owner may read, write or search; null: nobody, or the path is not there, or modes mean nothing here. */
export function modeForOthers(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || process.platform === "win32") return null;
  return (stats.mode & OTHERS) === 0 ? null : (stats.mode & 0o777).toString(8).padStart(4, "0");
}

/** Takes a file away from everybody but its owner. Whose file it is not, may not: `doctor` tells of that. */
export function makePrivate(path: string): void {
  if (modeForOthers(path) === null) return;
  try {
    chmodSync(path, FILE_MODE);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  }
}
