/** The signals by which a process is asked to stop. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

export interface StopSignal {
  isGiven(): boolean;
  /** Resolves with the first of them. */
  given: Promise<void>;
}

/** Listens from now on, so that a start is ended as cleanly as a service. The same signal again ends the process at once. */
export function listenForStop(): StopSignal {
  let isGiven = false;
  const given = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        isGiven = true;
        resolve();
      });
    }
  });
  return { isGiven: () => isGiven, given };
}
