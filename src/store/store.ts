import type { PlatformWatch } from "./platform-watch.ts";
import type { AuditTable } from "./tables/audit.ts";
import type { CallbackTable } from "./tables/callbacks.ts";
import type { ConversationTable } from "./tables/conversations.ts";
import type { ErasureTable } from "./tables/erasure.ts";
import type { EventTable } from "./tables/events.ts";
import type { HandoffTable } from "./tables/handoffs/handoffs.ts";
import type { IdempotencyTable } from "./tables/idempotency-keys.ts";
import type { RetentionTable } from "./tables/retention.ts";
import type { ScratchTable } from "./tables/scratch.ts";
import type { SecretUseTable } from "./tables/secret-uses.ts";
import type { SessionTable } from "./tables/sessions.ts";

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

export interface Tables {
  sessions: SessionTable;
  events: EventTable;
  handoffs: HandoffTable;
  conversations: ConversationTable;
  idempotency: IdempotencyTable;
  callbacks: CallbackTable;
  scratch: ScratchTable;
  secretUses: SecretUseTable;
  erasure: ErasureTable;
  platformWatch: PlatformWatch;
  retention: RetentionTable;
  audit: AuditTable;
}

/**
 * The port: what is stored and how it commits.
 *
 * `commit` runs `work` in a transaction and resolves with its result once that is durable. Works of several callers may
 * share a transaction; each is isolated: one that throws takes back only its own writes and rejects. `work` is
 * synchronous and may run a second time when its batch failed, so it must do nothing but read and write tables.
 * `read` sees what is committed and must not write.
 */
export interface SessionRecord {
  commit<T>(work: (tables: Tables) => T): Promise<T>;
  read<T>(work: (tables: Tables) => T): T;
  /** Commits as `commit` does. An engine that can do so removes the erased data from its files too. */
  commitErasing?<T>(work: (tables: Tables) => T): Promise<T>;
}

/** Codes of errors that a query may cause by itself. */
const OF_A_QUERY = /^SQLITE_(CONSTRAINT|ERROR|MISUSE|RANGE|MISMATCH|TOOBIG)/;

/** The record is somewhere else: it cannot be reached, or failed there. */
export const storageUnreachable = (cause: unknown): Error =>
  Object.assign(new Error("the record cannot be reached", { cause }), { code: "SQLITE_UNREACHABLE" });

/** True if the storage failed whatever the query was: it is full, locked, read-only or damaged. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("SQLITE_") && !OF_A_QUERY.test(code);
}
