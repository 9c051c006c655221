import type { Database } from "../database.ts";

/** More than fits into the free space of used pages: a full disk has no room for it. */
const BYTES = 65_536;

/** A table that is written to learn whether the disk takes writes, and always empty. */
export function createScratchTable(db: Database) {
  return {
    write(): void {
      db.run("INSERT INTO scratch (filler) VALUES (zeroblob(?))", BYTES);
      db.run("DELETE FROM scratch");
    },
  };
}
export type ScratchTable = ReturnType<typeof createScratchTable>;
