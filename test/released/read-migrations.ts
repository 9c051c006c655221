import { readdirSync, readFileSync } from "node:fs";
import type { Migration } from "../../src/store/durable-object-store.ts";

const SRC = new URL("../../src/", import.meta.url);

const readFolder = (folder: string): Migration[] =>
  readdirSync(new URL(folder, SRC))
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      sql: readFileSync(new URL(`${folder}${name}`, SRC), "utf8"),
    }));

/** The migrations of a session's object, as the Worker bundles them. */
export const readMigrations = (): Migration[] => [
  ...readFolder("store/migrations/"),
  ...readFolder("worker/objects/migrations/"),
];
