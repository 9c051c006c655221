import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Folders of project `process` whose files need no other name. */
const FOLDERS = /^(browser|crash|delivery|examples|wrangler)\//;
/** Asks git for the project's files. */
const QUICK = ["docs/links.test.ts"];

it("names tests that start a process so that they run in the project for them", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const starting = files
    .filter((file) => file.endsWith(".test.ts") && !FOLDERS.test(file) && !QUICK.includes(file))
    .filter((file) =>
      /^import [^;]*from "node:child_process"|^import [^;]*\bbaton\b[^;]*from "[./]*support\/process\.ts"/m.test(
        readFileSync(join(import.meta.dirname, file), "utf8"),
      ),
    );
  expect(starting.filter((file) => !file.endsWith(".process.test.ts"))).toEqual([]);
});
