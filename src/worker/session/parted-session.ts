/** Joins the parts of a session in several objects. Pure. */
import type { SessionErased, SessionExport } from "../../handoff/api.ts";

/** The first part, where the session goes on, has all events; each part has the handoffs that were opened there. */
export function joinExports(parts: readonly (SessionExport | null)[]): SessionExport | null {
  const known = parts.filter((part) => part !== null);
  const [first] = known;
  if (first === undefined) return null;
  const conversations = new Map(
    known
      .flatMap((part) => part.conversations.map((it) => [JSON.stringify([it.account, it.id]), it] as const))
      .reverse(),
  );
  const handoffs = known.flatMap((part) => part.handoffs);
  handoffs.sort((one, other) => (one.handoff.id < other.handoff.id ? -1 : 1));
  return { ...first, handoffs, conversations: [...conversations.values()] };
}

/** Sums up what the parts erased. If none erased anything, the reason of the first one counts. */
export function joinErased(parts: readonly [SessionErased, ...SessionErased[]]): SessionErased {
  const [here] = parts;
  const done = parts.flatMap((part) => (part.ok ? [part.value] : []));
  if (done.length === 0 || (!here.ok && here.error.reason === "handoff-open")) return here;
  const sum = (of: "events" | "handoffs" | "callbacks"): number => done.reduce((total, one) => total + one[of], 0);
  const conversations = [...new Set(done.flatMap((one) => one.conversations))].sort();
  const value = { events: sum("events"), handoffs: sum("handoffs"), callbacks: sum("callbacks"), conversations };
  return { ok: true, value };
}
