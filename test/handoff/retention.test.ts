import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import type { Tables } from "../../src/store/store.ts";
import { createEnded, dump, foundIn } from "../support/ended-chat.ts";
import { createWorld } from "../support/world.ts";

const DAY_MS = 86_400_000;
const ask = { type: "handoff.requested", reason: "wants a person" };
const shop = {
  name: "shop",
  conversation: { topic: "Chat {{session}}" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" as const } }],
};
const shopFlow = defineFlow({ ...shop, bots: ["shop-assistant"] });

type World = ReturnType<typeof createWorld>;
const has = (world: World, session: string): boolean =>
  world.record.read((t) => t.sessions.find("shop-assistant", session)) !== null;
const ends = (world: World, id: string) =>
  world.record.commit((t) => {
    const before = t.handoffs.byId(id);
    if (before === null) throw new Error(`${id} is gone`);
    t.handoffs.save({ ...before, state: "returned", returnedBecause: "closed", dueAt: null }, before);
  });

describe("a session that goes on", () => {
  const wordsOf = (world: World, session: string): string =>
    JSON.stringify(
      world.record.read((t) => {
        const id = t.sessions.find("shop-assistant", session)?.id ?? -1;
        return t.events.page(id, 0, { events: 1_000, bytes: 10_000_000 }).events.map(({ body }) => body);
      }),
    );
  /** Says something on each of these days. */
  async function talk(world: World, from: number, until: number): Promise<void> {
    for (let day = from; day < until; day += 1) {
      await world.deliver({ type: "customer.message", text: `the word of day ${day}.`, session: "s" });
      world.move(DAY_MS);
      await world.prune();
    }
  }

  it("loses its words in their time, and knows its deliveries for 35 days", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
    const first = world.event({ type: "customer.message", text: "my card is stolen", session: "s" });
    const deliver = () => world.receive.receive("shop-assistant", "baton", { event: first, hasSenderId: true });
    await deliver();
    await talk(world, 0, 9);
    expect(wordsOf(world, "s")).toContain("my card is stolen");
    await talk(world, 9, 12);
    expect(wordsOf(world, "s")).not.toContain("my card is stolen");
    expect(wordsOf(world, "s")).toContain("the word of day 3.");
    await talk(world, 12, 22);
    expect(wordsOf(world, "s")).not.toContain("the word of day 10.");
    expect(wordsOf(world, "s")).toContain("the word of day 13.");
    expect((await deliver()).outcome).toBe("duplicate");
    await talk(world, 22, 37);
    expect((await deliver()).outcome).toBe("accepted");
    expect(has(world, "s")).toBe(true);
  });

  it("keeps them for an agent who has not had them yet, and loses them afterwards", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
    await world.deliver({ type: "customer.message", text: "my card is stolen", session: "s" });
    const { answer } = await world.deliver({ ...ask, session: "s" });
    await talk(world, 0, 20);
    expect(wordsOf(world, "s")).toContain("my card is stolen");
    await ends(world, answer.handoffId ?? "");
    await talk(world, 20, 22);
    expect(wordsOf(world, "s")).not.toContain("my card is stolen");
  });

  it("loses them though a clock that was ahead dated one of them", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
    await world.deliver({ type: "customer.message", text: "a first word", session: "s" });
    world.jump(400 * DAY_MS);
    await world.deliver({ type: "customer.message", text: "my card is stolen", session: "s" });
    world.jump(-400 * DAY_MS);
    await talk(world, 0, 13);
    expect(wordsOf(world, "s")).not.toContain("my card is stolen");
    expect(wordsOf(world, "s")).not.toContain("a first word");
  });
});

describe("a session whose last word is long past", () => {
  it("goes with all that came of it, and its events and requests are known again for 35 days", async () => {
    const { world, file, post, said, ask: askAgain } = await createEnded(10 * DAY_MS);
    await world.record.commit((t) => {
      // The bot got all callbacks.
      const [handoff] = t.handoffs.list({}, 1);
      for (const { id } of t.callbacks.ofHandoff(handoff?.id ?? "")) {
        const { fence } = t.callbacks.claim(id, world.now() + DAY_MS) ?? { fence: 0 };
        const attempt = { callbackId: id, fence, sentAt: world.now(), endedAt: world.now(), outcome: "ok" as const };
        t.callbacks.end({ ...attempt, status: 200, code: null }, { state: "done" }, world.now());
      }
    });
    world.move(9 * DAY_MS);
    await world.prune();
    expect(foundIn(dump(file))).toContain("session");
    world.move(2 * DAY_MS);
    await world.prune();
    expect(foundIn(dump(file))).toEqual([]);
    expect(await (await post("/events", said)).json()).toMatchObject({ outcome: "duplicate", control: null });
    expect(await (await askAgain()).json()).toMatchObject({ outcome: "duplicate", handoffId: null });
    expect(world.conversations()).toHaveLength(1);
    world.move(26 * DAY_MS);
    await world.prune();
    expect(await (await post("/events", said)).json()).toMatchObject({ outcome: "accepted", control: "bot" });
  });

  it("is kept for 35 days where nothing else is set, and begins anew afterwards", async () => {
    const world = createWorld(undefined, { flows: [shopFlow] });
    const { answer } = await world.deliver({ ...ask, session: "s" });
    await ends(world, answer.handoffId ?? "");
    world.move(35 * DAY_MS - 10_000);
    await world.prune();
    expect(has(world, "s")).toBe(true);
    world.move(60_000);
    await world.prune();
    expect(has(world, "s")).toBe(false);
    expect(world.handoff(answer.handoffId ?? "")).toBeNull();
    expect((await world.deliver({ ...ask, session: "s" })).answer.handoffId).not.toBe(answer.handoffId);
  });

  it.each(["pending", "deferred", "routed", "assigned", "parked"] as const)(
    "stays as long as its handoff is %s, and goes its time after that ended",
    async (state) => {
      const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
      const { answer } = await world.deliver({ ...ask, session: "s" });
      const id = answer.handoffId ?? "";
      await world.record.commit((t) => {
        const before = t.handoffs.byId(id);
        if (before !== null) t.handoffs.save({ ...before, state, dueAt: null }, before);
      });
      for (let day = 0; day < 30; day += 1) {
        world.move(DAY_MS);
        await world.prune();
      }
      expect(has(world, "s")).toBe(true);
      expect(world.record.read((t) => t.handoffs.ledger(id))?.steps.length).toBeGreaterThan(2);
      await world.record.commit((t) => {
        const before = t.handoffs.byId(id);
        if (before === null) return;
        const after = { state: "returned", returnedBecause: "closed", updatedAt: world.now() } as const;
        t.handoffs.save({ ...before, ...after }, before);
      });
      world.move(9 * DAY_MS);
      await world.prune();
      expect(has(world, "s")).toBe(true);
      world.move(2 * DAY_MS);
      await world.prune();
      expect(has(world, "s")).toBe(false);
    },
  );

  it("stays where it is heard of while others are forgotten", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
    const names = Array.from({ length: 400 }, (_, n) => `s${n}`);
    for (const session of names) await world.deliver({ type: "customer.message", text: "hello", session });
    world.move(11 * DAY_MS);
    const pruning = world.prune();
    const late = names.at(-1) ?? "";
    await world.deliver({ ...ask, session: late });
    await pruning;
    expect(names.filter((name) => has(world, name))).toEqual([late]);
    expect(world.record.read((t) => t.handoffs.list({}, 10))).toHaveLength(1);
  });

  it("stays while another session's handoff that it came to is open, also in a later round", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS });
    const conversationId = await world.open();
    const { answer } = await world.deliver({ ...ask, session: "first", conversationId });
    await world.deliver({ ...ask, session: "second", conversationId, summary: "a thing of the second" });
    await world.pass(5_000);
    await world.deliver({ type: "session.ended", session: "second" });
    await world.deliver({ type: "session.started", session: "second" });
    for (let day = 0; day < 12; day += 1) {
      world.move(DAY_MS);
      await world.prune();
    }
    expect([has(world, "first"), has(world, "second")]).toEqual([true, true]);
    await ends(world, answer.handoffId ?? "");
    world.move(2 * DAY_MS);
    await world.prune();
    expect([has(world, "first"), has(world, "second")]).toEqual([false, false]);
  });

  it("takes nothing from another session that is in the same conversation", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 10 * DAY_MS, pushes: true });
    world.emulator.settings.pushTypes = "all";
    const conversationId = await world.open();
    const { answer } = await world.deliver({ ...ask, session: "first", conversationId });
    await ends(world, answer.handoffId ?? "");
    world.move(9 * DAY_MS);
    await world.deliver({ ...ask, session: "second", conversationId });
    await world.emulator.pushes.idle();
    await world.pass(1_000);
    world.move(2 * DAY_MS);
    await world.prune();
    expect([has(world, "first"), has(world, "second")]).toEqual([false, true]);
    expect(world.record.read((t) => t.conversations.find("default", conversationId))).not.toBeNull();
  });

  it("stays while its bot is still to be told something", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: DAY_MS });
    const { answer } = await world.deliver({ ...ask, session: "s" });
    await ends(world, answer.handoffId ?? "");
    await world.record.commit((t) => {
      const handoff = t.handoffs.byId(answer.handoffId ?? "");
      if (handoff === null) return;
      const { id: handoffId, bot, sessionId, session, state } = handoff;
      const data = { bot, session, handoffId, state, control: "bot" as const, reason: null, conversationId: null };
      t.callbacks.add({ id: "c1", bot, sessionId, handoffId, type: "handoff.returned", data, now: world.now() });
    });
    world.move(20 * DAY_MS);
    await world.prune();
    expect(has(world, "s")).toBe(true);
    world.move(16 * DAY_MS);
    await world.prune();
    expect(has(world, "s")).toBe(false);
  });

  it("goes in parts where much came of it, each of a bounded number of rows", async () => {
    const world = createWorld(undefined, { flows: [shopFlow] });
    for (let n = 0; n < 60; n += 1) await world.deliver({ type: "customer.message", text: `text ${n}`, session: "s" });
    for (let n = 0; n < 4; n += 1) {
      const { answer } = await world.deliver({ ...ask, session: "s" });
      await ends(world, answer.handoffId ?? "");
    }
    const now = world.now() + 2 * DAY_MS;
    const forgetting = { before: now - DAY_MS, untoldSince: now, now, accountOf: () => "default", limit: 20 };
    const forget = () => world.record.commit((t: Tables) => t.retention.forget(forgetting));
    const rows: number[] = [];
    while (has(world, "s")) rows.push((await forget()).rows);
    expect(rows.length).toBeGreaterThan(5);
    expect(Math.max(...rows)).toBeLessThan(70);
    expect(await forget()).toEqual({ sessions: 0, rows: 0 });
  });
});

describe("a session that goes on", () => {
  const DAYS = 20;
  /** Says something each day, and prunes. */
  async function live(world: World, days: number): Promise<void> {
    for (let day = 0; day < days; day += 1) {
      world.move(DAY_MS);
      await world.deliver({ type: "customer.message", text: `day ${day}`, session: "s" });
      await world.prune();
    }
  }
  /** Ends a handoff. Returns its id. */
  async function over(world: World): Promise<string> {
    const id = (await world.deliver({ ...ask, session: "s" })).answer.handoffId ?? "";
    await world.record.commit((t) => {
      const before = t.handoffs.byId(id);
      if (before === null) throw new Error(`${id} is gone`);
      const ended = { state: "returned", returnedBecause: "closed", dueAt: null, updatedAt: world.now() } as const;
      t.handoffs.save({ ...before, ...ended }, before);
    });
    return id;
  }
  const rowsOf = (world: World, id: string) =>
    world.record.read((t) => [t.handoffs.byId(id), t.handoffs.attemptsOf(id).length, t.callbacks.ofHandoff(id).length]);

  it("loses each handoff in its time after that was over, and keeps the others", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: DAYS * DAY_MS });
    const first = await over(world);
    await live(world, 12);
    const second = await over(world);
    await live(world, DAYS - 13);
    expect([first, second].map((id) => world.handoff(id) !== null)).toEqual([true, true]);
    await live(world, 2);
    expect([first, second].map((id) => world.handoff(id) !== null)).toEqual([false, true]);
    expect(rowsOf(world, first)).toEqual([null, 0, 0]);
    expect(world.record.read((t) => t.handoffs.ledger(second))?.steps.length).toBeGreaterThan(2);
    await live(world, 12);
    expect(world.handoff(second)).toBeNull();
    expect(has(world, "s")).toBe(true);
  });

  it("keeps a handoff that is open, however long, and one that its bot is still to be told of", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: DAYS * DAY_MS });
    const told = await over(world);
    await world.record.commit((t) => {
      const handoff = t.handoffs.byId(told);
      if (handoff === null) return;
      const { bot, sessionId, session, state } = handoff;
      const data = {
        bot,
        session,
        handoffId: told,
        state,
        control: "bot" as const,
        reason: null,
        conversationId: null,
      };
      t.callbacks.add({ id: "c1", bot, sessionId, handoffId: told, type: "handoff.returned", data, now: world.now() });
    });
    const open = (await world.deliver({ ...ask, session: "s" })).answer.handoffId ?? "";
    await live(world, 34);
    expect([told, open].map((id) => world.handoff(id) !== null)).toEqual([true, true]);
    await live(world, 3);
    expect([told, open].map((id) => world.handoff(id) !== null)).toEqual([false, true]);
  });

  it("goes in its time, with what is left of it", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: DAYS * DAY_MS });
    await over(world);
    await live(world, 30);
    const last = await over(world);
    for (let day = 0; day < DAYS + 1; day += 1) {
      world.move(DAY_MS);
      await world.prune();
    }
    expect([has(world, "s"), world.handoff(last)]).toEqual([false, null]);
  });

  it("is answered as before once its handoff is gone", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: 2 * DAY_MS });
    const asked = { ...ask, id: "ask-1", session: "s" };
    const { answer } = await world.deliver(asked);
    await ends(world, answer.handoffId ?? "");
    await live(world, 4);
    expect(world.handoff(answer.handoffId ?? "")).toBeNull();
    expect((await world.deliver(asked)).answer).toMatchObject({
      outcome: "duplicate",
      handoffId: null,
      handoffState: null,
    });
    expect((await world.deliver({ ...ask, session: "s" })).answer).toMatchObject({ handoffState: "routed" });
  });

  it("loses a handoff that a clock dated which was ahead", async () => {
    const world = createWorld(undefined, { flows: [shopFlow], retentionMs: DAYS * DAY_MS });
    world.move(365 * DAY_MS);
    const ahead = await over(world);
    world.move(-365 * DAY_MS);
    await live(world, 2 * DAYS + 2);
    expect(world.handoff(ahead)).toBeNull();
  });
});

describe("after the clock was a year ahead for a while", () => {
  it("what was recorded then is forgotten as what came after it", async () => {
    const world = createWorld(undefined, { flows: [shopFlow] });
    const said = () => world.record.read((t) => t.events.list(2_000)).length;
    const say = (session: string) => world.deliver({ type: "customer.message", text: "hello", session });
    await say("before");
    world.move(365 * DAY_MS);
    await say("before");
    for (let n = 0; n < 300; n += 1) await say("ahead");
    world.move(-365 * DAY_MS);
    await world.prune();
    for (let n = 0; n < 100; n += 1) await say("right");
    world.move(34 * DAY_MS);
    await world.prune();
    expect(said()).toBe(402);
    world.move(3 * DAY_MS);
    await say("now");
    await world.prune();
    expect(said()).toBe(1);
    expect(["before", "ahead", "right", "now"].filter((name) => has(world, name))).toEqual(["before", "now"]);
    // A session from before with later news counts from the time at which Baton found that.
    world.move(36 * DAY_MS);
    await world.prune();
    expect(has(world, "before")).toBe(false);
  });

  it("a message without an id is no repetition of one that was dated then", async () => {
    const world = createWorld(undefined, { flows: [shopFlow] });
    const body = JSON.stringify({ type: "customer.message", text: "yes", session: "s" });
    const say = async () => {
      const headers = { authorization: "Bearer development" };
      const answer = await world.request("/v1/bots/shop-assistant/events", { method: "POST", headers, body });
      return ((await answer.json()) as { outcome: string }).outcome;
    };
    world.move(365 * DAY_MS);
    expect([await say(), await say()]).toEqual(["accepted", "duplicate"]);
    world.move(-365 * DAY_MS);
    expect(await say()).toBe("accepted");
  });
});
