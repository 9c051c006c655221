import type { PlatformWatch } from "./platform-watch.ts";
import type { AuditTable } from "./tables/audit.ts";
import type { CallbackTable } from "./tables/callbacks.ts";
import type { ConversationTable } from "./tables/conversations.ts";
import type { ErasureTable } from "./tables/erasure.ts";
import type { EventTable } from "./tables/events.ts";
import type { HandoffTable } from "./tables/handoffs/handoffs.ts";
import type { IdempotencyTable } from "./tables/idempotency-keys.ts";
import type { OverviewTable } from "./tables/overview.ts";
import type { RetentionTable } from "./tables/retention.ts";
import type { ScratchTable } from "./tables/scratch.ts";
import type { SecretUseTable } from "./tables/secret-uses.ts";
import type { SessionTable } from "./tables/sessions.ts";

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
  overview: OverviewTable;
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
  /** As `commit`; where the engine can do that, what it takes away is in no file of its afterwards. */
  commitErasing?<T>(work: (tables: Tables) => T): Promise<T>;
}

/** What a query can get wrong by itself. */
const OF_A_QUERY = /^SQLITE_(CONSTRAINT|ERROR|MISUSE|RANGE|MISMATCH|TOOBIG)/;

/** The record is somewhere else, and cannot be reached or failed there. */
export const storageUnreachable = (cause: unknown): Error =>
  Object.assign(new Error("the record cannot be reached", { cause }), { code: "SQLITE_UNREACHABLE" });

/** The storage did not do what it was asked, whatever it was asked: full, locked, read-only, damaged. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("SQLITE_") && !OF_A_QUERY.test(code);
}
