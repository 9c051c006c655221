/** The record's migrations, bundled: a Worker has no files. */

import type { Migration } from "../sessions/durable-object-record.ts";
import record from "../sessions/migrations/0001_record.sql";
import operation from "../sessions/migrations/0002_operation.sql";
import circle from "../sessions/migrations/0003_circle.sql";
import callbacks from "../sessions/migrations/0004_callbacks.sql";
import secretUses from "../sessions/migrations/0005_secret_uses.sql";
import leftOut from "../sessions/migrations/0006_left_out.sql";
import sessions from "../sessions/migrations/0007_sessions.sql";
import notes from "../sessions/migrations/0008_notes.sql";

export const migrations: readonly Migration[] = [
  record,
  operation,
  circle,
  callbacks,
  secretUses,
  leftOut,
  sessions,
  notes,
].map((sql, index) => ({
  version: index + 1,
  sql,
}));
