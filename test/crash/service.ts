/**
 * A process to be killed: the service as src/node.ts builds it, on a real file and real sockets. Its record and its network send
 * it a signal at the point that its parent sets over IPC.
 */
import { serve } from "@hono/node-server";
import pino from "pino";
import { monotonicFactory } from "ulid";
import { z } from "zod";
import { flows } from "../../flows/index.ts";
import { handoffSettingsSchema } from "../../src/handoff/settings.ts";
import { createNodeTransport } from "../../src/infobip/transport/node-transport.ts";
import { createInMemoryService } from "../../src/replay/in-memory/in-memory-service.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { type Fuse, type KillPoint, nameOf } from "./kill-points.ts";
import { watchedFetch } from "./watched-fetch.ts";
import { watchedRecord } from "./watched-record.ts";

const { databasePath, platformUrl, secret, operatorToken, settings } = z
  .object({
    databasePath: z.string(),
    platformUrl: z.string(),
    secret: z.string(),
    operatorToken: z.string(),
    settings: handoffSettingsSchema.partial(),
  })
  .parse(JSON.parse(process.env.CRASH ?? "{}"));

let fuse: Fuse | null = null;
function reach(point: KillPoint): void {
  if (fuse === null || nameOf(fuse.point) !== nameOf(point)) return;
  fuse.nth -= 1;
  if (fuse.nth > 0) return;
  const { signal } = fuse;
  fuse = null;
  process.kill(process.pid, signal);
}

const newId = monotonicFactory();
const service = createInMemoryService({
  secret,
  record: watchedRecord(createSqliteRecord(databasePath), reach),
  flows,
  accounts: new Map([
    ["default", { baseUrl: platformUrl, apiKey: "k", fetch: watchedFetch(createNodeTransport().fetch, reach) }],
  ]),
  operators: [{ name: "operator", token: operatorToken, mayAct: true }],
  now: Date.now,
  newId,
  newHandoffId: newId,
  random: Math.random,
  setTimer: (wake, ms) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
  log: pino({ level: "error", base: null }),
  settings: handoffSettingsSchema.parse(settings),
});
await service.resume();
process.on("message", (given: Fuse) => {
  fuse = given;
  process.send?.({ armed: true });
});
process.on("disconnect", () => process.exit());
serve({ fetch: service.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => process.send?.({ port }));
