/** The record's migrations and those of a session's object, bundled: a Worker has no files. */

import type { Migration } from "../store/durable-object-store.ts";
import record from "../store/migrations/0001_record.sql";
import operation from "../store/migrations/0002_operation.sql";
import circle from "../store/migrations/0003_circle.sql";
import callbacks from "../store/migrations/0004_callbacks.sql";
import secretUses from "../store/migrations/0005_secret_uses.sql";
import leftOut from "../store/migrations/0006_left_out.sql";
import rounds from "../store/migrations/0007_rounds.sql";
import notes from "../store/migrations/0008_notes.sql";
import routing from "../store/migrations/0009_routing.sql";
import callbackOrder from "../store/migrations/0010_callbacks.sql";
import audit from "../store/migrations/0011_audit.sql";
import failures from "../store/migrations/0012_failures.sql";
import retention from "../store/migrations/0013_retention.sql";
import platformWatch from "../store/migrations/0014_platform_watch.sql";
import backlog from "../store/migrations/0015_backlog.sql";
import handoffLists from "../store/migrations/0016_lists.sql";
import waiting from "../store/migrations/0017_waiting.sql";
import overview from "../store/migrations/0018_overview.sql";
import alerts from "../store/migrations/0019_alerts.sql";
import sessionKeys from "../store/migrations/0020_session_keys.sql";
import searches from "../store/migrations/0021_searches.sql";
import flowVersions from "../store/migrations/0022_flow_versions.sql";
import lists from "./objects/migrations/1000_lists.sql";
import sharing from "./objects/migrations/1001_sharing.sql";
import audited from "./objects/migrations/1002_audit.sql";
import retentionOfObject from "./objects/migrations/1003_retention.sql";
import held from "./objects/migrations/1004_held.sql";
import backlogOfObject from "./objects/migrations/1005_backlog.sql";
import listsOfObject from "./objects/migrations/1006_lists.sql";
import waitingOfObject from "./objects/migrations/1007_waiting.sql";
import oldHandoffs from "./objects/migrations/1008_old_handoffs.sql";
import overviewOfObject from "./objects/migrations/1009_overview.sql";
import searchesOfObject from "./objects/migrations/1010_searches.sql";
import flowVersionsOfObject from "./objects/migrations/1011_flow_versions.sql";

const numbered = (first: number, files: readonly string[]): Migration[] =>
  files.map((sql, index) => ({ version: first + index, sql }));

export const migrations: readonly Migration[] = numbered(1, [
  record,
  operation,
  circle,
  callbacks,
  secretUses,
  leftOut,
  rounds,
  notes,
  routing,
  callbackOrder,
  audit,
  failures,
  retention,
  platformWatch,
  backlog,
  handoffLists,
  waiting,
  overview,
  alerts,
  sessionKeys,
  searches,
  flowVersions,
]);

/**
 * Migrations of a session's object beyond the record's, numbered from 1000. A file that was released never changes: an object
 * that exists has applied it. A later record migration runs before or after it, so a file here drops an index of the
 * record with IF EXISTS.
 */
export const objectMigrations: readonly Migration[] = [
  ...migrations,
  ...numbered(1_000, [
    lists,
    sharing,
    audited,
    retentionOfObject,
    held,
    backlogOfObject,
    listsOfObject,
    waitingOfObject,
    oldHandoffs,
    overviewOfObject,
    searchesOfObject,
    flowVersionsOfObject,
  ]),
];
