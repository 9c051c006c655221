/**
 * No statement of the product scans a table that grows. The engine explains every statement that is prepared in this file, by any
 * part of the product; every method of every table is called.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseChecks } from "../../src/doctor/database.ts";
import { handoffStateSchema } from "../../src/model/handoff.ts";
import { createSecretUses } from "../../src/store/secret-uses.ts";
import { openRecordFile } from "../../src/store/sqlite/database-file.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";
import type { HandoffFilter } from "../../src/store/tables/handoffs/handoff-pages.ts";
import { simulate } from "../simulation/simulate.ts";
import { createEnded } from "../support/ended-chat.ts";
import { createWorld } from "../support/world.ts";
import { describeCallbacks } from "./callback-contract.ts";
import { describeRecord } from "./store-contract.ts";

/** These tables do not grow with events. */
const SMALL_TABLES = new Set([
  "alerts",
  "flow_versions",
  "former_keys",
  "scratch",
  "secret_uses",
  "sqlite_master",
  "sqlite_schema",
  "json_each",
]);
/** Statements that may scan a table, with the reason. */
const EXCEPTIONS: readonly [statement: RegExp, why: string][] = [
  [/^(DELETE|SELECT) .*\(?SELECT seq(, received_at)? FROM events ORDER BY seq LIMIT \+\?\)/, "a few from one end"],
  [/^SELECT .* FROM (events|handoffs|audit) ORDER BY (seq|id)( DESC)? LIMIT (\+\?|1)$/, "a few from one end"],
  [/^SELECT .* FROM sessions ORDER BY quiet_since LIMIT 1$/, "the first of an index"],
  [/^SELECT max\(at\) FROM \(SELECT updated_at AS at/, "the last of two tables"],
  [/^SELECT count\(\*\) FROM (\w+)$/, "`baton db check`, which reads the whole file anyway, beside the service"],
];
const SEARCHES: readonly HandoffFilter[] = [
  {},
  { before: "01A" },
  { isLate: true },
  { reason: "asked" },
  { tag: "vip" },
  { tag: "vip", reason: "asked", isLate: true },
  { openedFrom: 1, openedUntil: 2 },
  { openedFrom: 1, reason: "asked", tag: "vip" },
];
const SEEDS = [1, 2, 3, 4, 5, 6];

const statements = new Set<string>();
const called = new Set<string>();
const { prepare } = BetterSqlite3.prototype;
beforeAll(() => {
  BetterSqlite3.prototype.prepare = function noted(this: BetterSqlite3.Database, sql: string) {
    statements.add(sql.trim().replace(/\s+/g, " "));
    return prepare.call(this, sql);
  } as typeof prepare;
});
afterAll(() => {
  BetterSqlite3.prototype.prepare = prepare;
});

/** Wraps the tables and notes which methods are called. */
function noting(tables: Tables): Tables {
  const noted = Object.entries(tables).map(([name, table]: [string, Record<string, unknown>]) => [
    name,
    new Proxy(table, {
      get(target, method) {
        if (typeof method === "string") called.add(`${name}.${method}`);
        return Reflect.get(target, method);
      },
    }),
  ]);
  return Object.fromEntries(noted);
}
function notingRecord(): SessionRecord {
  const record = createSqliteRecord(":memory:");
  return {
    commit: (work) => record.commit((tables) => work(noting(tables))),
    read: (work) => record.read((tables) => work(noting(tables))),
  };
}

/** The file beside the record that names the process with the lock. */
const isOfLock = (sql: string): boolean => /\bholder\b/.test(sql);

/** Returns the lines of a plan that scan a whole table. */
function scansOf(sqlite: BetterSqlite3.Database, sql: string): string[] {
  const rows = prepare.call(sqlite, `EXPLAIN QUERY PLAN ${sql}`);
  const given = Array.from({ length: sql.split("?").length - 1 }, () => null);
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]);
  const plan = (names.length > 0 ? rows.all(Object.fromEntries(names)) : rows.all(given)) as { detail: string }[];
  const partial = prepare.call(sqlite, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'");
  const small = new Set(partial.pluck().all());
  return plan
    .map(({ detail }) => detail)
    .filter((detail) => {
      const scan = /^SCAN (\S+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail);
      if (scan === null || SMALL_TABLES.has(scan[1] ?? "")) return false;
      // Rows of a subquery do not count, nor does a partial index of rows in work.
      return !/^(\(|CONSTANT|SUBQUERY|looked$)/.test(scan[1] ?? "") && !small.has(scan[2] ?? "");
    });
}

describeRecord("the record whose statements are noted", notingRecord);
describeCallbacks("callbacks in the record whose statements are noted", notingRecord);

describe("what is asked of the record", () => {
  it("by every list, and by a start, is asked of an index", async () => {
    const world = createWorld(undefined, { record: notingRecord(), pushes: true });
    const { answer } = await world.deliver({ type: "handoff.requested", session: "s1" });
    await world.service.resume();
    for (const state of [undefined, ...handoffStateSchema.options]) {
      for (const bot of [undefined, "shop-assistant"]) {
        for (const flow of [undefined, "retail-support"]) {
          for (const more of SEARCHES) {
            world.record.read((t) => t.handoffs.page({ state, bot, flow, ...more }, 10));
          }
        }
      }
    }
    await world.prune();
    const shown = await world.operate("/handoffs?limit=5", "GET");
    expect(shown.status).toBe(200);
    for (const query of ["", "?operator=operator", "?act=export", `?handoff=${answer.handoffId}`]) {
      await world.operate(`/audit${query}`, "GET");
    }
    const handoff = world.handoff(answer.handoffId ?? "");
    expect(world.record.read((t) => t.recordedChats.find(handoff?.sessionId ?? 0, 10))?.rounds).toHaveLength(1);
    await world.record.commit((t) => {
      if (handoff !== null) t.handoffs.save({ ...handoff, state: "returned", dueAt: null }, handoff);
    });
    await world.operate("/bots/shop-assistant/sessions/s1/export", "GET");
    expect((await world.operate("/bots/shop-assistant/sessions/s1", "DELETE")).status).toBe(200);
  });

  it("by a chat's whole life, its export, its end and its files, is asked of an index", async () => {
    const { world, file } = await createEnded();
    await world.operate(`/bots/shop-assistant/sessions/${encodeURIComponent("+385915550147")}/export`, "GET");
    await world.operate(`/bots/shop-assistant/sessions/${encodeURIComponent("+385915550147")}`, "DELETE");
    databaseChecks(file, new Map([["shop-assistant", ["development"]]]), 1, world.now());
    const opened = openRecordFile(file);
    if (!opened.ok) throw new Error(opened.error);
    for (const look of [opened.value.counts, opened.value.danglingRows, opened.value.longestQuiet]) look();
    opened.value.close();
  });

  it("by hostile schedules is asked of an index", async () => {
    for (const seed of SEEDS) await simulate(seed);
  });

  it("by what breaks off is asked of an index", async () => {
    const world = createWorld(undefined, { record: notingRecord() });
    const { answer } = await world.deliver({ type: "handoff.requested", session: "s1" });
    const ledger = world.record.read((t) => t.handoffs.ledger(answer.handoffId ?? ""));
    const [step] = ledger?.steps ?? [];
    if (ledger === null || step === undefined) throw new Error("a handoff has steps");
    await world.record.commit((t) => {
      t.handoffs.save({ ...ledger.handoff, state: "pending" }, ledger.handoff);
      t.handoffs.addStep(ledger.handoff.id, { ...step, position: 99, state: "sent" });
      t.handoffs.endInFlight(1);
      t.handoffs.setAside(ledger.handoff.id, "it cannot be read", 1);
      const { id: handoffId, bot, sessionId, session } = ledger.handoff;
      const data = {
        bot,
        session,
        handoffId,
        state: null,
        control: "bot" as const,
        reason: null,
        conversationId: null,
      };
      t.callbacks.add({ id: "c1", bot, sessionId, handoffId, type: "handoff.parked", data, now: 1 });
      t.callbacks.claim("c1", 2);
      t.callbacks.putOff("c1", 4);
    });
  });

  it("by what none of these asks is asked of an index", async () => {
    const record = notingRecord();
    const secretUses = createSecretUses({
      record,
      secrets: new Map([["shop-assistant", ["a secret"]]]),
      now: () => 1,
      newSalt: () => "salt",
    });
    await secretUses.flush();
    await record.commit((t) => {
      t.scratch.write();
      t.secretUses.forget("shop-assistant", "hash");
      t.events.byFormerKey(new Uint8Array(16));
      t.erasure.keysAfter("shop-assistant", "", 1);
      t.erasure.forgetKey("shop-assistant", "k");
      t.handoffs.parkedForCredentials("default", 1);
      t.handoffs.wakePending("default", 1);
      t.handoffs.withAgent("default", 1);
      t.handoffs.mayBeRoutedByAnother("default", "c", "h", 1);
      t.handoffs.ofConversation("default", "c");
      t.handoffs.nextLateAt();
      t.handoffs.newestId();
      for (const list of [0, 1, 2]) {
        const place = { list, at: 0, after: "" };
        t.platformWatch.watched({ account: "default", bots: ["a", "b"], place, returnedAfter: 1, limit: 9 });
        t.platformWatch.watched({
          account: "default",
          bots: ["a"],
          place: { ...place, at: 2, after: "c" },
          returnedAfter: 1,
          limit: 9,
        });
      }
      const looks = [
        "countStates",
        "countLate",
        "countSetAside",
        "longestWaitSince",
        "parkedGroups",
        "setAsideGroups",
      ] as const;
      for (const look of looks) {
        t.overview[look]();
      }
      t.overview.failingSteps();
      t.overview.recent(1);
      t.overview.assignedAt("01A");
      t.overview.newestErrors(["01A"]);
      t.overview.firedRules("retail-support", 1);
      t.recordedChats.placesBefore(1, 10);
      t.flowVersions.all();
      t.flowVersions.save({ flow: "retail-support", hash: "h", since: 1 });
      t.flowVersions.remove("retail-support");
      t.sessions.after(0, 10);
      t.events.emptyWords(1, 1);
      t.alerts.all();
      t.alerts.parked(10);
      t.alerts.late(10);
      t.alerts.givenUp(10);
      t.alerts.waitingForCredentials("default", 10);
      const nobody = { bot: null, account: null, handoffId: null };
      const times = { since: 1, overAt: null, told: null, toldCount: 0, tries: 0 };
      t.alerts.save({ id: "a1", code: "disk-low", ...nobody, count: 1, ...times });
      t.alerts.remove("a1");
      t.events.ofRound(1, { epoch: 1, from: 0, until: 9 }, 100);
      t.handoffs.failuresOf("01A");
      t.handoffs.traceparentOf("01A");
      t.events.newestAt();
      t.events.newestOfSession(1, { events: 9, bytes: 9 });
      t.events.wordsOfNewcomers({ id: "01A", sessionId: 1, epoch: 1 }, 0, 9, 9);
      t.handoffs.clockSetBack(1, 1);
      t.handoffs.clockWasAhead(1);
      t.handoffs.putOff("01A", 1, 1, 1);
      t.handoffs.recovered("01A");
      t.callbacks.ofHandoff("01A");
      t.callbacks.refusalsOf({ id: "c", triesSince: 1 });
      t.secretUses.used("shop-assistant", "hash", 1);
    });
  });
});

it("every method of every table was called", () => {
  const tables = createSqliteRecord(":memory:").read((all) => all);
  const methods = Object.entries(tables).flatMap(([name, table]: [string, object]) =>
    Object.keys(table).map((method) => `${name}.${method}`),
  );
  // Call a method that is missing here above.
  expect(methods.filter((method) => !called.has(method))).toEqual([]);
});

it("nothing goes through a table that grows", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
  await createSqliteRecord(path).close();
  const sqlite = new BetterSqlite3(path);
  const asked = [...statements].filter((sql) => /^(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql) && !isOfLock(sql));
  expect(asked.length).toBeGreaterThan(100);
  const found = asked
    .filter((sql) => !EXCEPTIONS.some(([statement]) => statement.test(sql)))
    .flatMap((sql) => scansOf(sqlite, sql).map((scan) => `${scan}: ${sql}`));
  sqlite.close();
  expect(found).toEqual([]);
});
