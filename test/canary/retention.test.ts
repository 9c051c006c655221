import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRecordFile } from "../../src/store/sqlite/database-file.ts";
import { createEnded, dump, foundIn, foundInBytes } from "../support/ended-chat.ts";

const DAY = 24 * 3_600_000;

it("leaves nothing of a person in the file, nor in a backup of it, once retention has passed", async () => {
  const { world, file, folder, record } = await createEnded(DAY);
  const backUp = async (): Promise<{ file: string; folder: string }> => {
    const target = mkdtempSync(join(tmpdir(), "baton-"));
    const opened = openRecordFile(file);
    if (!opened.ok) throw new Error(opened.error);
    const copied = await opened.value.backupTo(join(target, "backup.db"), () => undefined);
    opened.value.close();
    if (!copied.ok) throw new Error(copied.error);
    return { file: join(target, "backup.db"), folder: target };
  };
  // The words are there, and a backup has them.
  expect(foundInBytes((await backUp()).folder)).toContain("words-canary");

  world.move(37 * DAY);
  await world.prune();
  expect(foundIn(dump(file))).toEqual([]);
  const after = await backUp();
  expect(foundIn(dump(after.file))).toEqual([]);
  expect(foundInBytes(after.folder)).toEqual([]);
  // The file itself has no old page either, once the WAL is folded.
  await record.commitErasing?.(() => undefined);
  expect(foundInBytes(folder)).toEqual([]);
});
