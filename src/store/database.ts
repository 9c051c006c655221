/** The port of the SQL engine below the record. */
export type Value = string | number | null | Uint8Array;

/** A SQL engine, as the tables need it. Both engines are synchronous: better-sqlite3, and a Durable Object's own SQLite. */
export interface Database {
  /** Returns the rows, unparsed. */
  all(sql: string, ...parameters: Value[]): unknown[];
  /** Returns the first row, unparsed; undefined if there is none. */
  first(sql: string, ...parameters: Value[]): unknown;
  /** Returns the number of changed rows. */
  run(sql: string, ...parameters: Value[]): number;
}
