import { describe, expect, it } from "vitest";
import { createEmulator } from "../../src/emulator/app.ts";
import { createEngine } from "../../src/engine.ts";
import { defineFlow } from "../../src/escalation/flow.ts";
import { eventSchema } from "../../src/events/event.ts";
import { createAccountHome } from "../../src/handoff/account/account-coordinator.ts";
import { createBucket } from "../../src/handoff/account/token-bucket.ts";
import { handoffSettingsSchema } from "../../src/handoff/settings.ts";
import { createConversationsClient } from "../../src/infobip/client.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createTimers } from "../support/world.ts";

const BOT = "shop-assistant";
const flow = defineFlow({
  name: "shared",
  bots: [BOT],
  conversation: { topic: "Chat {{session}}" },
  tags: ["bot_handoff"],
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
});
const START = Date.parse("2026-11-23T10:00:00Z");

/** Many cores, each with a record of its own, that share one account: as on Workers, in one process. */
function createCrowd(size: number, { perSecond = 1_000, settings = {} } = {}) {
  let at = START;
  let ids = 0;
  const now = () => at;
  const nextId = () => {
    ids += 1;
    return ids;
  };
  const timers = createTimers();
  const setTimer = (call: () => void, ms: number) => timers.set(call, at + ms);
  const lines: string[] = [];
  const say = (_: unknown, message: string) => void lines.push(message);
  const log = { debug: () => undefined, info: say, warn: say, error: say };
  const newId = () => nextId().toString(16).toUpperCase().padStart(32, "0");
  const emulator = createEmulator({ now, newId, sleep: async () => undefined });
  const connection = { baseUrl: "https://emulator.invalid", apiKey: "k", fetch: emulator.fetch };
  const client = createConversationsClient({
    ...connection,
    now,
    onCall: (_, outcome) => home.recordResponse(outcome),
  });
  const home = createAccountHome({
    client,
    now,
    settings: handoffSettingsSchema.parse(settings),
    perSecond,
    onOpen: () => say(null, "the account is left alone"),
  });
  const cores = Array.from({ length: size }, () =>
    createEngine({
      record: createSqliteRecord(":memory:"),
      flows: [flow],
      accounts: new Map([["default", { ...connection, shared: home, pollEveryMs: 0 }]]),
      now,
      newHandoffId: () => `01H${String(nextId()).padStart(6, "0")}`,
      random: () => 1,
      setTimer,
      log,
      settings,
    }),
  );
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 30; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return {
    emulator,
    home,
    lines,
    turns,
    async pass(ms: number, stepMs = ms): Promise<void> {
      for (let passed = 0; passed < ms; passed += stepMs) {
        at += stepMs;
        timers.fire(at);
        await turns();
      }
    },
    /** Requests a handoff in a chat of each of these cores. */
    async ask(from = 0, to = size): Promise<void> {
      await Promise.all(
        cores.slice(from, to).map(({ core }, n) => {
          const given = {
            id: "e1",
            session: `s${from + n}`,
            type: "handoff.requested",
            at: new Date(at).toISOString(),
          };
          return core.take(BOT, "baton", [{ event: eventSchema.parse(given), hasSenderId: true }], 0);
        }),
      );
      await turns();
    },
    states: () =>
      cores.flatMap(({ core }) => {
        const page = core.handoffs({}, 10);
        return "handoffs" in page ? page.handoffs.map(({ state }) => state) : [];
      }),
    calls: (operation: string) => emulator.calls.filter((call) => call.operation === operation),
  };
}

describe("an account that many share", () => {
  it("is asked no faster than its pace, in the order in which they came, and nobody is forgotten", async () => {
    const perSecond = 20;
    const crowd = createCrowd(40, { perSecond });
    await crowd.ask();
    expect(crowd.states().filter((state) => state === "routed").length).toBeLessThan(12);
    await crowd.pass(60_000, 100);
    expect(crowd.states()).toEqual(Array(40).fill("routed"));
    expect(crowd.calls("createConversation")).toHaveLength(40);
    const times = crowd.emulator.calls.map(({ at }) => at);
    for (const [index, first] of times.entries()) {
      // A second's worth, the savings of two quiet seconds, and an unused lease.
      const within = times.slice(index).filter((time) => time < first + 1_000).length;
      expect(within).toBeLessThanOrEqual(perSecond * 3 + 8);
    }
  });

  it("is left alone by all when it fails for some, and tried by one before all go on", async () => {
    const crowd = createCrowd(30, { settings: { breakAfter: 5 } });
    crowd.emulator.faults.add({ kind: "refuse", times: 5 });
    for (let each = 0; each < 5; each += 1) await crowd.ask(each, each + 1);
    expect(crowd.lines).toContain("the account is left alone");
    const before = crowd.emulator.calls.length;
    await crowd.ask(5, 30);
    expect(crowd.emulator.calls).toHaveLength(before);
    await crowd.pass(5_000);
    expect(crowd.emulator.calls.length - before).toBeLessThanOrEqual(6);
    await crowd.pass(60_000, 500);
    expect(crowd.states()).toEqual(Array(30).fill("routed"));
  });

  it("parks all where it refuses our credentials, is asked once for all of them, and lets one go first", async () => {
    const crowd = createCrowd(10);
    crowd.emulator.faults.add({ kind: "status", status: 401, rate: 1, text: "Invalid" });
    await crowd.ask();
    await crowd.pass(1_000, 100);
    expect(crowd.states()).toEqual(Array(10).fill("parked"));
    const checks = () => crowd.calls("listQueues").length;
    const before = checks();
    await crowd.pass(30_000, 1_000);
    expect(checks() - before).toBeLessThanOrEqual(2);
    expect(checks()).toBeGreaterThan(0);
    crowd.emulator.faults.clear();
    await crowd.pass(120_000, 1_000);
    expect(crowd.states()).toEqual(Array(10).fill("routed"));
    expect(crowd.calls("createConversation").filter(({ status }) => status === 200)).toHaveLength(10);
  });
});

describe("a bucket", () => {
  it("gives what was saved at once, then at its pace, and takes back what is not used", () => {
    let at = 1_000;
    const bucket = createBucket({ now: () => at, perSecond: 10, burst: 20 });
    expect([bucket.take(10), bucket.take(10), bucket.take(10), bucket.take(5)]).toEqual([1_000, 1_000, 2_000, 2_500]);
    bucket.giveBack(15);
    expect(bucket.take(1)).toBe(1_100);
    at = 60_000;
    expect([bucket.take(20), bucket.take(1)]).toEqual([60_000, 60_100]);
  });
});
