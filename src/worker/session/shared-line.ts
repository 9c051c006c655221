/** Place of a session that is in one conversation with another: that one's object has both from then on. */
import { z } from "zod";

const LINE = `CREATE TABLE IF NOT EXISTS line
  (id INTEGER PRIMARY KEY CHECK (id = 1), object TEXT NOT NULL, until INTEGER NOT NULL) STRICT`;
const FORMER = "CREATE TABLE IF NOT EXISTS former_lines (object TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT";
const lineRows = z.array(z.object({ object: z.string(), until: z.number().int() }));
const REFRESH_MS = 24 * 3_600_000;

type Line = z.infer<typeof lineRows>[number];

export function createSharedLine({ sql }: Pick<DurableObjectStorage, "sql">, now: () => number, keepMs: number) {
  let known: { line: Line | null; former: readonly Line[] } | null = null;

  function read(table: "line" | "former_lines"): Line[] {
    const isThere = sql.exec("SELECT 1 FROM sqlite_schema WHERE name = ?", table).toArray().length > 0;
    return isThere ? lineRows.parse(sql.exec(`SELECT object, until FROM ${table}`).toArray()) : [];
  }
  const lines = () => {
    known ??= { line: read("line")[0] ?? null, former: read("former_lines") };
    return known;
  };

  return {
    object: (): string | null => lines().line?.object ?? null,
    /** All other objects that know something of the session; the one in which it goes on comes first. */
    objects(): string[] {
      const { line, former } = lines();
      return [...new Set([...(line === null ? [] : [line]), ...former].map(({ object }) => object))];
    },
    /** Time until which this is kept; null: the session never went anywhere. */
    until(): number | null {
      const { line, former } = lines();
      const times = [...(line === null ? [] : [line]), ...former].map(({ until }) => until);
      return times.length === 0 ? null : Math.max(...times);
    },
    /** Returns the time until which the new place has to be known, as written. */
    join(object: string): number | null {
      const until = now() + keepMs;
      const { line, former } = lines();
      if (line?.object === object && until - line.until < REFRESH_MS) return null;
      sql.exec(LINE);
      sql.exec("INSERT OR REPLACE INTO line (id, object, until) VALUES (1, ?, ?)", object, until);
      known = { line: { object, until }, former };
      return until;
    },
    /** Records that the session goes on here; the other object keeps the words from there. */
    leave(): void {
      const { line } = lines();
      if (line === null) return;
      sql.exec(FORMER);
      sql.exec("INSERT OR REPLACE INTO former_lines (object, until) VALUES (?, ?)", line.object, now() + keepMs);
      sql.exec("DELETE FROM line");
      known = null;
    },
    /** Records that no other object knows the session any more. */
    clear(): void {
      const { line, former } = lines();
      if (line !== null) sql.exec("DELETE FROM line");
      if (former.length > 0) sql.exec("DELETE FROM former_lines");
      known = { line: null, former: [] };
    },
    forgotten(): void {
      known = null;
    },
  };
}
export type SharedLine = ReturnType<typeof createSharedLine>;
