/** Where a session goes on that is in one conversation with another: that one's object has both from then on. */
import { z } from "zod";

const TABLE = `CREATE TABLE IF NOT EXISTS line
  (id INTEGER PRIMARY KEY CHECK (id = 1), object TEXT NOT NULL, until INTEGER NOT NULL) STRICT`;
const lineRow = z.object({ object: z.string(), until: z.number().int() });
const REFRESH_MS = 24 * 3_600_000;

type Line = z.infer<typeof lineRow>;

export function createSharedLine({ sql }: Pick<DurableObjectStorage, "sql">, now: () => number, keepMs: number) {
  let known: Line | null | undefined;

  function read(): Line | null {
    const isThere = sql.exec("SELECT 1 FROM sqlite_schema WHERE name = 'line'").toArray().length > 0;
    const [row] = isThere ? sql.exec("SELECT object, until FROM line").toArray() : [];
    return row === undefined ? null : lineRow.parse(row);
  }
  const line = (): Line | null => {
    if (known === undefined) known = read();
    return known;
  };

  return {
    object: (): string | null => line()?.object ?? null,
    /** Until when it is to be known; null: it goes nowhere. */
    until: (): number | null => line()?.until ?? null,
    /** Returns until when that is to be known, where it was written. */
    join(object: string): number | null {
      const until = now() + keepMs;
      const before = line();
      if (before?.object === object && until - before.until < REFRESH_MS) return null;
      sql.exec(TABLE);
      sql.exec("INSERT OR REPLACE INTO line (id, object, until) VALUES (1, ?, ?)", object, until);
      known = { object, until };
      return until;
    },
    clear(): void {
      if (line() !== null) sql.exec("DELETE FROM line");
      known = null;
    },
    forgotten(): void {
      known = undefined;
    },
  };
}
export type SharedLine = ReturnType<typeof createSharedLine>;
