import type { Database } from "../store.ts";

/** More than fits where something is: a disk that is full has no place for it. */
const BYTES = 65_536;

/** Written to learn whether the disk takes writes, and empty at all times. */
export function createScratchTable(db: Database) {
  return {
    write(): void {
      db.run("INSERT INTO scratch (filler) VALUES (zeroblob(?))", BYTES);
      db.run("DELETE FROM scratch");
    },
  };
}
export type ScratchTable = ReturnType<typeof createScratchTable>;
