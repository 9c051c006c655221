import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Pushed } from "../../src/events/sources/conversations.ts";
import { conversationName, keyName } from "../../src/worker/objects/object-names.ts";
import { createSessionStorage } from "../../src/worker/session/session-storage.ts";
import released from "../released/lists-5.sql";
import {
  alarmAt,
  ask,
  BOT,
  calls,
  createEvent,
  DAY,
  OPERATOR,
  openConversation,
  request,
  shown,
  sqlOf,
  stubOf,
  take,
  withoutReadModel,
} from "./objects.ts";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const sql = (session: string, statement: string, ...bindings: (string | number)[]) =>
  sqlOf(stubOf(session), statement, ...bindings);
const alarmOf = (session: string) => alarmAt(stubOf(session));
it("is for one's own machine alone where the emulator is the platform", async () => {
  for (const path of ["/livez", "/emulator/calls", "/v1/flows"]) {
    expect((await exports.default.fetch(new Request(`https://baton.example.com${path}`))).status).toBe(421);
  }
});

describe("a session's object", () => {
  it("has written nothing when it was only asked", async () => {
    expect(await stubOf("never").session(BOT, "never")).toBeNull();
    expect(await stubOf("never").handoff("01A")).toBeNull();
    expect(await stubOf("never").cancel("01A")).toMatchObject({ ok: false });
    expect(await sql("never", "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")).toEqual([]);
    expect(await alarmOf("never")).toBeNull();
  });

  it("knows after an eviction what it knew before", async () => {
    const said = createEvent("evicted");
    await stubOf("evicted").take(BOT, "baton", [{ event: said, hasSenderId: true }], 0);
    await evictDurableObject(stubOf("evicted"));
    const [again] = await stubOf("evicted").take(BOT, "baton", [{ event: said, hasSenderId: true }], 0);
    expect(again).toMatchObject({ outcome: "duplicate", control: "bot" });
    expect(await stubOf("evicted").session(BOT, "evicted")).toMatchObject({
      session: { version: 1 },
      lastHandoff: null,
    });
  });

  it("goes on by its alarm with what an instance that is gone had on its way, and repeats nothing blindly", async () => {
    const { handoffId } = await take("crashed", ask);
    expect(handoffId).not.toBeNull();
    // The rows of an instance that ended between the intent and the answer of its first request.
    const later = Date.now() + 30_000;
    await sql(
      "crashed",
      "UPDATE handoffs SET state = 'pending', conversation_id = NULL, routed_at = NULL, due_at = ?",
      later,
    );
    await sql("crashed", "UPDATE steps SET state = 'ready', result = NULL, next_at = 0, sends = 0 WHERE position > 0");
    await sql("crashed", "UPDATE steps SET state = 'sent', result = NULL WHERE position = 0");
    await evictDurableObject(stubOf("crashed"));
    await runInDurableObject(stubOf("crashed"), (_, { storage }) => storage.setAlarm(Date.now() + DAY));
    expect(await runDurableObjectAlarm(stubOf("crashed"))).toBe(true);
    await expect.poll(async () => (await stubOf("crashed").handoff(handoffId ?? ""))?.handoff.state).toBe("routed");
    const created = (await calls()).filter(
      ({ operation, body }) => operation === "createConversation" && JSON.stringify(body).includes(handoffId ?? "?"),
    );
    expect(created).toHaveLength(1);
  });

  it("always has an alarm, not later than what is due next", async () => {
    await take("alarmed");
    expect(await alarmOf("alarmed")).toBeGreaterThan(Date.now() + 34 * DAY);
    await take("alarmed", ask);
    // A customer without an agent at that time is an alert.
    const [row] = await sql("alarmed", "SELECT created_at AS at FROM handoffs");
    const at = (await alarmOf("alarmed")) ?? 0;
    expect(at - Number(row?.at)).toBeLessThanOrEqual(301_000);
  });

  it("ends no alarm with an error, and comes back to it", async () => {
    const { handoffId } = await take("damaged", ask);
    await evictDurableObject(stubOf("damaged"));
    const [{ decision }] = z
      .tuple([z.object({ decision: z.string() })])
      .parse(await sql("damaged", "SELECT decision FROM handoffs WHERE id = ?", handoffId ?? ""));
    await sql("damaged", "UPDATE handoffs SET decision = '{' WHERE id = ?", handoffId ?? "");
    await runInDurableObject(stubOf("damaged"), (_, { storage }) => storage.setAlarm(Date.now() + DAY));
    expect(await runDurableObjectAlarm(stubOf("damaged"))).toBe(true);
    const again = (await alarmOf("damaged")) ?? Number.POSITIVE_INFINITY;
    expect(again).toBeLessThan(Date.now() + 63_000);
    await sql("damaged", "UPDATE handoffs SET decision = ? WHERE id = ?", decision, handoffId ?? "");
  });

  it("alerts of a customer who still has no agent when the time for that is over", async () => {
    const { handoffId } = await take("late", ask);
    await sql("late", "UPDATE handoffs SET late_at = late_at - 600000");
    await runDurableObjectAlarm(stubOf("late"));
    await expect
      .poll(async () => {
        const list = await request("/v1/handoffs?late=true&limit=200", { headers: OPERATOR });
        return ((await list.json()) as { handoffs: { id: string }[] }).handoffs.map(({ id }) => id);
      })
      .toContain(handoffId);
  });

  it("forgets itself when it was not heard of for long, and the lists forget it", async () => {
    const { handoffId } = await take("old", ask);
    await sql("old", "UPDATE handoffs SET state = 'returned', returned_because = 'closed', due_at = NULL");
    await sql("old", "UPDATE sessions SET updated_at = ?", Date.now() - 36 * DAY);
    await sql("old", "UPDATE events SET received_at = ?", Date.now() - 36 * DAY);
    await runDurableObjectAlarm(stubOf("old"));
    // Callbacks that were still due come first.
    if ((await alarmOf("old")) !== null) await runDurableObjectAlarm(stubOf("old"));
    expect(await sql("old", "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")).toEqual([]);
    expect(await alarmOf("old")).toBeNull();
    expect((await shown(handoffId ?? "")).status).toBe(404);
    expect(await take("old")).toMatchObject({ outcome: "accepted", control: "bot" });
  });

  it("keeps the marks of its deliveries, and nothing else, where sessions are forgotten sooner than those", async () => {
    const { handoffId } = await take("marked", { ...ask, id: "marked-1" });
    await sql("marked", "UPDATE handoffs SET state = 'returned', returned_because = 'closed', due_at = NULL");
    await sql("marked", "UPDATE sessions SET updated_at = ?", Date.now() - 8 * DAY);
    const soon = (days: number) =>
      runInDurableObject(stubOf("marked"), (_, { storage }) => {
        const stored = createSessionStorage(storage, days * DAY);
        if (stored.forgetAt() <= Date.now()) stored.forgetSessions();
        return stored.keptUntil() - Date.now();
      });
    await soon(9);
    expect(await stubOf("marked").session(BOT, "marked")).toMatchObject({ lastHandoff: { id: handoffId } });
    expect(await soon(7)).toBeGreaterThan(34 * DAY);
    expect(await stubOf("marked").session(BOT, "marked")).toBeNull();
    for (const table of ["sessions", "handoffs", "steps", "attempts", "callbacks", "conversations", "claims"]) {
      expect(await sql("marked", `SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    }
    expect(await sql("marked", "SELECT DISTINCT body FROM events")).toEqual([{ body: "{}" }]);
    expect(await take("marked", { ...ask, id: "marked-1" })).toMatchObject({ outcome: "duplicate", handoffId: null });
  });
});

describe("the read model", () => {
  it("may be gone: handoffs go on, and it hears of them when it is back", async () => {
    let id = "";
    await withoutReadModel(async () => {
      const answer = await take("unlisted", ask);
      expect(answer.handoffState).toBe("routed");
      id = answer.handoffId ?? "";
      expect((await request("/v1/handoffs", { headers: OPERATOR })).status).toBe(503);
    });
    await expect
      .poll(
        async () => {
          await runDurableObjectAlarm(stubOf("unlisted"));
          return (await shown(id)).status;
        },
        { interval: 250 },
      )
      .toBe(200);
  });

  it("is made again from what the objects have", async () => {
    const { handoffId } = await take("lost", ask);
    await env.READ_MODEL.prepare("DELETE FROM handoffs WHERE id = ?").bind(handoffId).run();
    expect((await shown(handoffId ?? "")).status).toBe(404);
    const rebuild = (objects: string[]) =>
      request("/v1/handoffs/rebuild", { method: "POST", headers: OPERATOR, body: JSON.stringify({ objects }) });
    const told = await rebuild([stubOf("lost").id.toString(), stubOf("never").id.toString(), "0".repeat(64)]);
    // The second has nothing to project, and the third is no session's.
    expect(await told.json()).toEqual({ told: 2 });
    expect((await rebuild(["lost"])).status).toBe(422);
    expect(await shown(handoffId ?? "")).toMatchObject({ status: 200, state: "routed" });
  });
});

it("lists what an earlier release told, page by page, and leaves out what cannot be read", async () => {
  for (const row of released.split("\n").filter((line) => line.startsWith("INSERT INTO handoffs"))) {
    await env.READ_MODEL.prepare(row).run();
  }
  const told = async (limit: number) => {
    const ids: string[] = [];
    for (let query = `bot=day-bot&limit=${limit}`; ; ) {
      const answer = await request(`/v1/handoffs?${query}`, { headers: OPERATOR });
      const page = (await answer.json()) as { handoffs: { id: string }[]; next: string | null };
      ids.push(...page.handoffs.map(({ id }) => id));
      if (page.next === null) return ids;
      query = `bot=day-bot&limit=${limit}&before=${page.next}`;
    }
  };
  const all = ["01H0007", "01H0006", "01H0005", "01H0003", "01H0002", "01H0001"];
  expect([await told(100), await told(2)]).toEqual([all, all]);
  await env.READ_MODEL.prepare("UPDATE handoffs SET body = '{' WHERE id IN ('01H0006', '01H0005')").run();
  const readable = all.filter((id) => id !== "01H0006" && id !== "01H0005");
  expect([await told(100), await told(2)]).toEqual([readable, readable]);
  await env.READ_MODEL.prepare("DELETE FROM handoffs WHERE id LIKE '01H%'").run();
});

describe("a conversation's object", () => {
  const pushed = (id: string, conversationId: string): Pushed => ({
    id,
    wireType: "CONVERSATION_ASSIGNED",
    event: {
      type: "conversation.assigned",
      conversationId,
      at: Date.now() + 1_000,
      assignee: { kind: "human", id: "agent-9", name: "Ana" },
      text: "nobody's words",
    },
  });

  it("keeps what comes before a session knows its conversation, and gives it over once", async () => {
    const stub = env.CONVERSATIONS.getByName(conversationName("default", "early"));
    expect(await stub.receivePushes("default", [pushed("p1", "early")])).toEqual(["accepted"]);
    expect(await stub.receivePushes("default", [pushed("p1", "early")])).toEqual(["duplicate"]);
    const kept = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec("SELECT body FROM pushes").toArray(),
    );
    expect(JSON.stringify(kept)).not.toContain("nobody's words");
    await take("early", { conversationId: "early" });
    await expect
      .poll(async () => (await stubOf("early").session(BOT, "early"))?.session)
      .toMatchObject({ control: "agent", agentId: "agent-9" });
    await expect
      .poll(() => runInDurableObject(stub, (_, { storage }) => storage.sql.exec("SELECT id FROM pushes").toArray()))
      .toEqual([]);
    // Further pushes go there at once.
    expect(await stub.receivePushes("default", [pushed("p1", "early"), pushed("p2", "early")])).toEqual([
      "duplicate",
      "accepted",
    ]);
  });
});

describe("two sessions in one conversation", () => {
  it("share its handoff and its one route, and both follow it to its end", async () => {
    const id = await openConversation();
    const first = await take("line-1", { ...ask, conversationId: id });
    expect(first.handoffState).toBe("routed");
    const asks = { type: "handoff.requested", reason: "again", conversationId: id };
    const second = await take("line-2", asks);
    expect(second).toMatchObject({ control: "queue", handoffId: first.handoffId, conversationId: id });
    const view = async (session: string) => (await stubOf(session).session(BOT, session))?.session.control;
    expect([await view("line-1"), await view("line-2")]).toEqual(["queue", "queue"]);
    const routes = (await calls()).filter(({ operation, path }) => operation === "route" && path.includes(id));
    expect(routes).toHaveLength(1);

    const conversation = env.CONVERSATIONS.getByName(conversationName("default", id));
    const push = (n: number, given: object): Pushed => ({
      id: `line-${n}`,
      wireType: "X",
      event: { conversationId: id, at: Date.now() + 1_000 + n, ...given } as NonNullable<Pushed["event"]>,
    });
    await conversation.receivePushes("default", [
      push(1, { type: "conversation.assigned", assignee: { kind: "human", id: "a1", name: "Ana" } }),
    ]);
    expect([await view("line-1"), await view("line-2")]).toEqual(["agent", "agent"]);
    await conversation.receivePushes("default", [push(2, { type: "conversation.status", status: "closed" })]);
    expect([await view("line-1"), await view("line-2")]).toEqual(["bot", "bot"]);
    // The second session continues where it was, also after an eviction, and requests a handoff of its own.
    await evictDurableObject(stubOf("line-2"));
    const next = await take("line-2", ask);
    expect(next).toMatchObject({ outcome: "accepted", handoffState: "routed" });
    expect(next.handoffId).not.toBe(first.handoffId);
    expect((await shown(next.handoffId ?? "")).state).toBe("routed");
  });

  it("may be erased one by one", async () => {
    const id = await openConversation();
    await take("apart-1", { ...ask, conversationId: id });
    const { handoffId } = await take("apart-2", { type: "handoff.requested", conversationId: id });
    expect(await stubOf("apart-2").eraseSession(BOT, "apart-2")).toMatchObject({ ok: false });
    await env.CONVERSATIONS.getByName(conversationName("default", id)).receivePushes("default", [
      {
        id: "apart-end",
        wireType: "X",
        event: { type: "conversation.status", status: "closed", conversationId: id, at: Date.now() + 1_000 },
      },
    ]);
    await expect.poll(async () => (await stubOf("apart-2").eraseSession(BOT, "apart-2")).ok).toBe(true);
    expect(await stubOf("apart-2").session(BOT, "apart-2")).toBeNull();
    expect((await stubOf("apart-1").session(BOT, "apart-1"))?.session.control).toBe("bot");
    await expect.poll(async () => (await shown(handoffId ?? "")).status).toBe(200);
  });
});

describe("a key's object", () => {
  it("remembers over an eviction", async () => {
    const stub = env.KEYS.getByName(keyName(BOT, "k"));
    const body = new Uint8Array([1]);
    expect(await stub.claim(BOT, "k", body)).toEqual({ kind: "first" });
    const answer = await take("keyed");
    await stub.end(BOT, "k", answer);
    await evictDurableObject(stub);
    expect(await stub.claim(BOT, "k", body)).toEqual({ kind: "answered", answer });
    expect(await stub.claim(BOT, "k", new Uint8Array([2]))).toEqual({ kind: "reused" });
  });
});

describe("a session that is erased", () => {
  const path = (session: string) => `/v1/bots/${BOT}/sessions/${encodeURIComponent(session)}`;
  const erase = (session: string) => request(path(session), { method: "DELETE", headers: OPERATOR });
  /** Every row of every table of an object. */
  const dump = (stub: DurableObjectStub) =>
    runInDurableObject(stub, (_, { storage }) => {
      const found = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";
      const names = storage.sql.exec(found).toArray();
      return names.map(({ name }) => JSON.stringify(storage.sql.exec(`SELECT * FROM "${name}"`).toArray())).join("\n");
    });
  const session = "+385915550147";
  const canaries = /\+385915550147|Canary|-canary/;
  const post = (to: string, body: object, headers = {}) =>
    request(`/v1/bots/${BOT}${to}`, {
      method: "POST",
      headers: { authorization: "Bearer development-secret", "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  it("leaves nothing of the person in its object, those of its key and conversation, or the lists", async () => {
    const said = { id: "said-canary", type: "customer.message", session, text: "words-canary" };
    const asked = { session, reason: "reason-canary", customer: { name: "Canary" }, summary: "summary-canary" };
    const ask = () => post("/handoffs", asked, { "idempotency-key": "key-canary" });
    expect((await post("/events", said)).status).toBe(200);
    const answer = await ask();
    expect(answer.status).toBe(201);
    const { handoffId, conversationId } = (await answer.json()) as { handoffId: string; conversationId: string };

    const refused = await erase(session);
    expect([refused.status, await refused.json()]).toMatchObject([409, { state: "routed" }]);
    const assigned = { type: "conversation.assigned", assignee: { kind: "human", id: "a1", name: "agent-canary" } };
    const closed = { type: "conversation.status", status: "closed" };
    const at = Date.now() + 1_000;
    const conversation = env.CONVERSATIONS.getByName(conversationName("default", conversationId));
    const pushes = [assigned, closed].map((given, n) => ({
      id: `canary-push-${n}`,
      wireType: "X",
      event: { conversationId, at: at + n, ...given } as NonNullable<Pushed["event"]>,
    }));
    expect(await conversation.receivePushes("default", pushes)).toEqual(["accepted", "accepted"]);
    await expect
      .poll(async () => (await stubOf(session).handoff(handoffId))?.handoff)
      .toMatchObject({
        state: "returned",
        dueAt: null,
      });

    const key = env.KEYS.getByName(keyName(BOT, "key-canary"));
    expect(await dump(stubOf(session))).toMatch(canaries);
    expect(await dump(key)).toMatch(canaries);
    const exported = await request(`${path(session)}/export`, { headers: OPERATOR });
    expect(await exported.json()).toMatchObject({
      session: { facts: { customer: { name: "Canary" } } },
      handoffs: [{ id: handoffId, sent: { notes: [expect.stringContaining(handoffId)] } }],
      conversations: [{ id: conversationId, agentName: "agent-canary" }],
    });
    const history = await request(`${path(session)}/history`, { headers: OPERATOR });
    expect(await history.json()).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ epoch: 1, handoffId })]),
      handoffs: [{ id: handoffId, epoch: 1, isReturned: true }],
      now: { epoch: 2, control: "bot" },
    });

    let erased = await erase(session);
    // A text after its end may still be on its way.
    await expect
      .poll(async () => {
        if (erased.status === 409) erased = await erase(session);
        return erased.status;
      })
      .toBe(200);
    expect(await erased.json()).toMatchObject({
      erased: { handoffs: 1 },
      atPlatform: { conversations: [conversationId] },
    });
    const { results } = await env.READ_MODEL.prepare("SELECT * FROM handoffs").all();
    expect(JSON.stringify(results)).not.toMatch(canaries);
    for (const stub of [stubOf(session), key, conversation]) {
      expect(await dump(stub)).not.toMatch(canaries);
      expect(await dump(stub)).not.toContain(conversationId);
    }
    expect((await shown(handoffId)).status).toBe(404);
    expect((await erase(session)).status).toBe(404);
    expect((await request(`${path(session)}/export`, { headers: OPERATOR })).status).toBe(404);

    // The session is recognised again, also by an instance that comes after an alarm.
    await evictDurableObject(stubOf(session));
    await runInDurableObject(stubOf(session), (_, { storage }) => storage.setAlarm(Date.now() + DAY));
    await runDurableObjectAlarm(stubOf(session));
    expect(await alarmOf(session)).toBeGreaterThan(Date.now() + 34 * DAY);
    expect(await (await post("/events", said)).json()).toMatchObject({ outcome: "duplicate", control: null });
    expect(await (await ask()).json()).toMatchObject({ outcome: "duplicate", handoffId: null });
    await sql(session, "UPDATE events SET received_at = received_at - ?", 36 * DAY);
    await runDurableObjectAlarm(stubOf(session));
    expect(await dump(stubOf(session))).toBe("");
  });
});

describe("an account's object", () => {
  it("finds at the platform what no push told, for the session that it is of", async () => {
    const { conversationId } = await take("unpushed", ask);
    await request("/emulator/settings", { method: "PATCH", body: JSON.stringify({ pushDropRate: 1 }) });
    const { agents } = (await (await request("/emulator/state")).json()) as { agents: { id: string }[] };
    const body = JSON.stringify({ agentId: agents[0]?.id });
    const took = await request(`/emulator/desk/conversations/${conversationId}/take`, { method: "POST", body });
    expect(took.status).toBe(200);
    expect((await stubOf("unpushed").session(BOT, "unpushed"))?.session.control).toBe("queue");
    await expect
      .poll(
        async () => {
          await runDurableObjectAlarm(env.ACCOUNTS.getByName("default"));
          return (await stubOf("unpushed").session(BOT, "unpushed"))?.session.control;
        },
        { interval: 250 },
      )
      .toBe("agent");
  });

  it("finds the end of a chat that a person took although no handoff brought it", async () => {
    const headers = { authorization: "App k", "content-type": "application/json" };
    const made = await request("/ccaas/1/conversations", { method: "POST", headers, body: "{}" });
    const { id } = (await made.json()) as { id: string };
    await take("lone", { text: "hi", conversationId: id });
    const { agents } = (await (await request("/emulator/state")).json()) as { agents: { id: string }[] };
    const agentId = agents[0]?.id ?? "";
    const act = (path: string, body: object) =>
      request(`/emulator/desk/conversations/${id}/${path}`, { method: "POST", body: JSON.stringify(body) });
    expect((await act("take", { agentId })).status).toBe(200);
    const control = async () => (await stubOf("lone").session(BOT, "lone"))?.session.control;
    const word = { at: Date.now(), assignee: { kind: "human" as const, id: agentId, name: null } };
    await expect
      .poll(async () => {
        await env.CONVERSATIONS.getByName(conversationName("default", id)).receiveState("default", id, word);
        return control();
      })
      .toBe("agent");
    expect((await act("status", { agentId, status: "CLOSED" })).status).toBe(200);
    await expect
      .poll(
        async () => {
          await runDurableObjectAlarm(env.ACCOUNTS.getByName("default"));
          return control();
        },
        { interval: 250 },
      )
      .toBe("bot");
    const held = () => env.READ_MODEL.prepare("SELECT * FROM held WHERE conversation_id = ?").bind(id).all();
    await expect.poll(async () => (await held()).results).toEqual([]);
  });
});
