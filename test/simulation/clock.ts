/** A clock that stands still until it moves to the next timer, in the order of their times. */
export interface Clock {
  now(): number;
  /** Calls `call` once, after `ms`. Returns a function that cancels it. */
  setTimer(call: () => void, ms: number): () => void;
  sleep(ms: number): Promise<void>;
  /** Time of the next timer; null: there is none. */
  nextAt(): number | null;
  /** Moves to the next timer and calls it. */
  step(): void;
  /** Grows with every timer that is set, cancelled or called. */
  activity(): number;
}

interface Timer {
  at: number;
  call: () => void;
}

export function createClock(start: number): Clock {
  let time = start;
  let count = 0;
  /** Latest first, and the last set first among equal times: the next timer is at the end. */
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

/** The clock that the service reads; the platform's is the true one. Timers wait regardless of it. */
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
 * Replaces the runtime's own timers, for the HTTP client's timeouts, which no dependency provides. Returns a function that puts
 * them back.
 */
export function installClock(clock: Clock): () => void {
  const { setTimeout, clearTimeout } = globalThis;
  globalThis.setTimeout = ((call: () => void, ms = 0) => clock.setTimer(call, ms)) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer?: (() => void) | NodeJS.Timeout) => {
    // Work that a schedule left behind, such as a half-read list, has a timer of the runtime.
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
