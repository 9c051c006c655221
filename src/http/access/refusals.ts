/** Logs requests that were refused for their credentials, and slows them down. Its memory is bounded. */
import type { Context } from "hono";
import type { Log } from "../../log.ts";
import type { Env } from "../answer.ts";

/** Subject of the credentials. */
export type Surface = "bot" | "push" | "operator";

interface Refused {
  surface: Surface;
  /** The bot or account, if it is configured: no other text from a stranger's URL is logged. */
  name: string | null;
  /** Hash of the caller's address. */
  peer: string;
  reason: string;
  requestId: string;
}

interface RefusalsDeps {
  now: () => number;
  log: Log;
  /** Absent: the next refusal logs the counts of a minute. */
  setTimer?: ((wake: () => void, ms: number) => () => void) | undefined;
}

export interface Refusals {
  /** Null: the answer is 401. A number: the peer comes too often, and may try again in so many seconds. */
  refuse(refused: Refused): number | null;
  /** Logs the counts. */
  stop(): void;
}

/** Name that the runtime gives the caller. */
export const peerOf = (c: Context<Env>): string => c.env?.peer?.() ?? "unknown";

/** Refusals at once, as a bot with a new secret causes them. Each further one needs `ONE_IN_MS`. */
const AT_ONCE = 20;
const ONE_IN_MS = 3_000;
const PEERS_MAX = 10_000;
const TELL_EVERY_MS = 60_000;
const TOLD_MAX = 1_000;
/** Stands for all further peers. */
const OTHERS = "others";

const SAYS = {
  bot: "a bot was refused",
  push: "a push was refused",
  operator: "an operator was refused",
} satisfies Record<Surface, string>;

interface Told extends Refused {
  /** Number since the last log line. */
  count: number;
}

export function createRefusals({ now, log, setTimer }: RefusalsDeps): Refusals {
  /** The peer that was refused longest ago comes first. */
  const peers = new Map<string, { left: number; at: number }>();
  const told = new Map<string, Told>();
  let tellAt = 0;
  let cancel: (() => void) | null = null;

  function tell({ surface, name, peer, reason, requestId }: Refused, count?: number): void {
    const about = name === null || surface === "operator" ? {} : { [surface === "bot" ? "bot" : "account"]: name };
    const which = count === undefined ? { requestId } : { count };
    log.warn({ ...about, peer, reason, ...which }, SAYS[surface]);
  }

  /** The first refusal of a peer that was quiet for a minute is logged at once. */
  function tellCounts(): void {
    for (const [key, it] of told) {
      if (it.count === 0) told.delete(key);
      else tell(it, it.count);
      it.count = 0;
    }
    tellAt = now() + TELL_EVERY_MS;
    cancel?.();
    cancel = told.size === 0 ? null : (setTimer?.(tellCounts, TELL_EVERY_MS) ?? null);
  }

  function count(refused: Refused): void {
    if (told.size > 0 && now() >= tellAt) tellCounts();
    const keyOf = ({ surface, name, peer }: Refused): string => `${surface} ${peer} ${name ?? ""}`;
    const others = { ...refused, name: null, peer: OTHERS };
    const it = told.has(keyOf(refused)) || told.size < TOLD_MAX ? refused : others;
    const known = told.get(keyOf(it));
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    told.set(keyOf(it), { ...it, count: 0 });
    tell(it);
    if (told.size === 1) {
      tellAt = now() + TELL_EVERY_MS;
      cancel ??= setTimer?.(tellCounts, TELL_EVERY_MS) ?? null;
    }
  }

  function waitSeconds({ surface, peer }: Refused): number | null {
    const key = `${surface} ${peer}`;
    const at = now();
    const known = peers.get(key) ?? { left: AT_ONCE, at };
    const left = Math.min(AT_ONCE, known.left + Math.max(0, at - known.at) / ONE_IN_MS);
    const isFree = left >= 1;
    peers.delete(key);
    peers.set(key, { left: isFree ? left - 1 : left, at });
    const [oldest] = peers.size > PEERS_MAX ? peers.keys() : [];
    if (oldest !== undefined) peers.delete(oldest);
    return isFree ? null : Math.ceil(((1 - left) * ONE_IN_MS) / 1_000);
  }

  return {
    refuse(refused) {
      count(refused);
      return waitSeconds(refused);
    },
    stop() {
      tellCounts();
      cancel?.();
    },
  };
}
