import { describe, expect, it as test } from "vitest";
import type { CallbackData } from "../../src/model/callback.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";

const NOW = 1_800_000_000_000;
const BOT = "shop-assistant";

const data: CallbackData = {
  bot: BOT,
  session: "s1",
  handoffId: null,
  state: "assigned",
  control: "agent",
  reason: "customer-asked",
  conversationId: "c1",
  agent: { id: "a1", name: "Ana" },
  text: "Hello Iva",
};

/** Adds callbacks of a session, in this order. */
const add = (tables: Tables, session: string, ...ids: string[]): void => {
  const sessionId = tables.sessions.open(BOT, session, NOW).id;
  for (const id of ids) {
    tables.callbacks.add({ id, bot: BOT, sessionId, handoffId: null, type: "agent.message", data, now: NOW });
  }
};
const answered = (callbackId: string, fence: number) => ({
  callbackId,
  fence,
  sentAt: NOW,
  endedAt: NOW + 40,
  outcome: "ok" as const,
  status: 204,
  code: null,
});

/**
 * Runs the contract of callbacks on every record, whatever its engine. `inside`: place of the test, for an engine that answers
 * nowhere else.
 */
export function describeCallbacks(
  name: string,
  open: () => SessionRecord,
  inside: (body: () => Promise<void>) => Promise<void> = (body) => body(),
): void {
  const it = (title: string, body: () => Promise<void>): void => test(title, () => inside(body));
  describe(name, () => {
    const due = (record: SessionRecord, now = NOW) => record.read((t) => t.callbacks.due(BOT, now, 10));

    it("gives a callback back as it was added", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1"));
      const found = record.read((t) => t.callbacks.byId("1"));
      expect(found).toMatchObject({ type: "agent.message", data, state: "ready", tries: 0, nextAt: NOW, fence: 0 });
      expect(record.read((t) => t.callbacks.queues())).toEqual([{ bot: BOT, dueAt: NOW }]);
    });

    it("adds nothing where the commit it is part of fails", async () => {
      const record = open();
      const failing = record.commit((t) => {
        add(t, "s1", "1");
        throw new Error("the rest fails");
      });
      await expect(failing).rejects.toThrow("the rest fails");
      expect(due(record)).toEqual([]);
    });

    it("makes the first of each session due, and the next once that is over, however it ended", async () => {
      const record = open();
      // A later callback may have a smaller id, since clocks are set back.
      await record.commit((t) => add(t, "s1", "9", "5", "7"));
      await record.commit((t) => add(t, "s2", "6"));
      expect(due(record).sort()).toEqual(["6", "9"]);
      await record.commit((t) => t.callbacks.claim("9", NOW));
      await record.commit((t) => t.callbacks.end(answered("9", 1), { state: "ready", at: NOW + 5_000 }, NOW));
      expect(due(record)).toEqual(["6"]);
      await record.commit((t) => t.callbacks.claim("9", NOW + 5_000));
      await record.commit((t) => t.callbacks.end(answered("9", 2), { state: "refused", because: "gone" }, NOW));
      expect(due(record).sort()).toEqual(["5", "6"]);
      await record.commit((t) => t.callbacks.claim("5", NOW));
      await record.commit((t) => t.callbacks.end(answered("5", 1), { state: "done" }, NOW));
      expect(due(record).sort()).toEqual(["6", "7"]);
    });

    it("claims what is due once, and counts the try before it leaves", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1"));
      expect(await record.commit((t) => t.callbacks.claim("1", NOW - 1))).toBeNull();
      const claimed = await record.commit((t) => t.callbacks.claim("1", NOW));
      expect(claimed).toMatchObject({ state: "sent", tries: 1, triesSince: NOW, fence: 1, nextAt: null, data });
      expect(await record.commit((t) => t.callbacks.claim("1", NOW))).toBeNull();
      expect(await record.commit((t) => t.callbacks.claim("unknown", NOW))).toBeNull();
      expect(record.read((t) => t.callbacks.attemptsOf("1"))).toMatchObject([{ fence: 1, sentAt: NOW, outcome: null }]);
    });

    it("changes nothing for whoever's process was replaced, and keeps what it saw", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      await record.commit((t) => t.callbacks.endInFlight(NOW + 1));
      await record.commit((t) => t.callbacks.claim("1", NOW + 1));
      expect(record.read((t) => t.callbacks.attemptsOf("1"))[0]).toMatchObject({ outcome: "unknown", code: "crash" });
      const late = await record.commit((t) => t.callbacks.end(answered("1", 1), { state: "done" }, NOW + 2));
      expect(late).toBeNull();
      expect(record.read((t) => t.callbacks.byId("1"))).toMatchObject({ state: "sent", tries: 2, fence: 2, data });
      expect(record.read((t) => t.callbacks.attemptsOf("1"))).toMatchObject([
        { fence: 1, outcome: "ok", status: 204 },
        { fence: 2, outcome: null },
      ]);
      const ended = await record.commit((t) => t.callbacks.end(answered("1", 2), { state: "done" }, NOW + 3));
      expect(ended).toEqual({ state: "done", overtaken: 0 });
    });

    it("empties what was told once it was taken, and keeps what is set aside, with why", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1", "2"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      await record.commit((t) => t.callbacks.end(answered("1", 1), { state: "done" }, NOW));
      await record.commit((t) => t.callbacks.claim("2", NOW));
      await record.commit((t) => t.callbacks.end(answered("2", 1), { state: "refused", because: "gone" }, NOW));
      expect(record.read((t) => t.callbacks.byId("1"))).toMatchObject({ state: "done", data: null, nextAt: null });
      const setAside = { state: "refused", data, nextAt: null, setAsideBecause: "gone" };
      expect(record.read((t) => t.callbacks.byId("2"))).toMatchObject(setAside);
      expect(record.read((t) => t.callbacks.queues())).toEqual([]);
    });

    it("lets what tells who has the customer pass words that were tried for 15 s and not taken", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      await record.commit((t) => t.callbacks.end(answered("1", 1), { state: "ready", at: NOW + 90_000 }, NOW));
      await record.commit((t) => {
        const sessionId = t.sessions.find(BOT, "s1")?.id ?? 0;
        const common = { bot: BOT, sessionId, handoffId: null, data, now: NOW + 1_000 };
        t.callbacks.add({ ...common, id: "2", type: "agent.message" });
        t.callbacks.add({ ...common, id: "3", type: "handoff.returned" });
      });
      expect(due(record, NOW + 14_999)).toEqual([]);
      expect(due(record, NOW + 15_000)).toEqual(["3"]);
    });

    it("sends what is set aside again from the first, before the words behind it", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1", "2", "3"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      await record.commit((t) => t.callbacks.end(answered("1", 1), { state: "refused", because: "refused" }, NOW));
      expect(due(record)).toEqual(["2"]);
      expect(await record.commit((t) => t.callbacks.resend("1", NOW + 1))).toBe(true);
      expect(due(record, NOW + 1)).toEqual(["1"]);
      const again = { state: "ready", tries: 0, triesSince: null, setAsideBecause: null };
      expect(record.read((t) => t.callbacks.byId("1"))).toMatchObject(again);
      await record.commit((t) => t.callbacks.claim("1", NOW + 1));
      expect(await record.commit((t) => t.callbacks.resend("1", NOW + 1))).toBe(false);
      await record.commit((t) => t.callbacks.end(answered("1", 2), { state: "done" }, NOW + 2));
      expect(due(record, NOW + 2)).toEqual(["2"]);
      expect(await record.commit((t) => t.callbacks.resend("1", NOW + 3))).toBe(false);
    });

    it("sends again what a dead process had in its hands", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1", "2"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      expect(await record.commit((t) => t.callbacks.endInFlight(NOW + 1))).toBe(1);
      expect(due(record, NOW + 1)).toEqual(["1"]);
      expect(record.read((t) => t.callbacks.attemptsOf("1"))).toMatchObject([{ outcome: "unknown", code: "crash" }]);
      expect(await record.commit((t) => t.callbacks.endInFlight(NOW + 1))).toBe(0);
    });

    it("lists the bots that something is to be told, each with its first time", async () => {
      const record = open();
      await record.commit((t) => {
        add(t, "s1", "1");
        add(t, "s2", "2");
        const other = t.sessions.open("other", "s1", NOW).id;
        const callback = { bot: "other", sessionId: other, handoffId: null, data, now: NOW - 7 };
        t.callbacks.add({ ...callback, id: "3", type: "handoff.routed" });
      });
      expect(record.read((t) => t.callbacks.queues())).toEqual([
        { bot: "other", dueAt: NOW - 7 },
        { bot: BOT, dueAt: NOW },
      ]);
      expect(record.read((t) => t.callbacks.due(BOT, NOW, 1))).toHaveLength(1);
    });

    it("forgets what is over and old enough, with its attempts", async () => {
      const record = open();
      await record.commit((t) => add(t, "s1", "1", "2"));
      await record.commit((t) => t.callbacks.claim("1", NOW));
      await record.commit((t) => t.callbacks.end(answered("1", 1), { state: "done" }, NOW));
      expect(await record.commit((t) => t.callbacks.prune(NOW, 10))).toBe(0);
      expect(await record.commit((t) => t.callbacks.prune(NOW + 1, 10))).toBe(1);
      expect(record.read((t) => t.callbacks.byId("1"))).toBeNull();
      expect(record.read((t) => t.callbacks.attemptsOf("1"))).toEqual([]);
      expect(due(record)).toEqual(["2"]);
    });
  });
}
