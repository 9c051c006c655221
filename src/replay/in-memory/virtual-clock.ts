/** Work that is unfinished after so many turns of the event loop waits for time: nothing here waits for a disk or a network. */
const QUIET_TURNS = 100;
/** Turns for work that a timer begins and nobody awaits. */
const TURNS_AFTER_TIMER = 20;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A clock that stands still until it is moved, or until everything waits for it. */
export function createVirtualClock(start: number) {
  let at = start;
  const timers = new Set<{ due: number; call: () => void }>();

  function fireNext(): boolean {
    const [next] = [...timers].sort((a, b) => a.due - b.due);
    if (next === undefined) return false;
    timers.delete(next);
    at = Math.max(at, next.due);
    next.call();
    return true;
  }

  return {
    now: () => at,
    setTimer(call: () => void, ms: number): () => void {
      const timer = { due: at + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    /** Lets time pass: fires timers at their time, and lets `rest` await their effects before the next. */
    async pass(ms: number, rest: () => Promise<unknown>): Promise<void> {
      const end = at + ms;
      while ([...timers].some(({ due }) => due <= end)) {
        fireNext();
        await turns(TURNS_AFTER_TIMER);
        await rest();
      }
      at = end;
    },
    /** Awaits work. Moves time to the next timer if the work only waits for time. */
    async until<T>(work: Promise<T>): Promise<T> {
      let isDone = false;
      const ended = work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        for (let turn = 0; turn < QUIET_TURNS && !isDone; turn += 1) await turns(1);
        if (!isDone && !fireNext()) break;
      }
      return ended;
    },
  };
}
