/** Puts HTTP on an engine, without a runtime: entries, the replay and the tests give it a record, a network, a clock and ids. */
import type { Authenticate } from "./auth/authenticate.ts";
import type { Operator } from "./config/operators.ts";
import { createEngine, type EngineDeps } from "./engine.ts";
import type { Source } from "./events/source.ts";
import { sources as knownSources } from "./events/sources.ts";
import type { WithConsole } from "./http/access/console-door.ts";
import { createReadBody } from "./http/access/read-body.ts";
import { createRefusals } from "./http/access/refusals.ts";
import { createApp } from "./http/app.ts";
import type { Describe, ReadPageFile } from "./http/description.ts";
import type { ServeMcp } from "./http/mcp.ts";
import { createQuota } from "./http/quota.ts";
import { createTails } from "./http/tail/tails.ts";
import type { GaugeReadings } from "./metrics/catalogue.ts";
import { type Counted, createMeter } from "./metrics/meter.ts";
import { err } from "./result.ts";
import { steadyClockOf } from "./steady-clock.ts";
import { createRecordAuditLog } from "./store/record-audit-log.ts";
import type { SessionRecord } from "./store/store.ts";

/** Renders the metrics of a service. */
type OpenExposition = (deps: {
  meter: Counted;
  readGauges: () => GaugeReadings;
}) => Promise<() => Promise<{ type: string; text: string }>>;

export interface ServiceDeps extends EngineDeps {
  /** Counts from the start on. Default: a new one. */
  meter?: ReturnType<typeof createMeter>;
  /** Loads what renders the metrics; absent: this runtime has none. */
  openExposition?: OpenExposition;
  /** Sizes of the record's files, in bytes. */
  fileSizes?: () => Readonly<Record<string, number>>;
  /** Sources by name. Default: the project's. */
  sources?: ReadonlyMap<string, Source>;
  /** Reads the page that shows the description of the interface. */
  readPageFile?: ReadPageFile;
  /** Address of a conversation at the agents' desk, where there is one. */
  deskAddress?: (account: string, conversationId: string) => string | null;
  authenticate: Authenticate;
  /** Authenticates the platform's pushes, by account. Default: they are refused. */
  authenticatePlatform?: Authenticate;
  operators: readonly Operator[];
  /** Makes a request's id. */
  newId: () => string;
  /** Quota of each bot; ten seconds' worth may come at once. */
  botEventsPerSecond?: number;
}

/** More than any chatbot says; less than keeps the disk busy. */
export const BOT_EVENTS_PER_SECOND = 1_000;

/** The protocol is loaded when a language model first calls. */
export const serveMcp: ServeMcp = async (request, body, tools) => {
  const loaded = await import("./mcp/serve-mcp.ts");
  return loaded.serveMcp(request, body, tools);
};

/** The document is loaded when somebody first asks for it: few starts need it. */
export const describe: Describe = async (there) => {
  const { describeInterface } = await import("./openapi/document.ts");
  return describeInterface(there);
};

/** The console is loaded when somebody first opens it. */
export const openConsole: WithConsole["openConsole"] = async (deps) => {
  const { createConsole } = await import("./console/console.ts");
  return createConsole(deps);
};

/** The same record, with a count of its commits. */
function countCommits(record: SessionRecord): { record: SessionRecord; changes: () => number } {
  let count = 0;
  return {
    changes: () => count,
    record: {
      ...record,
      commit: (work) => {
        count += 1;
        return record.commit(work);
      },
    },
  };
}

export function createService(deps: ServiceDeps) {
  const steadyNow = steadyClockOf(deps.steadyNow, deps.now);
  const { record, changes } = countCommits(deps.record);
  const meter = deps.meter ?? createMeter();
  const engine = createEngine({ ...deps, record, steadyNow, meter });
  const { core, byBot, pushed, isReady, isWritable } = engine;
  const refusals = createRefusals({ now: steadyNow, log: deps.log, setTimer: deps.setTimer });
  const sources = deps.sources ?? knownSources;
  const tails = createTails({
    flows: byBot,
    sources,
    now: deps.now,
    steadyNow,
    newId: deps.newId,
    setTimer: deps.setTimer,
  });
  const readGauges = (): GaugeReadings => ({
    ...engine.readGauges(),
    databaseBytes: Object.entries(deps.fileSizes?.() ?? {}).map(([file, value]) => ({ labels: { file }, value })),
  });
  const { openExposition } = deps;
  let exposition: ReturnType<OpenExposition> | undefined;
  const app = createApp({
    core,
    tails,
    flows: byBot,
    sources,
    describe,
    serveMcp,
    readPageFile: deps.readPageFile,
    openConsole,
    changes,
    deskAddress: deps.deskAddress,
    authenticate: deps.authenticate,
    authenticatePlatform: deps.authenticatePlatform ?? (() => err({ reason: "no-credentials" })),
    accounts: deps.accounts,
    pushed,
    operators: deps.operators,
    audit: createRecordAuditLog(deps.record),
    now: deps.now,
    newId: deps.newId,
    refusals,
    readBody: createReadBody(),
    quota: createQuota({ now: steadyNow, perSecond: deps.botEventsPerSecond ?? BOT_EVENTS_PER_SECOND }),
    log: deps.log,
    spans: deps.spans,
    meter,
    readMetrics:
      openExposition &&
      (async () => {
        exposition ??= openExposition({ meter, readGauges });
        return (await exposition)();
      }),
    isReady,
    isWritable,
  });
  return {
    ...engine,
    fetch: app.fetch,
    stop(): Promise<void> {
      refusals.stop();
      tails.stop();
      return engine.stop();
    },
  };
}
