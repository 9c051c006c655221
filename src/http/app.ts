import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Flow, Flows } from "../escalation/flow.ts";
import type { Authenticate } from "../events/authenticate.ts";
import type { Dispatcher } from "../handoff/dispatcher.ts";
import type { Receive } from "../handoff/receive.ts";
import type { Log } from "../log.ts";
import { handoffStateSchema } from "../sessions/ledger.ts";
import type { SessionRecord } from "../sessions/record.ts";
import { botRoutes } from "./bots.ts";
import { problem } from "./problem.ts";
import { showHandoff, showLedger } from "./show.ts";

export interface AppDeps {
  record: SessionRecord;
  receive: Receive;
  dispatcher: Pick<Dispatcher, "settled">;
  flows: Flows;
  authenticate: Authenticate;
  operatorToken: string;
  now: () => number;
  newId: () => string;
  log: Log;
  /** False while the service stops. */
  isReady: () => boolean;
}

const MAX_BODY_BYTES = 256 * 1024;
const REQUEST_ID = /^[\x21-\x7e]{1,100}$/;
const listSchema = z.object({
  bot: z.string().optional(),
  flow: z.string().optional(),
  state: handoffStateSchema.optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/** Of what is read and written here, only a request's own body comes over a connection that can break. */
const isBrokenOff = (error: Error): boolean => "code" in error && error.code === "ECONNRESET";

export type Env = { Variables: { requestId: string } };

/** The whole HTTP interface, on any runtime. */
export function createApp(deps: AppDeps): Hono<Env> {
  const app = new Hono<Env>();
  const operator = digest(`Bearer ${deps.operatorToken}`);

  app.use(async (c, next) => {
    const given = c.req.header("x-request-id") ?? "";
    c.set("requestId", REQUEST_ID.test(given) ? given : deps.newId());
    await next();
    c.header("x-request-id", c.get("requestId"));
  });
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => problem(c, { kind: "body-too-large", limit: MAX_BODY_BYTES }),
    }),
  );
  app.notFound((c) => problem(c, { kind: "not-found" }));
  app.onError((err, c) => {
    if (isBrokenOff(err)) return problem(c, { kind: "unreadable-body", detail: "It broke off." });
    deps.log.error({ requestId: c.get("requestId"), method: c.req.method, err }, "request failed");
    return problem(c, { kind: "internal" });
  });

  app.get("/livez", (c) => c.json({ status: "live" }));
  app.get("/readyz", async (c) => {
    if (!deps.isReady()) return problem(c, { kind: "stopping" });
    await deps.record.commit(() => undefined);
    return c.json({ status: "ready" });
  });

  app.route("/v1/bots", botRoutes(deps));

  const forOperators = new Hono<Env>();
  for (const path of ["/handoffs/*", "/flows/*"]) {
    forOperators.use(path, async (c, next) => {
      if (timingSafeEqual(digest(c.req.header("authorization") ?? ""), operator)) return next();
      return problem(c, { kind: "unauthenticated" });
    });
  }
  forOperators.get("/handoffs", (c) => {
    const query = listSchema.safeParse(c.req.query());
    if (!query.success) {
      const issues = query.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
      return problem(c, { kind: "invalid-event", issues });
    }
    const { limit, ...filter } = query.data;
    const handoffs = deps.record.read((tables) => tables.handoffs.list(filter, limit));
    const next = handoffs.length === limit ? (handoffs.at(-1)?.id ?? null) : null;
    return c.json({ handoffs: handoffs.map(showHandoff), next });
  });
  forOperators.get("/handoffs/:id", (c) => {
    const id = c.req.param("id");
    const ledger = deps.record.read((tables) => tables.handoffs.ledger(id));
    if (ledger === null) return problem(c, { kind: "not-found" });
    return c.json(
      showLedger(
        ledger,
        deps.record.read((tables) => tables.handoffs.attemptsOf(id)),
      ),
    );
  });
  forOperators.get("/flows", (c) => c.json({ flows: [...new Set<Flow>(deps.flows.values())] }));
  app.route("/v1", forOperators);
  return app;
}
