import { expect, it } from "vitest";
import { createReadBody } from "../../src/http/access/read-body.ts";
import { createRefusals } from "../../src/http/access/refusals.ts";
import { createApp } from "../../src/http/app.ts";
import { createQuota } from "../../src/http/quota.ts";
import { silentMeter } from "../../src/metrics/meter.ts";
import { err } from "../../src/result.ts";
import { createRecordAuditLog } from "../../src/store/record-audit-log.ts";
import { createWorld } from "../support/world.ts";

it("finds an address by one expression: a pair of addresses that Hono cannot write so slows every request", async () => {
  const { service, now, record } = createWorld();
  const refuse = () => err({ reason: "no-credentials" as const });
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const app = createApp({
    core: service.core,
    flows: service.byBot,
    describe: async () => ({}),
    serveMcp: async () => new Response(null),
    openConsole: async () => () => new Response(null),
    authenticate: refuse,
    authenticatePlatform: refuse,
    accounts: new Set(),
    pushed: silent,
    operators: [],
    audit: createRecordAuditLog(record),
    now,
    newId: () => "r1",
    refusals: createRefusals({ now, log }),
    readBody: createReadBody(),
    quota: createQuota({ now, perSecond: 1 }),
    log,
    meter: silentMeter,
    isReady: service.isReady,
    isWritable: service.isWritable,
  });
  await app.request("/livez");
  expect(app.router.name).toBe("SmartRouter + RegExpRouter");
});
