import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createDurableObjectRecord } from "../../src/store/durable-object-store.ts";
import { dump } from "../released/dump.ts";
import { createObjectStorage } from "../released/object-storage.ts";
import { readMigrations } from "../released/read-migrations.ts";

const FILE = resolve(import.meta.dirname, "../../src/worker/objects/object-schema.sql");
const ABOUT = "-- What all migrations of a session's object make of nothing: see test/store/object-schema.test.ts.\n";

const ORDER = ["table", "index", "trigger"];
/** Returns the statements of a database's schema, in an order in which they can run. */
function schemaOf(sqlite: BetterSqlite3.Database): string[] {
  const objects = sqlite
    .prepare("SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'schema_versions'")
    .all() as { type: string; sql: string }[];
  return objects.toSorted((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)).map(({ sql }) => `${sql};\n`);
}

function openObject(options: { schema?: string }) {
  const sqlite = new BetterSqlite3(":memory:");
  createDurableObjectRecord(createObjectStorage(sqlite), { migrations: readMigrations(), ...options });
  return sqlite;
}

describe("the schema of a new object", () => {
  // Run this after a new migration: vitest run --project node test/store/object-schema.test.ts -u
  it("is the one that its migrations make", async () => {
    const migrated = openObject({});
    await expect([ABOUT, ...schemaOf(migrated)].join("\n")).toMatchFileSnapshot(FILE);
    const merged = openObject({ schema: readFileSync(FILE, "utf8") });
    expect(schemaOf(merged).toSorted()).toEqual(schemaOf(migrated).toSorted());
    // Rows are compared as well: migrations add none to an empty object, except its version.
    expect(dump(merged).split("\n").toSorted()).toEqual(dump(migrated).split("\n").toSorted());
  });

  it("counts as all migrations: one that comes later is applied to it", () => {
    const sqlite = new BetterSqlite3(":memory:");
    const storage = createObjectStorage(sqlite);
    const schema = readFileSync(FILE, "utf8");
    createDurableObjectRecord(storage, { migrations: readMigrations(), schema });
    const later = { version: 1_999, sql: "ALTER TABLE sessions ADD COLUMN later TEXT;" };
    createDurableObjectRecord(storage, { migrations: [...readMigrations(), later], schema });
    expect(
      sqlite.prepare("SELECT count(*) AS n FROM pragma_table_info('sessions') WHERE name = 'later'").get(),
    ).toEqual({
      n: 1,
    });
  });
});
