import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { modeForOthers } from "../store/sqlite/private-file.ts";
import { type Check, checksOf } from "./check.ts";
import { size, span } from "./figures.ts";

/** The same version is in package.json and bin/baton.js. */
const NODE_AT_LEAST = [22, 19] as const;
/** No Baton existed before this. */
const FIRST_BUILD = Date.parse("2026-11-01T00:00:00Z");
/** A row may be ahead by as much as clocks of one machine differ. */
const AHEAD_MS = 60_000;

const SKEW_WARNING_MS = 30_000;
/** Signatures of Standard Webhooks are valid for this time. */
const SKEW_FAILURE_MS = 300_000;

const FREE_FAILURE = 100e6;
const FREE_WARNING = 1e9;

/** Linux file systems by their number in statfs. */
const NETWORK: Record<number, string> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB",
  1397113167: "AFS",
  12805120: "Ceph",
  198183888: "Lustre",
  1196443219: "GPFS",
};
/** File systems whose locks may or may not reach other machines. */
const PERHAPS_NETWORK: Record<number, string> = { 1702057286: "FUSE", 16914839: "9p", 2020557398: "vboxsf" };

const machine = checksOf("machine");

/** `version`: from `process.versions.node`. */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, leastMinor] = NODE_AT_LEAST;
  const isEnough = major > least || (major === least && minor >= leastMinor);
  if (isEnough) return machine.ok("node", version);
  return machine.failure(
    "node",
    `${version} is too old: Baton needs ${NODE_AT_LEAST.join(".")}; start it with npm start`,
  );
}

/** Checks the clock without the network. `newest`: time of the newest row. */
export function clockCheck(now: number, newest: number | null): Check {
  const says = new Date(now).toISOString();
  const after = (than: string) => `it says ${says}, before ${than}; set it: deadlines and signatures go by it`;
  if (now < FIRST_BUILD) return machine.failure("clock", after("there was a Baton"));
  if (newest !== null && now < newest - AHEAD_MS) {
    return machine.failure("clock", after(`the newest row of the database, of ${new Date(newest).toISOString()}`));
  }
  return machine.ok("clock", `${says}, which is plausible`);
}

/** Compares the clock with the platform's. `skewMs`: milliseconds by which ours is ahead. */
export function skewCheck(area: string, skewMs: number): Check {
  const checks = checksOf(area);
  const off = Math.abs(skewMs);
  if (off <= SKEW_WARNING_MS) return checks.ok("clock", "agrees with the platform's");
  const says = `it is ${span(off)} ${skewMs > 0 ? "ahead of" : "behind"} the platform's; let NTP set it`;
  if (off <= SKEW_FAILURE_MS) return checks.warning("clock", says);
  return checks.failure("clock", `${says}: signed requests are refused, deadlines are wrong`);
}

export interface Disk {
  folder: string;
  /** The nearest folder that exists. */
  existing: string;
  isWritable: boolean;
  freeBytes: number;
  /** Bytes of the record with its WAL. */
  fileBytes: number;
  /** Number of the file system's type; null: not known. */
  type: number | null;
}

/** Reads the file system of a file that exists or will exist. */
export function readDisk(path: string): Disk {
  const folder = dirname(resolve(path));
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize, type } = statfsSync(existing);
  let isWritable = true;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    isWritable = false;
  }
  const bytes = ["", "-wal", "-shm"].map((end) => statSync(`${path}${end}`, { throwIfNoEntry: false })?.size ?? 0);
  return {
    folder,
    existing,
    isWritable,
    freeBytes: bavail * bsize,
    fileBytes: bytes.reduce((sum, each) => sum + each, 0),
    type: process.platform === "linux" ? type >>> 0 : null,
  };
}

export function diskChecks({ folder, existing, isWritable, freeBytes, fileBytes, type }: Disk): Check[] {
  const free = `${size(freeBytes)} free for ${folder}`;
  const space =
    freeBytes < FREE_FAILURE
      ? machine.failure("disk", `only ${free}: soon nothing is accepted; make room`)
      : freeBytes < Math.max(FREE_WARNING, 2 * fileBytes)
        ? machine.warning(
            "disk",
            `only ${free}, where the database has ${size(fileBytes)}; make room, also for backups`,
          )
        : machine.ok("disk", `${free}; the database has ${size(fileBytes)}`);
  const network = type === null ? undefined : NETWORK[type];
  const perhaps = type === null ? undefined : PERHAPS_NETWORK[type];
  return [
    space,
    ...(isWritable
      ? []
      : [
          machine.failure(
            "folder",
            `${existing} may not be written to by this user; the service has to, beside the file`,
          ),
        ]),
    ...(network === undefined
      ? []
      : [
          machine.failure(
            "file system",
            `${folder} is on ${network}, whose locks cannot be trusted: two services could use the database and damage it; move it to a disk of this machine`,
          ),
        ]),
    ...(perhaps === undefined
      ? []
      : [
          machine.warning(
            "file system",
            `${folder} is on ${perhaps}: whether its locks can be trusted cannot be told; a disk of this machine is safe`,
          ),
        ]),
  ];
}

/** Checks the modes of files that only the owner may read. Keys describe the files; a file need not exist. */
export function privacyChecks(files: Readonly<Record<string, string>>): Check[] {
  const open = Object.entries(files).flatMap(([what, path]) => {
    const mode = modeForOthers(path);
    return mode === null ? [] : [`${what} ${path} has mode ${mode}: others may use it; set it to 0600`];
  });
  if (open.length > 0) return open.map((says) => machine.warning("privacy", says));
  return [machine.ok("privacy", "only their owner may read the database and the secrets")];
}
