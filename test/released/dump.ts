import type BetterSqlite3 from "better-sqlite3";

const literalOf = (value: unknown): string => {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
};

/** Returns a database as SQL that rebuilds it: pragmas of its header, tables, rows, then indexes and triggers. */
export function dump(sqlite: BetterSqlite3.Database): string {
  const objects = sqlite
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .all() as { type: string; name: string; sql: string }[];
  const tables = objects.filter(({ type }) => type === "table");
  const rows = tables.flatMap(({ name }) =>
    (sqlite.prepare(`SELECT * FROM ${name}`).raw().all() as unknown[][]).map(
      (row) => `INSERT INTO ${name} VALUES (${row.map(literalOf).join(", ")});`,
    ),
  );
  const pragmas = ["application_id", "user_version"].map(
    (name) => `PRAGMA ${name} = ${sqlite.pragma(name, { simple: true })};`,
  );
  return [
    ...pragmas,
    ...tables.map(({ sql }) => `${sql};`),
    ...rows,
    ...objects.filter(({ type }) => type !== "table").map(({ sql }) => `${sql};`),
    "",
  ].join("\n");
}
