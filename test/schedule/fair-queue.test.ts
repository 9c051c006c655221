import { describe, expect, it } from "vitest";
import { createFairQueue } from "../../src/schedule/fair-queue.ts";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";

interface Item {
  id: string;
  key: string;
  bot: string;
}

const item = (id: string, key = "k", bot = "b"): Item => ({ id, key, bot });
const queueOf = (places: number) => createFairQueue<Item>({ places, keyOf: ({ key }) => key });

describe("a fair queue", () => {
  it("starts as many of a key as it has places, in the order in which they came, and of another key beside them", () => {
    const queue = queueOf(2);
    for (const id of ["a", "b", "c"]) queue.add(item(id, "slow"));
    queue.add(item("d", "quick"));
    expect([queue.next(), queue.next(), queue.next(), queue.next()].map((it) => it?.id)).toEqual([
      "a",
      "b",
      "d",
      undefined,
    ]);
    expect([queue.isFull("slow"), queue.isFull("quick"), queue.isWaiting("c")]).toEqual([true, false, true]);
    queue.end(item("a", "slow"));
    expect(queue.next()?.id).toBe("c");
  });

  it("lets the bots of a key take turns, one that comes last included", () => {
    const queue = queueOf(9);
    for (const id of ["a1", "a2", "a3"]) queue.add(item(id, "k", "a"));
    queue.add(item("b1", "k", "b"));
    queue.next();
    queue.add(item("c1", "k", "c"));
    expect([queue.next(), queue.next(), queue.next(), queue.next()].map((it) => it?.id)).toEqual([
      "b1",
      "a2",
      "c1",
      "a3",
    ]);
  });

  it("takes nothing that waits or was started, and takes it again once it has ended", () => {
    const queue = queueOf(9);
    queue.add(item("a"));
    queue.add(item("a"));
    expect([queue.next()?.id, queue.next()]).toEqual(["a", undefined]);
    queue.add(item("a"));
    expect(queue.next()).toBeUndefined();
    queue.end(item("a"));
    queue.add(item("a"));
    expect(queue.next()?.id).toBe("a");
  });

  it("keeps a place only where nobody would be passed by", () => {
    const queue = queueOf(1);
    expect(queue.keepPlace("k")).toBe(true);
    expect(queue.keepPlace("k")).toBe(false);
    queue.startInPlace(item("a"));
    queue.add(item("a"));
    queue.add(item("b"));
    expect(queue.next()).toBeUndefined();
    queue.end(item("a"));
    expect(queue.keepPlace("k")).toBe(false);
    expect(queue.next()?.id).toBe("b");
    queue.end(item("b"));
    expect(queue.keepPlace("k")).toBe(true);
    queue.givePlaceBack("k");
    expect(queue.isFull("k")).toBe(false);
  });
});

const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add"), key: fc.nat(2), bot: fc.nat(3), id: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("next") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end"), which: fc.nat(20) }) },
);

it("starves no bot, starts nothing twice and no more than it has places for, and loses nothing, in any order", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), fc.integer({ min: 1, max: 3 }), (acts, places) => {
      const queue = queueOf(places);
      const waiting: Item[] = [];
      const started: Item[] = [];
      /** Bots that had a turn while this bot waited for its own. */
      const passedBy = new Map<string, string[]>();

      function next(): boolean {
        const free = waiting.some(({ key }) => started.filter((it) => it.key === key).length < places);
        const got = queue.next();
        expect(got !== undefined).toBe(free);
        if (got === undefined) return false;
        const oldest = waiting.find(({ key, bot }) => key === got.key && bot === got.bot);
        expect(got).toBe(oldest);
        waiting.splice(waiting.indexOf(got), 1);
        started.push(got);
        expect(started.filter(({ key }) => key === got.key).length).toBeLessThanOrEqual(places);
        passedBy.delete(`${got.key} ${got.bot}`);
        for (const { key, bot } of waiting) {
          if (key !== got.key || bot === got.bot) continue;
          const passing = passedBy.get(`${key} ${bot}`) ?? [];
          passedBy.set(`${key} ${bot}`, [...new Set([...passing, got.bot])]);
        }
        return true;
      }

      for (const it of acts) {
        if (it.do === "next") next();
        else if (it.do === "end") {
          const [ended] = started.splice("which" in it ? it.which % Math.max(1, started.length) : 0, 1);
          if (ended !== undefined) queue.end(ended);
        } else if ("id" in it) {
          const one = item(`${it.key} ${it.bot} ${it.id}`, String(it.key), String(it.bot));
          queue.add(one);
          if (![...waiting, ...started].some(({ id }) => id === one.id)) waiting.push(one);
        }
      }
      while (waiting.length + started.length > 0) {
        while (next());
        for (const ended of started.splice(0)) queue.end(ended);
      }
    }),
    runs(300),
  );
});
