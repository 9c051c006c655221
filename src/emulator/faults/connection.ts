/** Ways in which a connection fails: none is made, or it breaks. */
export type ConnectionFault = "ECONNREFUSED" | "ECONNRESET";

/** Error that `fetch` rejects with. A server in front of the emulator destroys the socket instead. */
export function connectionError(code: ConnectionFault): TypeError {
  const cause = Object.assign(new Error(code === "ECONNRESET" ? "read ECONNRESET" : "connect ECONNREFUSED"), { code });
  return new TypeError("fetch failed", { cause });
}

/** Finds the fault behind an error of `fetch`; null for any other error. */
export function connectionFaultOf(error: unknown): ConnectionFault | null {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error) || !("code" in error.cause)) return null;
  const { code } = error.cause;
  return code === "ECONNREFUSED" || code === "ECONNRESET" ? code : null;
}

/** Waits for the work unless the caller gives up first. The work goes on, as it would on the other side of a network. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
