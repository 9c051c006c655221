/** Time that stands until it is moved: to the next timer, in the order of their times. */
export interface Clock {
  now(): number;
  /** Calls `call` once, after `ms`; returns how to take that back. */
  setTimer(call: () => void, ms: number): () => void;
  sleep(ms: number): Promise<void>;
  /** When the next timer is due; null: there is none. */
  nextAt(): number | null;
  /** Moves to the next timer and calls it. */
  step(): void;
  /** Moves with everything that is set, cancelled or called. */
  activity(): number;
}

interface Timer {
  at: number;
  call: () => void;
}

export function createClock(start: number): Clock {
  let time = start;
  let count = 0;
  /** Latest first; of one time, the last set first: so the next is at the end. */
  const timers: Timer[] = [];

  function setTimer(call: () => void, ms: number): () => void {
    count += 1;
    const timer = { at: time + Math.max(0, Math.ceil(ms)), call };
    let index = timers.length;
    while (index > 0 && (timers[index - 1] as Timer).at <= timer.at) index -= 1;
    timers.splice(index, 0, timer);
    return () => {
      const found = timers.indexOf(timer);
      if (found >= 0) timers.splice(found, 1);
    };
  }

  return {
    now: () => time,
    setTimer,
    sleep: (ms) => new Promise((resolve) => void setTimer(resolve, ms)),
    nextAt: () => timers.at(-1)?.at ?? null,
    step() {
      const timer = timers.pop();
      if (timer === undefined) return;
      count += 1;
      time = timer.at;
      timer.call();
    },
    activity: () => count,
  };
}

/** The time that the service reads: the platform's is the true one. Timers wait however this one is set. */
export interface Wall {
  now(): number;
  jump(ms: number): void;
  setRight(): void;
}

export function createWall(clock: Pick<Clock, "now">): Wall {
  let ahead = 0;
  return {
    now: () => clock.now() + ahead,
    jump(ms) {
      ahead += ms;
    },
    setRight() {
      ahead = 0;
    },
  };
}

/**
 * Puts the clock in place of the runtime's own timers, for the HTTP client's timeouts, which no dependency brings in.
 * Returns how to put things back.
 */
export function installClock(clock: Clock): () => void {
  const { setTimeout, clearTimeout } = globalThis;
  globalThis.setTimeout = ((call: () => void, ms = 0) => clock.setTimer(call, ms)) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer?: (() => void) | NodeJS.Timeout) => {
    // What a schedule left behind when it ended, such as a list half read, has a timer of the runtime.
    if (typeof timer === "function") timer();
    else clearTimeout(timer);
  }) as typeof clearTimeout;
  const own = Object.getOwnPropertyDescriptor(performance, "now");
  Object.defineProperty(performance, "now", { configurable: true, value: clock.now });
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    if (own === undefined) Reflect.deleteProperty(performance, "now");
    else Object.defineProperty(performance, "now", own);
  };
}
