/** What the HTTP interface needs: ports and facts of the runtime that serves it. */
import type { Authenticate } from "../auth/authenticate.ts";
import type { Operator } from "../config/operators.ts";
import type { Flows } from "../escalation/flow.ts";
import type { Source } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { Core } from "../handoff/api.ts";
import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit-log.ts";
import type { ReadBody } from "./access/read-body.ts";
import type { Refusals } from "./access/refusals.ts";
import type { Describe, ReadPageFile } from "./description.ts";
import type { ServeMcp } from "./mcp.ts";
import type { Quota } from "./quota.ts";

export interface AppDeps {
  core: Core;
  flows: Flows;
  /** By name; those of the project, unless given. */
  sources?: ReadonlyMap<string, Source> | undefined;
  authenticate: Authenticate;
  describe: Describe;
  serveMcp: ServeMcp;
  /** Reads the page that shows the description; absent: there is none on this runtime. */
  readPageFile?: ReadPageFile | undefined;
  /** Authenticates the platform's pushes, by account. */
  authenticatePlatform: Authenticate;
  /** The names of those that are configured. */
  accounts: Pick<ReadonlySet<string>, "has">;
  /** The platform pushed something of an account. */
  pushed: (account: string, pushes: readonly Pushed[]) => void;
  operators: readonly Operator[];
  /** Audit log of operators' acts. */
  audit: AuditLog;
  now: () => number;
  newId: () => string;
  quota: Quota;
  refusals: Refusals;
  /** One for all: it knows how much is held. */
  readBody: ReadBody;
  /** Tells whether a bot is within the quota of all places together; absent: this is the only place. */
  isWithinQuota?: (bot: string) => Promise<boolean>;
  log: Log;
  /** False while the service stops. */
  isReady: () => boolean;
  /** Tells whether the record takes writes. */
  isWritable: () => Promise<boolean>;
}
