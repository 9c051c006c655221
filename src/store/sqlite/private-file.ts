/** Creates files and folders that only their owner may read. On a system without such modes the system decides. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

/**
 * Creates a folder and the folders above it where they are missing. Creates them one by one from the nearest that exists: asked
 * for all at once, Node never returns from a place that takes none, such as /proc.
 */
export function createPrivateFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; statSync(folder, { throwIfNoEntry: false }) === undefined; folder = dirname(folder)) {
    missing.push(folder);
  }
  for (const folder of missing.reverse()) mkdirSync(folder, { mode: FOLDER_MODE });
}

/** Creates a file if it does not exist. With `isNew` it throws if it does. */
export function createPrivateFile(path: string, { isNew = false } = {}): void {
  closeSync(openSync(path, isNew ? "ax" : "a", FILE_MODE));
}

/**
 * Returns the mode of a path that others than the owner may access; null: they may not, the path does not exist, or modes mean
 * nothing here.
 */
export function modeForOthers(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || process.platform === "win32") return null;
  return (stats.mode & OTHERS) === 0 ? null : (stats.mode & 0o777).toString(8).padStart(4, "0");
}

/** Makes a file private to its owner. Another user's file stays as it is: `doctor` reports it. */
export function makePrivate(path: string): void {
  if (modeForOthers(path) === null) return;
  try {
    chmodSync(path, FILE_MODE);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  }
}
