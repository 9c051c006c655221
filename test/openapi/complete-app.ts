/** The whole interface, with the routes that only one runtime has. */
import { sources } from "../../src/events/sources.ts";
import { createReadBody } from "../../src/http/access/read-body.ts";
import { createRefusals } from "../../src/http/access/refusals.ts";
import { createApp } from "../../src/http/app.ts";
import { createQuota } from "../../src/http/quota.ts";
import { createTails } from "../../src/http/tail/tails.ts";
import { silentMeter } from "../../src/metrics/meter.ts";
import { err } from "../../src/result.ts";
import { describe, openConsole, serveMcp } from "../../src/service.ts";
import { createRecordAuditLog } from "../../src/store/record-audit-log.ts";
import { createWorld } from "../support/world.ts";

export function createCompleteApp() {
  const { service, now, record } = createWorld();
  const refuse = () => err({ reason: "no-credentials" as const });
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  return createApp({
    core: { ...service.core, tellAgain: async () => 0 },
    flows: service.byBot,
    describe,
    serveMcp,
    openConsole,
    tails: createTails({
      flows: service.byBot,
      sources,
      now,
      steadyNow: now,
      newId: () => "t1",
      setTimer: () => silent,
    }),
    readPageFile: async () => null,
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
}
