import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ask,
  BOT,
  calls,
  conversationOf,
  createEvent,
  openConversation,
  push,
  request,
  shown,
  sqlOf,
  stubFor,
  stubOf,
  take,
} from "./objects.ts";

const OTHER = "travel-assistant";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const asked = (conversationId?: string) => ({
  type: "handoff.requested",
  ...(conversationId !== undefined && { conversationId }),
});
const routesOf = async (id: string) =>
  (await calls()).filter(({ operation, path }) => operation === "route" && path.includes(id)).length;
const controlOf = async (session: string) => (await stubOf(session).session(BOT, session))?.session.control;
const close = (id: string) =>
  conversationOf(id).receivePushes("default", [
    push(`${id}-closed`, id, { type: "conversation.status", status: "closed" }),
  ]);

describe("two sessions of a bot that come to one conversation in the same moment", () => {
  const areOne = async (id: string, sessions: string[], answers: Awaited<ReturnType<typeof take>>[]) => {
    expect(new Set(answers.map(({ handoffId }) => handoffId)).size).toBe(1);
    for (const answer of answers) expect(answer).toMatchObject({ control: "queue", conversationId: id });
    expect(answers.some(({ leftOut }) => leftOut !== undefined)).toBe(false);
    await expect.poll(async () => (await shown(answers[0]?.handoffId ?? "")).state).toBe("routed");
    expect(await routesOf(id)).toBe(1);
    await close(id);
    for (const session of sessions) expect(await controlOf(session)).toBe("bot");
  };

  it("share one handoff and one route", async () => {
    const id = await openConversation();
    const sessions = ["at-once-1", "at-once-2", "at-once-3"];
    await areOne(id, sessions, await Promise.all(sessions.map((session) => take(session, asked(id)))));
  });

  it("share them also where both were in it before, and name it no more", async () => {
    const id = await openConversation();
    const sessions = ["known-1", "known-2"];
    for (const session of sessions) await take(session, { conversationId: id });
    await areOne(id, sessions, await Promise.all(sessions.map((session) => take(session, asked()))));
  });

  it("share them where one rule of the flow calls for it and the other asks, and nobody waits", async () => {
    const id = await openConversation();
    const given = [{ ...ask, conversationId: id }, asked(id)];
    const sessions = ["unwaited-1", "unwaited-2"];
    await Promise.all(sessions.map((session, index) => take(session, given[index], 0)));
    await expect.poll(() => routesOf(id)).toBe(1);
    await expect.poll(() => Promise.all(sessions.map(controlOf))).toEqual(["queue", "queue"]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await routesOf(id)).toBe(1);
  });

  it("share the next one as well, when the first is over", async () => {
    const id = await openConversation();
    const sessions = ["again-1", "again-2"];
    await Promise.all(sessions.map((session) => take(session, asked(id))));
    await close(id);
    const next = await openConversation();
    await areOne(next, sessions, await Promise.all(sessions.map((session) => take(session, asked(next)))));
  });

  it("share them after the objects of both were evicted in between", async () => {
    const id = await openConversation();
    const first = take("evicted-1", asked(id));
    const second = take("evicted-2", asked(id));
    const answers = await Promise.all([first, second]);
    for (const session of ["evicted-1", "evicted-2"]) await evictDurableObject(stubOf(session));
    await evictDurableObject(conversationOf(id));
    const third = await take("evicted-3", asked(id));
    await areOne(id, ["evicted-1", "evicted-2", "evicted-3"], [...answers, third]);
  });
});

describe("a conversation's object", () => {
  it("lets the next session in where the one before came to nothing", async () => {
    const id = await openConversation();
    const gone = { object: stubOf("came-to-nothing").id.toString(), bot: BOT };
    // Its answer was lost, or its commit failed.
    expect(await conversationOf(id).enter("default", id, gone)).toEqual({ kind: "here" });
    expect(await conversationOf(id).enter("default", id, gone)).toEqual({ kind: "here" });
    await evictDurableObject(conversationOf(id));
    expect(await take("next-in", asked(id))).toMatchObject({ handoffState: "routed", conversationId: id });
    expect(await routesOf(id)).toBe(1);
    const { handoffId } = await take("came-to-nothing", asked(id));
    expect((await stubOf("next-in").handoff(handoffId ?? ""))?.handoff.session).toBe("next-in");
  });

  it("leads to the open handoff also where nobody was told of it yet", async () => {
    const id = await openConversation();
    const { handoffId } = await take("untold", asked(id));
    await sqlOf(conversationOf(id), "DELETE FROM owners");
    expect(await take("comes-later", asked(id))).toMatchObject({ handoffId, conversationId: id });
    expect(await routesOf(id)).toBe(1);
  });
});

describe("a session that went on in another's object", () => {
  it("goes on elsewhere where another object has its next conversation", async () => {
    const [first, second] = [await openConversation(), await openConversation()];
    await take("host-of-first", asked(first));
    await take("host-of-second", asked(second));
    expect(await take("wanders-on", asked(first))).toMatchObject({ handoffState: "routed", conversationId: first });
    await close(first);
    expect(await take("wanders-on", asked(second))).toMatchObject({ handoffState: "routed", conversationId: second });
    expect(await controlOf("wanders-on")).toBe("queue");
    expect(await routesOf(second)).toBe(1);
  });

  it("is unknown once it is erased", async () => {
    const id = await openConversation();
    await take("stays", asked(id));
    await take("is-erased", asked(id));
    await close(id);
    expect(await stubOf("is-erased").eraseSession(BOT, "is-erased")).toMatchObject({ ok: true });
    expect(await stubOf("is-erased").session(BOT, "is-erased")).toBeNull();
    expect(await controlOf("stays")).toBe("bot");
  });
});

describe("a session that names another bot's conversation", () => {
  const othersStub = (session: string) => stubFor(OTHER, session);

  it("is told so as one that asked too late, in its answer, its event and its handoff", async () => {
    const { conversationId } = await take("theirs", asked());
    const id = conversationId ?? "";
    await expect.poll(async () => (await conversationOf(id).owners()).length).toBe(1);
    const event = createEvent("not-theirs", asked(id));
    const [answer] = await othersStub("not-theirs").take(OTHER, "baton", [{ event, hasSenderId: true }], 20_000);
    expect(answer).toMatchObject({ handoffState: "routed", leftOut: ["conversationId"] });
    const ledger = await othersStub("not-theirs").handoff(answer?.handoffId ?? "");
    expect(ledger?.handoff.decision.leftOut).toMatchObject({ conversationId: id });
    const rows = await sqlOf(
      othersStub("not-theirs"),
      "SELECT body, left_out FROM events WHERE type = 'handoff.requested'",
    );
    expect(JSON.stringify(rows)).not.toContain(id);
    expect(rows).toMatchObject([{ left_out: '["conversationId"]' }]);
    // A repeated event is recognised, also once the conversation is free.
    await close(id);
    const [again] = await othersStub("not-theirs").take(OTHER, "baton", [{ event, hasSenderId: true }], 0);
    expect(again).toMatchObject({ outcome: "duplicate", handoffId: answer?.handoffId, leftOut: ["conversationId"] });
  });
});
