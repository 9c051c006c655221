import { createAuditTable } from "./audit-table.ts";
import { createCallbackTable } from "./callback-table.ts";
import { createConversationTable } from "./conversation-table.ts";
import { createErasureTable } from "./erasure-table.ts";
import { createEventTable } from "./event-table.ts";
import { createHandoffTable } from "./handoff-table.ts";
import { createIdempotencyTable } from "./idempotency-table.ts";
import { createKeptLedgers, forgettingLedgers, type KeptLedgers } from "./kept-ledgers.ts";
import { createPlatformWatch } from "./platform-watch.ts";
import type { Database, Tables } from "./record.ts";
import { createRetentionTable } from "./retention-table.ts";
import { createScratchTable } from "./scratch-table.ts";
import { createSecretUseTable } from "./secret-use-table.ts";
import { createSessionTable } from "./session-table.ts";

/**
 * The record's SQL over an engine: the same on Node and on a Durable Object. Whoever takes writes back makes `ledgers` forget
 * them.
 */
export function createTables(engine: Database, ledgers: KeptLedgers = createKeptLedgers()): Tables {
  const db = forgettingLedgers(engine, ledgers);
  return {
    sessions: createSessionTable(db),
    events: createEventTable(db),
    handoffs: createHandoffTable(engine, ledgers),
    conversations: createConversationTable(db),
    idempotency: createIdempotencyTable(db),
    callbacks: createCallbackTable(db),
    scratch: createScratchTable(db),
    secretUses: createSecretUseTable(db),
    erasure: createErasureTable(db),
    platformWatch: createPlatformWatch(db),
    retention: createRetentionTable(db),
    audit: createAuditTable(db),
  };
}
