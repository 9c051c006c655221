import { Hono } from "hono";
import { getPathNoStrict } from "hono/utils/url";
import type { Authenticate } from "../auth/authenticate.ts";
import type { Operator } from "../config/operators.ts";
import type { Flows } from "../escalation/flow.ts";
import type { Source } from "../events/source.ts";
import type { Pushed } from "../events/sources/conversations.ts";
import { sources as knownSources } from "../events/sources.ts";
import type { Core } from "../handoff/api.ts";
import { fullBacklogOf } from "../handoff/use-cases/backlog.ts";
import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit-log.ts";
import { isStorageFailure } from "../store/store.ts";
import type { ReadBody } from "./access/read-body.ts";
import type { Refusals } from "./access/refusals.ts";
import { type Env, json } from "./answer.ts";
import { botRoutes } from "./bots.ts";
import { type Changes, createConsoleDoor, type OpenConsole } from "./console.ts";
import { type Describe, descriptionRoutes, type ReadPageFile } from "./description.ts";
import type { ServeMcp } from "./mcp.ts";
import { createMethodsAt } from "./methods.ts";
import { operatorRoutes } from "./operators.ts";
import { platformRoutes } from "./platform.ts";
import { problem } from "./problem.ts";
import type { Quota } from "./quota.ts";

export interface AppDeps {
  core: Core;
  flows: Flows;
  /** By name; those of the project, unless given. */
  sources?: ReadonlyMap<string, Source> | undefined;
  authenticate: Authenticate;
  describe: Describe;
  serveMcp: ServeMcp;
  openConsole: OpenConsole;
  changes?: Changes | undefined;
  /** Address of a conversation at the agents' desk; null: it is not known. */
  deskAddress?: ((account: string, conversationId: string) => string | null) | undefined;
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

const MAX_BODY_BYTES = 1024 * 1024;
/** The platform may gather up to 2,000 events into one push. */
const MAX_PUSH_BYTES = 4 * 1024 * 1024;
const REQUEST_ID = /^[\x21-\x7e]{1,100}$/;
/** Only the body of a request comes over a connection that can break. */
const isBrokenOff = (error: Error): boolean => "code" in error && error.code === "ECONNRESET";

/** A slash too many, at the end or beside another one, means nothing. */
function pathOf(request: Request): string {
  const path = getPathNoStrict(request);
  if (!path.includes("//")) return path;
  const single = path.replace(/\/{2,}/g, "/");
  return single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
}

/** Answers may hold what is personal: nobody keeps them, and nobody takes them for what they are not. */
const ON_EVERY_ANSWER = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const PUSH_PATH = /^\/v1\/infobip\/([^/]+)\//;
const WEBHOOK_PATH = /^\/v1\/bots\/[^/]+\/webhooks\/([^/]+)$/;

/** The whole HTTP interface, on any runtime. */
export function createApp(deps: AppDeps): Hono<Env> {
  const app = new Hono<Env>({ getPath: pathOf });
  const sources = deps.sources ?? knownSources;

  function bodyLimit(path: string, source: Source | undefined): number {
    const [, account] = PUSH_PATH.exec(path) ?? [];
    if (account !== undefined && deps.accounts.has(account)) return MAX_PUSH_BYTES;
    return source?.limits?.bytes ?? MAX_BODY_BYTES;
  }

  app.use((c, next) => {
    const given = c.req.header("x-request-id") ?? "";
    const requestId = REQUEST_ID.test(given) ? given : deps.newId();
    c.set("requestId", requestId);
    c.set("headers", { "x-request-id": requestId, ...ON_EVERY_ANSWER });
    const [, sourceName = ""] = WEBHOOK_PATH.exec(c.req.path) ?? [];
    const source = sources.get(sourceName);
    const limit = bodyLimit(c.req.path, source);
    c.set("source", source);
    c.set("maxBodyBytes", limit);
    // A body that says its size is held to that by the server; any other is counted as it is read.
    const isTooLarge = Number(c.req.header("content-length") ?? 0) > limit;
    return isTooLarge ? Promise.resolve(problem(c, { kind: "body-too-large", limit })) : next();
  });
  app.notFound((c) => {
    const allow = methodsAt(c.req.path);
    if (allow.length === 0) return problem(c, { kind: "not-found" });
    if (c.req.method !== "OPTIONS") return problem(c, { kind: "method-not-allowed", allow });
    // A sender of CloudEvents asks first whether it may send here; only its credentials let it.
    const isAsked = c.req.header("webhook-request-origin") !== undefined;
    const agreed = isAsked ? { "webhook-allowed-origin": "*", "webhook-allowed-rate": "*" } : {};
    return new Response(null, { status: 204, headers: { ...c.get("headers"), ...agreed, allow: allow.join(", ") } });
  });
  app.onError((err, c) => {
    if (isBrokenOff(err)) return problem(c, { kind: "unreadable-body", detail: "It broke off." });
    // Reported by whoever watches the storage.
    if (isStorageFailure(err)) return problem(c, { kind: "storage" });
    const whose = fullBacklogOf(err);
    if (whose !== null) return problem(c, { kind: "backlog-full", whose });
    deps.log.error({ requestId: c.get("requestId"), method: c.req.method, err }, "request failed");
    return problem(c, { kind: "internal" });
  });

  app.get("/livez", (c) => json(c, { status: "live" }));
  app.get("/readyz", async (c) => {
    if (!deps.isReady()) return problem(c, { kind: "stopping" });
    if (!(await deps.isWritable())) return problem(c, { kind: "storage" });
    return json(c, { status: "ready" });
  });

  app.route("/", descriptionRoutes({ ...deps, sources, routesOf: () => app.routes }));

  const ask = (request: Request) => app.fetch(request, {});
  app.all("/console/*", createConsoleDoor(deps.openConsole, { ...deps, sources, ask }));

  app.route("/v1/bots", botRoutes({ ...deps, sources }));

  app.route("/v1/infobip", platformRoutes(deps));

  app.route("/v1", operatorRoutes(deps));
  const methodsAt = createMethodsAt(app);
  return app;
}
