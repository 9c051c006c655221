import type { Database } from "./database.ts";
import { createPlatformWatch } from "./platform-watch.ts";
import type { Tables } from "./store.ts";
import { createAlertTable } from "./tables/alerts.ts";
import { createAuditTable } from "./tables/audit.ts";
import { createCallbackTable } from "./tables/callbacks/callbacks.ts";
import { createConversationTable } from "./tables/conversations.ts";
import { createErasureTable } from "./tables/erasure.ts";
import { createEventTable } from "./tables/events.ts";
import { createFlowVersionTable } from "./tables/flows/flow-versions.ts";
import { createRecordedChatTable } from "./tables/flows/recorded-chats.ts";
import { createHandoffTable } from "./tables/handoffs/handoffs.ts";
import { createKeptLedgers, forgettingLedgers, type KeptLedgers } from "./tables/handoffs/kept-ledgers.ts";
import { createIdempotencyTable } from "./tables/idempotency-keys.ts";
import { createOverviewTable } from "./tables/overview.ts";
import { createRetentionTable } from "./tables/retention.ts";
import { createScratchTable } from "./tables/scratch.ts";
import { createSecretUseTable } from "./tables/secret-uses.ts";
import { createSessionTable } from "./tables/sessions.ts";

/**
 * Creates the record's tables over an engine; the SQL is the same on Node and on a Durable Object. Code that rolls writes back
 * makes `ledgers` forget them.
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
    overview: createOverviewTable(db, ledgers.counts),
    alerts: createAlertTable(db),
    recordedChats: createRecordedChatTable(db),
    flowVersions: createFlowVersionTable(db),
  };
}
