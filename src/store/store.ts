import type { PlatformWatch } from "./platform-watch.ts";
import type { AlertTable } from "./tables/alerts.ts";
import type { AuditTable } from "./tables/audit.ts";
import type { CallbackTable } from "./tables/callbacks/callbacks.ts";
import type { ConversationTable } from "./tables/conversations.ts";
import type { ErasureTable } from "./tables/erasure.ts";
import type { EventTable } from "./tables/events.ts";
import type { FlowVersionTable } from "./tables/flows/flow-versions.ts";
import type { RecordedChatTable } from "./tables/flows/recorded-chats.ts";
import type { HandoffTable } from "./tables/handoffs/handoffs.ts";
import type { IdempotencyTable } from "./tables/idempotency-keys.ts";
import type { OverviewTable } from "./tables/overview.ts";
import type { RetentionTable } from "./tables/retention.ts";
import type { ScratchTable } from "./tables/scratch.ts";
import type { SecretUseTable } from "./tables/secret-uses.ts";
import type { SessionTable } from "./tables/sessions.ts";

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
  alerts: AlertTable;
  recordedChats: RecordedChatTable;
  flowVersions: FlowVersionTable;
}

/**
 * The port of the store.
 *
 * `commit` runs `work` in a transaction and resolves with its result once that is durable. Works of several callers may
 * share a transaction; each is isolated: one that throws rolls back only its own writes and rejects. `work` is
 * synchronous and may run a second time when its batch failed, so it must do nothing but read and write tables.
 * `read` sees what is committed and must not write.
 */
export interface SessionRecord {
  commit<T>(work: (tables: Tables) => T): Promise<T>;
  read<T>(work: (tables: Tables) => T): T;
  /** Commits as `commit` does. An engine that can do so removes the erased data from its files too. */
  commitErasing?<T>(work: (tables: Tables) => T): Promise<T>;
}
