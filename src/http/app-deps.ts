/** Dependencies of the HTTP interface: ports and facts of the runtime that serves it. */
import type { Authenticate } from "../auth/authenticate.ts";
import type { Operator } from "../config/operators.ts";
import type { Flows } from "../escalation/flow.ts";
import type { Source } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import type { HandoffApi } from "../handoff/api.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../metrics/meter.ts";
import type { AuditLog } from "../store/audit-log.ts";
import type { Spans } from "../trace/spans.ts";
import type { ReadBody } from "./access/read-body.ts";
import type { Refusals } from "./access/refusals.ts";
import type { Describe, ReadPageFile } from "./description.ts";
import type { ServeMcp } from "./mcp.ts";
import type { Quota } from "./quota.ts";
import type { Tails } from "./tail/tails.ts";

export interface AppDeps {
  core: HandoffApi;
  flows: Flows;
  /** Keys are names. Default: the project's sources. */
  sources?: ReadonlyMap<string, Source> | undefined;
  authenticate: Authenticate;
  describe: Describe;
  serveMcp: ServeMcp;
  /** Shows operators the posts of bots. Absent on Workers, where one request does not see another. */
  tails?: Tails | undefined;
  /** Reads a file of the page that shows the description; absent: this runtime has no page. */
  readPageFile?: ReadPageFile | undefined;
  /** Authenticates the platform's pushes, by account. */
  authenticatePlatform: Authenticate;
  /** Names of the configured accounts. */
  accounts: Pick<ReadonlySet<string>, "has">;
  /** Called with the platform's pushes of an account. */
  pushed: (account: string, pushes: readonly Pushed[]) => void;
  operators: readonly Operator[];
  /** Audit log of operators' actions. */
  audit: AuditLog;
  now: () => number;
  newId: () => string;
  quota: Quota;
  refusals: Refusals;
  /** Shared by all routes, since it counts the bytes held. */
  readBody: ReadBody;
  /** Tells whether a bot is within the quota over all places; absent: this is the only place. */
  isWithinQuota?: (bot: string) => Promise<boolean>;
  log: Log;
  /** Traces of an SDK that the operator brings. */
  spans?: Pick<Spans, "current"> | undefined;
  /** Counts what becomes of requests. */
  meter: Meter;
  /** Renders the metrics. Absent on Workers, where no place knows those of all. */
  readMetrics?: (() => Promise<{ type: string; text: string }>) | undefined;
  /** False while the service stops. */
  isReady: () => boolean;
  /** Tells whether the record takes writes. */
  isWritable: () => Promise<boolean>;
}
