import { type Context, Hono } from "hono";
import { getPathNoStrict } from "hono/utils/url";
import type { Source } from "../events/source.ts";
import { sources as knownSources } from "../events/sources.ts";
import { fullBacklogOf } from "../handoff/use-cases/backlog.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import { createConsoleDoor, type WithConsole } from "./access/console-door.ts";
import { createOperatorAccess } from "./access/operator-access.ts";
import { type Env, json } from "./answer.ts";
import type { AppDeps } from "./app-deps.ts";
import { botRoutes } from "./bots.ts";
import { descriptionRoutes } from "./description.ts";
import { createMethodsAt } from "./methods.ts";
import { operatorRoutes } from "./operators/operator-routes.ts";
import { platformRoutes } from "./platform.ts";
import { problem } from "./problem.ts";
import type { Tails } from "./tail/tails.ts";

const MAX_BODY_BYTES = 1024 * 1024;
/** The platform may gather up to 2,000 events into one push. */
const MAX_PUSH_BYTES = 4 * 1024 * 1024;
/** A dry run takes the payload of any source. */
const MAX_DRY_RUN_BYTES = MAX_PUSH_BYTES;
const REQUEST_ID = /^[\x21-\x7e]{1,100}$/;
/** Only the body of a request comes over a connection that can break. */
const isBrokenOff = (error: Error): boolean => "code" in error && error.code === "ECONNRESET";

/** Ignores a slash too many, at the end or beside another one. */
function pathOf(request: Request): string {
  const path = getPathNoStrict(request);
  if (!path.includes("//")) return path;
  const single = path.replace(/\/{2,}/g, "/");
  return single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
}

/** Answers may hold personal data: no cache may keep them, and no browser may guess their type. */
const ON_EVERY_ANSWER = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const PUSH_PATH = /^\/v1\/infobip\/([^/]+)\//;
const FLOWS_PATH = "/v1/flows/";
const WEBHOOK_PATH = /^\/v1\/bots\/[^/]+\/webhooks\/([^/]+)$/;

function tellTails(tails: Tails, c: Context<Env>): void {
  const received = c.get("received");
  if (received !== undefined) tails.tell(received, c.res.status);
}

/** Creates the whole HTTP interface, on any runtime. */
export function createApp(deps: AppDeps & WithConsole): Hono<Env> {
  const app = new Hono<Env>({ getPath: pathOf });
  const sources = deps.sources ?? knownSources;
  const { tails } = deps;

  function bodyLimit(path: string, source: Source | undefined): number {
    const [, account] = PUSH_PATH.exec(path) ?? [];
    if (account !== undefined && deps.accounts.has(account)) return MAX_PUSH_BYTES;
    if (path.startsWith(FLOWS_PATH)) return MAX_DRY_RUN_BYTES;
    return source?.limits?.bytes ?? MAX_BODY_BYTES;
  }

  app.use((c, next) => {
    const given = c.req.header("x-request-id") ?? "";
    const requestId = REQUEST_ID.test(given) ? given : deps.newId();
    c.set("requestId", requestId);
    c.set("meter", deps.meter);
    c.set("headers", { "x-request-id": requestId, ...ON_EVERY_ANSWER });
    const [, sourceName = ""] = WEBHOOK_PATH.exec(c.req.path) ?? [];
    const source = sources.get(sourceName);
    const limit = bodyLimit(c.req.path, source);
    c.set("source", source);
    c.set("maxBodyBytes", limit);
    // The server holds a body to its declared size; any other is counted while it is read.
    const isTooLarge = Number(c.req.header("content-length") ?? 0) > limit;
    if (isTooLarge) return Promise.resolve(problem(c, { kind: "body-too-large", limit }));
    return tails?.isWatched() ? next().then(() => tellTails(tails, c)) : next();
  });
  app.notFound((c) => {
    const allow = methodsAt(c.req.path);
    if (allow.length === 0) return problem(c, { kind: "not-found" });
    if (c.req.method !== "OPTIONS") return problem(c, { kind: "method-not-allowed", allow });
    // A sender of CloudEvents asks first whether it may send here. Everybody may ask; only credentials let it send.
    const isAsked = c.req.header("webhook-request-origin") !== undefined;
    const agreed = isAsked ? { "webhook-allowed-origin": "*", "webhook-allowed-rate": "*" } : {};
    return new Response(null, { status: 204, headers: { ...c.get("headers"), ...agreed, allow: allow.join(", ") } });
  });
  app.onError((err, c) => {
    if (isBrokenOff(err)) return problem(c, { kind: "unreadable-body", detail: "It broke off." });
    // `storage-health` logs it.
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

  app.get("/metrics", createOperatorAccess(deps), async (c) => {
    if (deps.readMetrics === undefined) return problem(c, { kind: "no-metrics" });
    const { type, text } = await deps.readMetrics();
    return new Response(text, { headers: { ...c.get("headers"), "content-type": type } });
  });

  app.route("/", descriptionRoutes({ ...deps, sources, routesOf: () => app.routes }));

  const ask = (request: Request) => app.fetch(request, {});
  app.all("/console/*", createConsoleDoor(deps.openConsole, { ...deps, sources, ask }));

  app.route("/v1/bots", botRoutes({ ...deps, sources }));

  app.route("/v1/infobip", platformRoutes(deps));

  app.route("/v1", operatorRoutes({ ...deps, sources }));
  const methodsAt = createMethodsAt(app);
  return app;
}
