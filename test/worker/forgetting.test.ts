import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/worker/environment.ts";
import { keyName } from "../../src/worker/objects/object-names.ts";
import { createSessionRuntime, type SessionRuntime } from "../../src/worker/session/session-runtime.ts";
import {
  alarmAt,
  ask,
  BOT,
  conversationOf,
  createEvent,
  DAY,
  over,
  push,
  request,
  shown,
  sqlOf,
  stubOf,
  tablesOf,
  take,
  withoutReadModel,
} from "./objects.ts";

const ownersOf = async (id: string) => (await conversationOf(id).owners()).map(({ object }) => object);

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const age = (session: string, ms: number) =>
  sqlOf(stubOf(session), "UPDATE sessions SET updated_at = updated_at - ?", ms);
const wake = async (stub: DurableObjectStub) => {
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + DAY));
  expect(await runDurableObjectAlarm(stub)).toBe(true);
};
/** A session whose handoff is over. */
const returned = async (session: string) => {
  const { handoffId, conversationId } = await take(session, ask);
  const id = conversationId ?? "";
  await conversationOf(id).receivePushes("default", [
    push(`${session}-closed`, id, { type: "conversation.status", status: "closed" }),
  ]);
  await expect
    .poll(async () => (await stubOf(session).handoff(handoffId ?? ""))?.handoff)
    .toMatchObject({ state: "returned", dueAt: null });
  await expect.poll(async () => (await shown(handoffId ?? "")).state).toBe("returned");
  return { handoffId: handoffId ?? "", conversationId: id };
};

describe("a conversation's object", () => {
  it("knows its session as long as that is there, whenever its alarm goes off", async () => {
    const { handoffId, conversationId } = await take("long", ask);
    const id = conversationId ?? "";
    await wake(conversationOf(id));
    expect(await ownersOf(id)).toEqual([stubOf("long").id.toString()]);
    expect(await alarmAt(conversationOf(id))).toBeGreaterThan(Date.now() + 34 * DAY);
    await conversationOf(id).receivePushes("default", [
      push("long-closed", id, { type: "conversation.status", status: "closed" }),
    ]);
    expect((await stubOf("long").handoff(handoffId ?? ""))?.handoff.state).toBe("returned");
  });

  it("is forgotten with its session", async () => {
    const { conversationId } = await returned("gone");
    await age("gone", 36 * DAY);
    await wake(stubOf("gone"));
    expect(await tablesOf(stubOf("gone"))).toEqual([]);
    expect(await tablesOf(conversationOf(conversationId))).toEqual([]);
    expect(await alarmAt(conversationOf(conversationId))).toBeNull();
  });

  it("forgets a session that went without a word", async () => {
    const stub = conversationOf("unsaid");
    const away = stubOf("unsaid").id.toString();
    await stub.claim("default", "unsaid", { object: away, bot: BOT }, "named");
    await wake(stub);
    expect(await tablesOf(stub)).toEqual([]);
  });

  it("keeps each word that came before a session for its time", async () => {
    const stub = conversationOf("kept");
    const wrote = (id: string) => push(id, "kept", { type: "customer.wrote" });
    expect(await stub.receivePushes("default", [wrote("k1"), wrote("k2")])).toEqual(["accepted", "accepted"]);
    await sqlOf(stub, "UPDATE pushes SET heard_at = heard_at - ? WHERE id = 'k1'", 36 * DAY);
    await wake(stub);
    expect(await sqlOf(stub, "SELECT id FROM pushes")).toEqual([{ id: "k2" }]);
    expect(await alarmAt(stub)).toBeGreaterThan(Date.now() + 34 * DAY);
    await sqlOf(stub, "UPDATE pushes SET heard_at = heard_at - ?", 36 * DAY);
    await wake(stub);
    expect([await tablesOf(stub), await alarmAt(stub)]).toEqual([[], null]);
  });

  it("keeps what an earlier release kept, from now on", async () => {
    const stub = conversationOf("earlier");
    await sqlOf(
      stub,
      "CREATE TABLE pushes (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT",
    );
    await sqlOf(stub, "INSERT INTO pushes (id, body) VALUES ('e1', ?)", JSON.stringify(push("e1", "earlier", {})));
    await wake(stub);
    expect(await sqlOf(stub, "SELECT id FROM pushes WHERE heard_at > ?", Date.now() - DAY)).toEqual([{ id: "e1" }]);
  });

  it("has written nothing when it was only asked", async () => {
    expect(await ownersOf("asked")).toEqual([]);
    await conversationOf("asked").forget("0");
    expect(await tablesOf(conversationOf("asked"))).toEqual([]);
  });
});

describe("a session's object", () => {
  it("forgets a handoff in its time after that was over, and so do the lists, though the session goes on", async () => {
    const { handoffId } = await returned("goes-on");
    const again = await take("goes-on", { ...ask, id: "goes-on-again" });
    expect(again.handoffId).not.toBe(handoffId);
    const stub = stubOf("goes-on");
    const old = [Date.now() - 36 * DAY, handoffId] as const;
    await sqlOf(stub, "UPDATE handoffs SET updated_at = ? WHERE id = ?", ...old);
    await sqlOf(stub, "UPDATE sessions SET quiet_since = ?", old[0]);
    await wake(stub);
    const left = await sqlOf(stub, "SELECT id FROM handoffs");
    expect(left).toEqual([{ id: again.handoffId }]);
    for (const table of ["steps", "attempts"]) {
      expect(await sqlOf(stub, `SELECT 1 FROM ${table} WHERE handoff_id = ?`, handoffId)).toEqual([]);
    }
    await expect.poll(() => sqlOf(stub, "SELECT 1 FROM projections WHERE handoff_id = ?", handoffId)).toEqual([]);
    const listed = env.READ_MODEL.prepare("SELECT id FROM handoffs WHERE id IN (?, ?)").bind(
      handoffId,
      again.handoffId,
    );
    expect((await listed.all()).results).toEqual([{ id: again.handoffId }]);
  });

  it("goes off when the first of its handoffs is old", async () => {
    await returned("looks");
    const stub = stubOf("looks");
    await sqlOf(stub, "UPDATE sessions SET quiet_since = ?", Date.now() - 20 * DAY);
    await wake(stub);
    expect(await alarmAt(stub)).toBeLessThan(Date.now() + 16 * DAY);
  });

  it("loses its words in their time though it goes on, where that is shorter than deliveries are known", async () => {
    await runInDurableObject(env.SESSIONS.get(env.SESSIONS.newUniqueId()), async (_, state) => {
      const home = createSessionRuntime(state, { ...env, RETENTION_DAYS: "7" } as Env);
      const first = createEvent("talks", { text: "my card is stolen" });
      const deliver = (event: typeof first) => home.take(BOT, "baton", [{ event, hasSenderId: true }], 0);
      await deliver(first);
      await deliver(createEvent("talks", { text: "hello again" }));
      const old = Date.now() - 8 * DAY;
      state.storage.sql.exec("UPDATE events SET received_at = ? WHERE event_id = ?", old, first.id);
      state.storage.sql.exec("UPDATE sessions SET quiet_since = ?", old);
      await home.alarm();
      const words = JSON.stringify(state.storage.sql.exec("SELECT body FROM events").toArray());
      expect(words).not.toContain("stolen");
      expect(words).toContain("hello again");
      expect((await deliver(first))[0]?.outcome).toBe("duplicate");
      await expect.poll(() => state.storage.getAlarm()).toBeLessThan(Date.now() + 7 * DAY + 60_000);
    });
  });

  /** Opens its storage in an instance of its own, whose lists take their time to forget. */
  const beside = (
    session: string,
    work: (home: SessionRuntime, lists: { letGo: () => void; areAsked: Promise<void> }) => Promise<void>,
  ) =>
    runInDurableObject(stubOf(session), async (_, state) => {
      let letGo = () => {};
      const slow = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let asked = () => {};
      const areAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const prepare = (query: string) => {
        const statement = env.READ_MODEL.prepare(query);
        if (!query.startsWith("DELETE")) return statement;
        const run = async (bound: D1PreparedStatement) => {
          asked();
          await slow;
          return bound.run();
        };
        return { bind: (...values: unknown[]) => ({ run: () => run(statement.bind(...values)) }) };
      };
      const besides: Env = { ...env, READ_MODEL: over(env.READ_MODEL, { prepare }) };
      await work(createSessionRuntime(state, besides), { letGo, areAsked });
    });
  const events = (session: string, given: object) => [{ event: createEvent(session, given), hasSenderId: true }];

  it("stays when a word comes while it takes leave, and the lists have it again", async () => {
    const { handoffId, conversationId } = await returned("back");
    await age("back", 36 * DAY);
    await beside("back", async (home, { letGo, areAsked }) => {
      const alarm = home.alarm();
      await areAsked;
      const [answer] = await home.take(BOT, "baton", events("back", { text: "hello again" }), 0);
      expect(answer).toMatchObject({ outcome: "accepted", control: "bot" });
      letGo();
      await alarm;
    });
    expect((await stubOf("back").handoff(handoffId))?.handoff.state).toBe("returned");
    await expect.poll(async () => (await shown(handoffId)).state).toBe("returned");
    await expect.poll(() => ownersOf(conversationId)).toEqual([stubOf("back").id.toString()]);
    expect(await alarmAt(stubOf("back"))).not.toBeNull();
  });

  it("is told of again when it went on while it was to be erased", async () => {
    const { handoffId, conversationId } = await returned("reopened");
    const routed = (id: string) => push(id, conversationId, { type: "conversation.status", status: "open" });
    await sqlOf(stubOf("reopened"), "UPDATE handoffs SET returned_because = 'solved'");
    await sqlOf(stubOf("reopened"), "UPDATE conversations SET status = 'solved'");
    await beside("reopened", async (home, { letGo, areAsked }) => {
      const erasing = home.eraseSession(BOT, "reopened");
      await areAsked;
      await home.receivePushes("default", [routed("reopened-open")]);
      letGo();
      expect(await erasing).toMatchObject({ ok: false, error: { reason: "handoff-open" } });
    });
    await expect.poll(async () => (await shown(handoffId)).status).toBe(200);
    await expect.poll(() => ownersOf(conversationId)).toEqual([stubOf("reopened").id.toString()]);
  });

  it("is forgotten though its bot is not configured any more, in the lists and by its conversation too", async () => {
    const { handoffId, conversationId } = await returned("unknown-bot");
    await age("unknown-bot", 36 * DAY);
    await sqlOf(stubOf("unknown-bot"), "UPDATE sessions SET bot = 'last-year'");
    await evictDurableObject(stubOf("unknown-bot"));
    await wake(stubOf("unknown-bot"));
    expect([await tablesOf(stubOf("unknown-bot")), await alarmAt(stubOf("unknown-bot"))]).toEqual([[], null]);
    expect(await tablesOf(conversationOf(conversationId))).toEqual([]);
    expect((await shown(handoffId)).status).toBe(404);
  });

  it("is looked at ever more rarely while that fails, and in time to forget it", async () => {
    const stub = stubOf("failing");
    await take("failing");
    await sqlOf(stub, "DROP TABLE callbacks");
    await evictDurableObject(stub);
    const waits: number[] = [];
    for (let n = 0; n < 13; n += 1) {
      await wake(stub);
      waits.push(Math.round((((await alarmAt(stub)) ?? 0) - Date.now()) / 60_000));
      if (n === 2) await evictDurableObject(stub);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_440, 1_440]);
    await age("failing", 35 * DAY - 600_000);
    await wake(stub);
    expect(Math.round((((await alarmAt(stub)) ?? 0) - Date.now()) / 60_000)).toBe(10);
  });

  it("rests while the lists take nothing, though its time is over", async () => {
    await returned("unforgettable");
    await age("unforgettable", 36 * DAY);
    await sqlOf(stubOf("unforgettable"), "UPDATE projections SET version = version + 1");
    await withoutReadModel(async () => {
      for (const minutes of [1, 2, 4]) {
        await wake(stubOf("unforgettable"));
        const at = (await alarmAt(stubOf("unforgettable"))) ?? 0;
        expect(Math.round((at - Date.now()) / 60_000)).toBe(minutes);
      }
    });
    await wake(stubOf("unforgettable"));
    expect(await tablesOf(stubOf("unforgettable"))).toEqual([]);
  });
});

it("keeps a key that was used anew, whenever its alarm goes off", async () => {
  const stub = env.KEYS.getByName(keyName(BOT, "anew"));
  await stub.claim(BOT, "anew", new Uint8Array([1]));
  await wake(stub);
  expect(await sqlOf(stub, "SELECT key FROM idempotency")).toEqual([{ key: "anew" }]);
  expect(await alarmAt(stub)).toBeGreaterThan(Date.now() + 34 * DAY);
  await sqlOf(stub, "UPDATE idempotency SET expires_at = expires_at - ?", 36 * DAY);
  await wake(stub);
  expect([await tablesOf(stub), await alarmAt(stub)]).toEqual([[], null]);
});
