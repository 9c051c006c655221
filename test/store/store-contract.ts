import { describe, expect, it as test } from "vitest";
import type { Handoff, Ledger } from "../../src/model/handoff.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";
import type { WordsOf } from "../../src/store/tables/words.ts";

const NOW = 1_800_000_000_000;
const key = (text: string): Uint8Array => new TextEncoder().encode(text);

export const ledgerOf = (sessionId: number, id: string): Ledger => ({
  handoff: {
    id,
    sessionId,
    bot: "shop-assistant",
    session: "s1",
    flow: "retail-support",
    account: "default",
    epoch: 1,
    token: `ho-${id}`,
    state: "pending",
    rule: "customer-asked",
    reason: "customer-asked",
    message: null,
    decision: {
      tags: ["bot_handoff"],
      priority: "HIGH",
      queue: null,
      leftOut: { tags: [], queue: null, priority: null },
      texts: "return",
      noAgent: null,
      waiting: [],
      handBack: { when: "solved", removeTags: [], message: null },
      whenCustomerLeaves: "keep",
      alertAfterMs: 300_000,
      opensAt: null,
    },
    routedBy: "baton",
    keepQueue: "leave",
    conversationId: null,
    agentId: null,
    continues: null,
    deferredUntil: null,
    waitingSince: null,
    endedAt: null,
    waited: 0,
    alertedAt: null,
    returnedBecause: null,
    leftAt: null,
    replaces: [],
    replacements: 0,
    failures: 0,
    parkedBecause: null,
    parkedFor: null,
    toldUntil: null,
    wordsAt: null,
    onChannel: null,
    dueAt: NOW,
    createdAt: NOW,
    updatedAt: NOW,
    routedAt: null,
  },
  steps: [
    {
      position: 0,
      name: "conversation",
      arguments: {
        kind: "conversation",
        adopt: null,
        reopen: false,
        topic: "t",
        summary: "s",
        priority: "HIGH",
        queue: null,
      },
      state: "ready",
      sends: 0,
      fence: 0,
      firstSentAt: null,
      tries: 0,
      triesSince: null,
      sentAt: null,
      nextAt: NOW,
      result: null,
    },
    {
      position: 1,
      name: "route",
      arguments: { kind: "route" },
      state: "ready",
      sends: 0,
      fence: 0,
      firstSentAt: null,
      tries: 0,
      triesSince: null,
      sentAt: null,
      nextAt: NOW,
      result: null,
    },
  ],
});

const eventOf = (name: string, sessionId: number | null, receivedAt = NOW) => ({
  key: key(name),
  contentKey: key("same words"),
  bot: "shop-assistant",
  source: "baton",
  sessionId,
  epoch: sessionId === null ? null : 1,
  eventId: name,
  type: "customer.message",
  body: { id: name, session: "s1", at: "2026-11-23T10:00:00Z", type: "customer.message", text: name },
  outcome: "accepted" as const,
  rule: null,
  why: null,
  handoffId: null,
  message: null,
  occurredAt: receivedAt,
  receivedAt,
});

/**
 * Runs the contract of every record, whatever its engine. `inside`: place of the test, for an engine that answers nowhere else.
 */
export function describeRecord(
  name: string,
  open: () => SessionRecord,
  inside: (body: () => Promise<void>) => Promise<void> = (body) => body(),
): void {
  const it = (title: string, body: () => Promise<void>): void => test(title, () => inside(body));
  describe(name, () => {
    it("gives a session back as it was saved", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      await record.commit((t) =>
        t.sessions.save(
          {
            ...session,
            control: "agent",
            agentId: "a1",
            conversationId: "c1",
            facts: { ...session.facts, attributes: { plan: "gold", order: 7, vip: true }, fallbacks: 2 },
          },
          NOW + 5,
        ),
      );
      const found = record.read((t) => t.sessions.find("shop-assistant", "s1"));
      expect(found).toMatchObject({
        id: session.id,
        control: "agent",
        agentId: "a1",
        conversationId: "c1",
        version: 1,
        updatedAt: NOW + 5,
        facts: { attributes: { plan: "gold", order: 7, vip: true }, fallbacks: 2 },
      });
      expect(record.read((t) => t.sessions.find("other-bot", "s1"))).toBeNull();
    });

    it("keeps the works of one batch apart: one that throws takes back only its own", async () => {
      const record = open();
      const results = await Promise.allSettled([
        record.commit((t) => t.sessions.open("shop-assistant", "first", NOW)),
        record.commit((t) => {
          t.sessions.open("shop-assistant", "second", NOW);
          throw new Error("this one fails");
        }),
        record.commit((t) => t.sessions.open("shop-assistant", "third", NOW)),
      ]);
      expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      const known = (session: string) => record.read((t) => t.sessions.find("shop-assistant", session)) !== null;
      expect([known("first"), known("second"), known("third")]).toEqual([true, false, true]);
    });

    it("lets a later work of the same batch see an earlier one", async () => {
      const record = open();
      const open1 = record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW).id);
      const seen = record.commit((t) => t.sessions.find("shop-assistant", "s1")?.id);
      expect(await seen).toBe(await open1);
    });

    it("refuses a second event with the same key", async () => {
      const record = open();
      await record.commit((t) => t.events.add(eventOf("e1", null)));
      await expect(record.commit((t) => t.events.add(eventOf("e1", null)))).rejects.toThrow(/UNIQUE/);
    });

    it("finds what a bot reported last of a session, whatever the platform pushed since", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      expect(record.read((t) => t.events.newestOf(session.id))).toBeNull();
      await record.commit((t) => {
        for (const name of ["one", "two"]) t.events.add(eventOf(name, session.id));
        t.events.add({ ...eventOf("pushed", session.id), source: "conversations", epoch: null });
        t.events.add(eventOf("elsewhere", null));
      });
      const newest = record.read((t) => t.events.newestOf(session.id));
      expect(newest).toMatchObject({ seq: 2, epoch: 1, receivedAt: NOW });
      expect(new TextDecoder().decode(newest?.contentKey ?? new Uint8Array())).toBe("same words");
    });

    it("returns the newest words of a round in the order they were said, and how many there are", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      await record.commit((t) => {
        t.events.add(eventOf("before", session.id));
        for (const [name, later] of [
          ["second", 2],
          ["third", 3],
          ["first", 1],
        ] as const) {
          t.events.add({ ...eventOf(name, session.id), epoch: 2, occurredAt: NOW + later });
        }
        t.events.add({ ...eventOf("started", session.id), epoch: 2, type: "session.started" });
      });
      const texts = (words: readonly WordsOf[]) =>
        words.map(({ event }) => event.type === "customer.message" && event.text);
      const round = { id: "01A", sessionId: session.id, epoch: 2 };
      const newest = (limit: number) => record.read((t) => t.events.newestWords(round, limit));
      expect([texts(newest(10).words), newest(10).total, newest(10).last]).toEqual([
        ["first", "second", "third"],
        3,
        4,
      ]);
      expect([texts(newest(2).words), newest(2).total, newest(2).last]).toEqual([["second", "third"], 3, 4]);
      expect(texts(record.read((t) => t.events.wordsAfter(round, 2, 10)))).toEqual(["third", "first"]);
      expect(texts(record.read((t) => t.events.wordsAfter(round, 0, 1)))).toEqual(["second"]);
      expect(texts(record.read((t) => t.events.wordsUntil(round, 3, 1)))).toEqual(["third"]);
    });

    it("forgets only events that are old enough", async () => {
      const record = open();
      await record.commit((t) => {
        t.events.add(eventOf("old", null, NOW - 10));
        t.events.add(eventOf("new", null, NOW));
      });
      expect(await record.commit((t) => t.events.prune(NOW, NOW + 10, 100))).toBe(1);
      expect(record.read((t) => t.events.byKey(key("old"), null))).toBeNull();
      expect(record.read((t) => t.events.byKey(key("new"), null))).not.toBeNull();
    });

    it("forgets what a clock dated that was ahead with what came after it, however much that is", async () => {
      const record = open();
      const [before, latest] = [NOW, NOW + 10];
      await record.commit((t) => {
        t.events.add(eventOf("first", null, NOW - 20));
        for (let n = 0; n < 30; n += 1) t.events.add(eventOf(`ahead-${n}`, null, latest + 1 + n));
        t.events.add(eventOf("old", null, NOW - 10));
        t.events.add(eventOf("new", null, NOW + 5));
      });
      const prune = () => record.commit((t) => t.events.prune(before, latest, 7));
      for (let commits = 0; (await prune()) > 0; commits += 1) expect(commits).toBeLessThan(20);
      expect(record.read((t) => t.events.list(100)).map(({ body }) => body)).toMatchObject([{ id: "new" }]);
    });

    it("keeps what a clock dated that was ahead as long as what came after it", async () => {
      const record = open();
      await record.commit((t) => {
        for (let n = 0; n < 9; n += 1) t.events.add(eventOf(`ahead-${n}`, null, NOW + 99));
        t.events.add(eventOf("new", null, NOW + 5));
      });
      expect(await record.commit((t) => t.events.prune(NOW, NOW + 10, 5))).toBe(0);
      expect(record.read((t) => t.events.list(100))).toHaveLength(10);
    });

    it("allows one open handoff per session, and another once the first is over", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const first = ledgerOf(session.id, "01A");
      await record.commit((t) => t.handoffs.add(first));
      await expect(record.commit((t) => t.handoffs.add(ledgerOf(session.id, "01B")))).rejects.toThrow(/UNIQUE/);
      await record.commit((t) => t.handoffs.save({ ...first.handoff, state: "returned", dueAt: null }, first.handoff));
      await record.commit((t) => t.handoffs.add(ledgerOf(session.id, "01B")));
      expect(record.read((t) => t.handoffs.openOf(session.id))?.id).toBe("01B");
      expect(record.read((t) => t.handoffs.lastOf(session.id))?.id).toBe("01B");
    });

    it("gives a ledger back as it was written, with its attempts", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const ledger = ledgerOf(session.id, "01A");
      await record.commit((t) => {
        t.handoffs.add(ledger);
        t.handoffs.endAttempt("01A", {
          position: 0,
          fence: 1,
          sentAt: NOW,
          endedAt: NOW + 40,
          outcome: "ok",
          status: 200,
          requestId: "r1",
          code: null,
        });
      });
      expect(record.read((t) => t.handoffs.ledger("01A"))).toEqual(ledger);
      expect(record.read((t) => t.handoffs.readLedger("01A"))).toEqual(ledger);
      expect(record.read((t) => t.handoffs.attemptsOf("01A"))).toMatchObject([{ outcome: "ok", endedAt: NOW + 40 }]);
    });

    it("shows a sent step as an attempt on its way, and keeps each attempt once, whatever becomes of the step", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const ledger = ledgerOf(session.id, "01A");
      const [step] = ledger.steps;
      if (step === undefined) throw new Error("no step");
      const sentAs = (fence: number) => ({ ...step, state: "sent" as const, sends: fence, fence, nextAt: NOW + fence });
      const ended = { status: 200, requestId: null, code: null, outcome: "ok" as const };
      const attempts = () => record.read((t) => t.handoffs.attemptsOf("01A"));
      await record.commit((t) => {
        t.handoffs.add(ledger);
        t.handoffs.saveStep("01A", sentAs(1));
      });
      expect(attempts()).toEqual([
        {
          position: 0,
          fence: 1,
          sentAt: NOW + 1,
          endedAt: null,
          outcome: null,
          status: null,
          requestId: null,
          code: null,
        },
      ]);
      // It is reset, and sent anew before the first answer comes.
      await record.commit((t) => {
        t.handoffs.keepAttempt("01A", sentAs(1));
        t.handoffs.saveStep("01A", sentAs(2));
      });
      expect(attempts()).toMatchObject([
        { fence: 1, sentAt: NOW + 1, endedAt: null },
        { fence: 2, sentAt: NOW + 2, endedAt: null },
      ]);
      await record.commit((t) =>
        t.handoffs.endAttempt("01A", { position: 0, fence: 1, sentAt: NOW + 1, endedAt: NOW + 40, ...ended }),
      );
      // The process is killed.
      await record.commit((t) => t.handoffs.endInFlight(NOW + 100));
      expect(attempts()).toMatchObject([
        { fence: 1, endedAt: NOW + 40, outcome: "ok" },
        { fence: 2, sentAt: NOW + 2, endedAt: NOW + 100, outcome: "unknown", code: "crash" },
      ]);
    });

    it("writes whatever of a handoff changed, and nothing where nothing did", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const { handoff } = ledgerOf(session.id, "01A");
      await record.commit((t) => t.handoffs.add({ handoff, steps: [] }));
      const changed = {
        ...handoff,
        state: "parked" as const,
        message: "please wait",
        conversationId: "c2",
        agentId: "a1",
        deferredUntil: NOW + 1,
        waited: 2,
        alertedAt: NOW + 3,
        returnedBecause: "solved" as const,
        replaces: ["c1"],
        replacements: 1,
        parkedBecause: "the platform refused it",
        parkedFor: "person" as const,
        dueAt: null,
        updatedAt: NOW + 4,
        routedAt: NOW + 5,
      };
      await record.commit((t) => t.handoffs.save(changed, handoff));
      expect(record.read((t) => t.handoffs.byId("01A"))).toEqual(changed);
      await record.commit((t) => t.handoffs.save(changed, changed));
      await record.commit((t) => t.handoffs.save({ ...changed, state: "pending" }, changed));
      expect(record.read((t) => t.handoffs.byId("01A"))).toEqual({ ...changed, state: "pending" });
    });

    it("has a ledger in memory as its rows are, whatever changed them", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const { handoff, steps } = ledgerOf(session.id, "01A");
      const sent = steps.map((step) => ({ ...step, state: "sent" as const, sends: 1, fence: 1 }));
      const [first, second] = sent;
      if (first === undefined || second === undefined) throw new Error("a ledger has steps");
      const change = (t: Tables, changed: Partial<Handoff>): void => {
        const before = t.handoffs.byId("01A");
        if (before !== null) t.handoffs.save({ ...before, ...changed }, before);
      };
      const writes: ((t: Tables) => unknown)[] = [
        (t) => t.handoffs.add({ handoff, steps: [first] }),
        (t) => t.handoffs.addStep("01A", second),
        (t) => t.handoffs.saveStep("01A", { ...first, fence: 2, result: { kind: "plain" } }),
        (t) => t.handoffs.wakePending("default", NOW + 5),
        (t) => t.handoffs.endInFlight(NOW + 6),
        (t) => t.handoffs.putOff("01A", 2, NOW, NOW + 7),
        (t) => t.handoffs.recovered("01A"),
        (t) => change(t, { state: "routed", waitingSince: NOW, dueAt: NOW + 9, routedAt: NOW + 9 }),
        (t) => t.handoffs.clockSetBack(NOW, 1),
        (t) => t.handoffs.setAside("01A", "unreadable", NOW),
        // Columns for the start of the wait and for the end hold a value only in their state.
        (t) => change(t, { state: "returned", returnedBecause: "ended", endedAt: NOW + 1 }),
        (t) => change(t, { returnedBecause: "solved", waitingSince: NOW, endedAt: NOW + 1 }),
        (t) => t.erasure.erase(session, "default", []),
      ];
      for (const write of writes) {
        await record.commit((t) => {
          t.handoffs.ledger("01A");
          write(t);
          expect(t.handoffs.ledger("01A")).toEqual(t.handoffs.readLedger("01A"));
        });
        expect(record.read((t) => t.handoffs.ledger("01A"))).toEqual(record.read((t) => t.handoffs.readLedger("01A")));
      }
      expect(record.read((t) => t.handoffs.ledger("01A"))).toBeNull();
    });

    it("keeps nothing in memory of what was taken back, nor of its neighbours", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const ledger = ledgerOf(session.id, "01A");
      await record.commit((t) => t.handoffs.add(ledger));
      const parked = { ...ledger.handoff, state: "parked" as const };
      const works = [
        record.commit((t) => {
          t.handoffs.save(parked, ledger.handoff);
          throw new Error("taken back");
        }),
        record.commit((t) => t.handoffs.ledger("01A")),
      ];
      await expect(works[0]).rejects.toThrow("taken back");
      expect(await works[1]).toEqual(ledger);
      expect(record.read((t) => t.handoffs.ledger("01A"))).toEqual(ledger);
      expect(record.read((t) => t.handoffs.isHeld("01A", 0, 0))).toBe(false);
    });

    it("knows what is due, and wakes what a dead process had in its hands", async () => {
      const record = open();
      const session = await record.commit((t) => t.sessions.open("shop-assistant", "s1", NOW));
      const ledger = ledgerOf(session.id, "01A");
      const [first] = ledger.steps;
      if (first === undefined) throw new Error("a ledger has steps");
      await record.commit((t) => {
        t.handoffs.add(ledger);
        t.handoffs.saveStep("01A", { ...first, state: "sent", sends: 1, fence: 1 });
        t.handoffs.save({ ...ledger.handoff, dueAt: NOW + 30_000 }, ledger.handoff);
      });
      const mine = { account: "default", bot: "shop-assistant" };
      expect(record.read((t) => t.handoffs.due(mine, NOW, 10))).toEqual([]);
      expect(record.read((t) => t.handoffs.queues())).toEqual([{ ...mine, dueAt: NOW + 30_000 }]);
      expect(record.read((t) => t.handoffs.isHeld("01A", 0, 1))).toBe(true);
      expect(record.read((t) => t.handoffs.isHeld("01A", 0, 0))).toBe(false);
      expect(await record.commit((t) => t.handoffs.endInFlight(NOW))).toBe(1);
      expect(record.read((t) => t.handoffs.isHeld("01A", 0, 1))).toBe(false);
      expect(record.read((t) => t.handoffs.ledger("01A"))?.steps[0]).toMatchObject({
        state: "unknown",
        nextAt: NOW,
      });
      expect(record.read((t) => t.handoffs.due(mine, NOW, 10))).toEqual([{ ...mine, id: "01A" }]);
      expect(record.read((t) => t.handoffs.due({ ...mine, bot: "other" }, NOW, 10))).toEqual([]);
    });

    it("keeps an idempotency key with its first answer until it expires", async () => {
      const record = open();
      await record.commit((t) => t.idempotency.add("shop-assistant", "k", key("body"), NOW, NOW + 10));
      await record.commit((t) => t.idempotency.answered("shop-assistant", "k", "{}", "01A"));
      await record.commit((t) => t.idempotency.answered("shop-assistant", "k", "another", "01B"));
      expect(record.read((t) => t.idempotency.find("shop-assistant", "k", NOW))).toMatchObject({
        handoffId: "01A",
        answer: "{}",
      });
      const fingerprintAt = (now: number) =>
        new Uint8Array(record.read((t) => t.idempotency.find("shop-assistant", "k", now))?.fingerprint ?? []);
      await record.commit((t) => t.idempotency.add("shop-assistant", "k", key("other"), NOW + 9, NOW + 19));
      expect(fingerprintAt(NOW + 9)).toEqual(key("body"));
      expect(record.read((t) => t.idempotency.find("shop-assistant", "k", NOW + 10))).toBeNull();
      await record.commit((t) => t.idempotency.add("shop-assistant", "k", key("other"), NOW + 10, NOW + 20));
      expect(fingerprintAt(NOW + 10)).toEqual(key("other"));
      expect(record.read((t) => t.idempotency.find("shop-assistant", "k", NOW + 10))?.answer).toBeNull();
      expect(await record.commit((t) => t.idempotency.prune(NOW + 20, 10))).toBe(1);
    });
  });
}
