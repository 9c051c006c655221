import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../src/replay/in-memory/virtual-clock.ts";
import { createDueWork } from "../../src/schedule/due-work.ts";
import { createScheduler } from "../../src/schedule/scheduler.ts";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";

interface Row {
  id: string;
  key: string;
  bot: string;
  dueAt: number | null;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A record of rows with due times, and work on them that ends when the test says so. */
function createBench(places = 2) {
  const clock = createVirtualClock(1_000_000);
  const rows = new Map<string, Row>();
  /** Ends of the runs that go on. */
  const running = new Map<string, (failure?: Error) => void>();
  const begun: string[] = [];
  const held = new Map<string, number>();
  const errors: unknown[] = [];
  let [looks, most] = [0, 0];
  let isDiskFull = false;
  const due = () => [...rows.values()].filter((row) => row.dueAt !== null) as (Row & { dueAt: number })[];
  const clocks = { now: clock.now, steady: clock.now };
  const onFailure = (_: string, error: unknown) => void errors.push(error);
  const scheduler = createScheduler({ ...clocks, setTimer: clock.setTimer, onFailure });
  const work = createDueWork<{ key: string; bot: string; dueAt: number }, Row>({
    name: "work",
    keyOf: ({ key }) => key,
    places,
    queues() {
      if (isDiskFull) throw new Error("the disk is full");
      looks += 1;
      return [...new Map(due().map(({ key, bot }) => [`${key} ${bot}`, { key, bot }])).values()].map((queue) => ({
        ...queue,
        dueAt: Math.min(...due().flatMap((row) => (row.key === queue.key && row.bot === queue.bot ? row.dueAt : []))),
      }));
    },
    due: ({ key, bot }, now, limit) =>
      due()
        .filter((row) => row.key === key && row.bot === bot && row.dueAt <= now)
        .sort((one, other) => one.dueAt - other.dueAt)
        .slice(0, limit),
    waitMs: (key) => Math.max(0, (held.get(key) ?? 0) - clock.now()),
    run(row) {
      expect(running.has(row.id), `${row.id} runs twice at once`).toBe(false);
      begun.push(row.id);
      return new Promise((resolve, reject) => {
        running.set(row.id, (failure) => {
          running.delete(row.id);
          if (failure !== undefined) return reject(failure);
          row.dueAt = null;
          resolve();
        });
        most = Math.max(most, [...running.keys()].filter((id) => rows.get(id)?.key === row.key).length);
      });
    },
    async putOff(row) {
      if (isDiskFull) throw new Error("the disk is full");
      row.dueAt = clock.now() + 5_000;
    },
    onUnwritten: (_, error) => void errors.push(error),
    onUnreadable: (error) => void errors.push(error),
    ended: () => undefined,
    ...clocks,
    schedule: scheduler.schedule,
  });
  return {
    work,
    begun,
    running,
    rows,
    errors,
    begin: scheduler.begin,
    stop: scheduler.stop,
    looks: () => looks,
    most: () => most,
    now: clock.now,
    add(id: string, key = "k", bot = "b", inMs = 0): Row {
      const row = { id, key, bot, dueAt: clock.now() + inMs };
      rows.set(id, row);
      return row;
    },
    hold: (key: string, ms: number) => void held.set(key, clock.now() + ms),
    fillDisk: (isFull: boolean) => {
      isDiskFull = isFull;
    },
    async end(id: string, failure?: Error) {
      running.get(id)?.(failure);
      await turn();
    },
    pass: (ms: number) => clock.pass(ms, turn),
  };
}

describe("due work", () => {
  it("takes up at the start what is due, and what comes due at its time", async () => {
    const bench = createBench();
    bench.add("now");
    bench.add("soon", "k", "b", 3_000);
    await bench.begin();
    expect(bench.begun).toEqual(["now"]);
    await bench.pass(2_999);
    expect(bench.begun).toEqual(["now"]);
    await bench.pass(1);
    expect(bench.begun).toEqual(["now", "soon"]);
  });

  it("starts the next as soon as a place is free, and looks for more when the record may have it", async () => {
    const bench = createBench(1);
    for (const id of ["a", "b", "c", "d"]) bench.add(id);
    bench.work.wake();
    expect(bench.begun).toEqual(["a"]);
    for (const id of ["a", "b", "c", "d"]) {
      await bench.end(id);
      await bench.pass(20);
    }
    expect(bench.begun).toEqual(["a", "b", "c", "d"]);
  });

  it("does not look again and again while all that is due is in work", async () => {
    const bench = createBench();
    bench.add("a");
    bench.work.wake();
    const before = bench.looks();
    await bench.pass(10_000);
    expect(bench.begun).toEqual(["a"]);
    expect(bench.looks() - before).toBeLessThanOrEqual(82);
  });

  it("leaves a key alone for as long as it is held, and no other", async () => {
    const bench = createBench();
    bench.hold("k", 60_000);
    bench.add("a");
    bench.add("b", "other");
    bench.work.wake();
    expect(bench.begun).toEqual(["b"]);
    await bench.pass(59_999);
    expect(bench.begun).toEqual(["b"]);
    await bench.pass(1);
    expect(bench.begun).toEqual(["b", "a"]);
  });

  it("puts off what fails, and starts nothing of it before that is written", async () => {
    const bench = createBench();
    bench.add("a");
    bench.work.wake();
    bench.fillDisk(true);
    await bench.end("a", new Error("it failed"));
    expect(bench.work.isBusy("a")).toBe(true);
    bench.work.start(bench.rows.get("a") as Row);
    await bench.pass(10_000);
    expect(bench.begun).toEqual(["a"]);
    bench.fillDisk(false);
    await bench.pass(1_000);
    expect(bench.work.isBusy("a")).toBe(false);
    await bench.pass(5_000);
    expect(bench.begun).toEqual(["a", "a"]);
    expect(bench.errors.length).toBeGreaterThan(1);
  });

  it("keeps a place for what is not durable yet, and ends with what is in work when it is stopped", async () => {
    const bench = createBench(1);
    const place = bench.work.keepPlace("k");
    expect(bench.work.keepPlace("k")).toBeNull();
    let carry = (): void => undefined;
    place?.start(
      bench.add("a"),
      () =>
        new Promise((resolve) => {
          carry = resolve;
        }),
    );
    bench.work.start(bench.add("b"));
    let isStopped = false;
    const stopping = bench.stop().then(() => {
      isStopped = true;
    });
    await turn();
    expect(isStopped).toBe(false);
    carry();
    await stopping;
    bench.work.wake();
    await bench.pass(60_000);
    expect(bench.begun).toEqual([]);
    expect(bench.work.keepPlace("k")).toBeNull();
  });
});

const act = fc.oneof(
  fc.record({ add: fc.nat(1), bot: fc.nat(2), inMs: fc.nat(2_000), isTold: fc.boolean() }),
  fc.record({ end: fc.nat(20), fails: fc.boolean() }),
  fc.record({ hold: fc.nat(1), ms: fc.nat(2_000) }),
  fc.record({ isDiskFull: fc.boolean() }),
  fc.record({ pass: fc.nat(1_500) }),
);

it("runs all that is due, nothing twice at once and no more of a key than it has places for, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), async (acts, places) => {
      const bench = createBench(places);
      await bench.begin();
      for (const [n, it] of acts.entries()) {
        if ("add" in it) {
          const row = bench.add(`r${n}`, `k${it.add}`, `b${it.bot}`, it.inMs);
          if (it.isTold && it.inMs === 0) bench.work.start(row);
          else if (it.isTold) bench.work.notLaterThan(bench.now() + it.inMs);
        } else if ("end" in it) {
          const id = [...bench.running.keys()][it.end % Math.max(1, bench.running.size)];
          if (id !== undefined) await bench.end(id, it.fails ? new Error("it failed") : undefined);
        } else if ("hold" in it) bench.hold(`k${it.hold}`, it.ms);
        else if ("isDiskFull" in it) bench.fillDisk(it.isDiskFull);
        else await bench.pass(it.pass);
      }
      bench.fillDisk(false);
      for (let n = 0; n < 500 && [...bench.rows.values()].some(({ dueAt }) => dueAt !== null); n += 1) {
        for (const id of [...bench.running.keys()]) await bench.end(id);
        await bench.pass(250);
      }
      expect([...bench.rows.values()].filter(({ dueAt }) => dueAt !== null)).toEqual([]);
      expect(bench.most()).toBeLessThanOrEqual(places);
      await bench.work.idle();
    }),
    runs(40),
  );
});
