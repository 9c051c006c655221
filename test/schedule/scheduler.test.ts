import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../src/replay/in-memory/virtual-clock.ts";
import { createRepetition } from "../../src/schedule/repetition.ts";
import { createScheduler, type Job } from "../../src/schedule/scheduler.ts";

/** A scheduler with a clock that may be set, and timers that may be lost. */
function createBench({ rests = false } = {}) {
  const clock = createVirtualClock(1_000_000);
  let ahead = 0;
  const timers = new Set<() => void>();
  const failures: string[] = [];
  const now = () => clock.now() + ahead;
  const scheduler = createScheduler({
    now,
    steady: clock.now,
    setTimer: (wake, ms) => {
      timers.add(wakeOnce);
      const cancel = clock.setTimer(wakeOnce, ms);
      function wakeOnce(): void {
        timers.delete(wakeOnce);
        wake();
      }
      return () => {
        timers.delete(wakeOnce);
        cancel();
      };
    },
    onFailure: (job, error) => void failures.push(`${job}: ${error instanceof Error ? error.message : error}`),
    rests,
  });
  return {
    ...scheduler,
    now,
    failures,
    repeat: (name: string, everyMs: number, run: () => unknown) =>
      scheduler.schedule(createRepetition({ name, run, waitMs: () => everyMs, now, steady: clock.now })),
    timers: () => timers.size,
    pass: (ms: number) => clock.pass(ms, async () => undefined),
    set: (ms: number) => {
      ahead += ms;
    },
  };
}

/** A job that is due at one time at a time. */
function createOnce(name: string, dueAt: number | null): Job & { ran: number; at: number | null } {
  const job = {
    name,
    at: dueAt,
    ran: 0,
    dueAt: () => job.at,
    run() {
      job.ran += 1;
      job.at = null;
    },
  };
  return job;
}

describe("the scheduler", () => {
  it("runs each job at its time, all by one timer", async () => {
    const bench = createBench();
    const ran: string[] = [];
    for (const [name, ms] of [
      ["b", 2_000],
      ["a", 1_000],
    ] as const) {
      const once = createOnce(name, bench.now() + ms);
      bench.schedule({
        ...once,
        run() {
          once.run();
          ran.push(name);
        },
      });
    }
    await bench.begin();
    expect(bench.timers()).toBe(1);
    await bench.pass(999);
    expect(ran).toEqual([]);
    await bench.pass(1);
    expect(ran).toEqual(["a"]);
    await bench.pass(1_000);
    expect(ran).toEqual(["a", "b"]);
  });

  it("begins jobs one after the other, in the order in which they were scheduled", async () => {
    const bench = createBench();
    const begun: string[] = [];
    bench.schedule({
      ...createOnce("slow", null),
      async begin() {
        await new Promise((resolve) => setImmediate(resolve));
        begun.push("slow");
      },
    });
    bench.schedule({ ...createOnce("quick", null), begin: () => begun.push("quick") });
    await bench.begin();
    expect(begun).toEqual(["slow", "quick"]);
  });

  it("learns of an earlier time, and finds one that changed without a word in 15 s, whatever the clock does", async () => {
    const bench = createBench();
    const [told, untold, jumped] = [null, null, bench.now() + 3_600_000].map((at, n) => createOnce(`job ${n}`, at));
    if (told === undefined || untold === undefined || jumped === undefined) throw new Error("three jobs");
    const handle = bench.schedule(told);
    bench.schedule(untold);
    bench.schedule(jumped);
    await bench.begin();
    told.at = bench.now() + 1_000;
    untold.at = bench.now() + 1_000;
    handle.changed();
    await bench.pass(1_000);
    expect([told.ran, untold.ran]).toEqual([1, 0]);
    bench.set(3_600_000);
    await bench.pass(14_000);
    expect([untold.ran, jumped.ran]).toEqual([1, 1]);
    told.at = bench.now() + 2_000;
    handle.notLaterThan(told.at);
    await bench.pass(2_000);
    expect(told.ran).toBe(2);
  });

  it("runs a job again only after its run ended, and a while after a failure, and holds up no other", async () => {
    const bench = createBench();
    let end = (): void => undefined;
    let isBroken = true;
    let [slow, broken, others] = [0, 0, 0];
    bench.schedule({
      name: "slow",
      dueAt: () => bench.now(),
      run: () => {
        slow += 1;
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      },
    });
    const handle = bench.schedule({
      name: "broken",
      dueAt: () => (isBroken ? bench.now() : null),
      run() {
        broken += 1;
        throw new Error("it broke");
      },
    });
    bench.repeat("other", 1_000, () => {
      others += 1;
    });
    await bench.begin();
    await bench.pass(2_500);
    expect([slow, broken, others]).toEqual([1, 3, 2]);
    expect(new Set(bench.failures)).toEqual(new Set(["broken: it broke"]));
    isBroken = false;
    handle.changed();
    end();
    await bench.pass(2_000);
    expect([slow, broken]).toEqual([2, 3]);
  });

  it("repeats a job by the clock that only moves forward, also where it fails", async () => {
    const bench = createBench();
    let times = 0;
    bench.repeat("often", 10_000, async () => {
      times += 1;
      throw new Error("it failed");
    });
    await bench.begin();
    bench.set(-3_600_000);
    await bench.pass(35_000);
    expect(times).toBe(3);
  });

  it("starts nothing more once it is stopped, and awaits what jobs have on their way", async () => {
    const bench = createBench();
    const once = createOnce("once", bench.now() + 1_000);
    let isEnded = false;
    const stop = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      isEnded = true;
    };
    const handle = bench.schedule({ ...once, stop });
    await bench.begin();
    await bench.stop();
    handle.changed();
    await bench.pass(60_000);
    expect([once.ran, isEnded, bench.timers()]).toEqual([0, true, 0]);
  });
});

describe("a runtime that rests", () => {
  it("is told when a job needs it, sets no timer for a periodic one, and runs both when its alarm goes off", async () => {
    const bench = createBench({ rests: true });
    const once = createOnce("once", bench.now() + 3_600_000);
    let times = 0;
    bench.schedule(once);
    bench.repeat("often", 10_000, () => {
      times += 1;
    });
    await bench.begin();
    expect(bench.dueAt()).toBe(bench.now() + 3_600_000);
    await bench.pass(3_000_000);
    expect(times).toBe(0);
    bench.set(600_000);
    await bench.run();
    expect([once.ran, times, bench.dueAt()]).toEqual([1, 1, null]);
  });

  it("hears of a job that failed, after the others have run", async () => {
    const bench = createBench({ rests: true });
    const once = createOnce("once", bench.now());
    bench.repeat("broken", 10_000, () => {
      throw new Error("it broke");
    });
    bench.schedule(once);
    await expect(bench.run()).rejects.toThrow("it broke");
    expect(once.ran).toBe(1);
  });
});
