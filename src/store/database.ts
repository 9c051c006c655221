/** The SQL engine below the record. */
export type Value = string | number | null | Uint8Array;

/** What the SQL needs of an engine. Both engines are synchronous: better-sqlite3, and a Durable Object's own SQLite. */
export interface Database {
  /** The rows, unparsed. */
  all(sql: string, ...parameters: Value[]): unknown[];
  /** The first row, unparsed; undefined where there is none. */
  first(sql: string, ...parameters: Value[]): unknown;
  /** The number of rows changed. */
  run(sql: string, ...parameters: Value[]): number;
}
