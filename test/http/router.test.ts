import { expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { createQuota } from "../../src/http/quota.ts";
import { err } from "../../src/result.ts";
import { createRecordAuditLog } from "../../src/sessions/audit-table.ts";
import { createWorld } from "../support/world.ts";

it("finds an address by one expression: a pair of addresses that Hono cannot write so slows every request", async () => {
  const { service, now, record } = createWorld();
  const refuse = () => err({ reason: "no-credentials" as const });
  const silent = () => undefined;
  const app = createApp({
    core: service.core,
    flows: service.byBot,
    authenticate: refuse,
    authenticatePlatform: refuse,
    accounts: new Set(),
    pushed: silent,
    operators: [],
    audit: createRecordAuditLog(record),
    now,
    newId: () => "r1",
    quota: createQuota({ now, perSecond: 1 }),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    isReady: service.isReady,
    isWritable: service.isWritable,
  });
  await app.request("/livez");
  expect(app.router.name).toBe("SmartRouter + RegExpRouter");
});
