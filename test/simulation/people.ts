/** Agents at the platform's own desk: they take conversations and close them, at times nobody waits for. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Clock } from "./clock.ts";
import { tokenIn } from "./invariants.ts";
import type { PersonAct } from "./script.ts";
import type { Tell } from "./story.ts";

interface PeopleDeps {
  emulator: Emulator;
  clock: Clock;
  acts: readonly PersonAct[];
  tell: Tell;
}

export function createPeople({ emulator, clock, acts, tell }: PeopleDeps) {
  const { state, desk } = emulator;
  const had = new Set<string>();
  const has = new Set<string>();
  let lost = 0;
  const isHuman = (agentId: string | null): boolean => agentId !== null && !state.bots.has(agentId);
  const supervisor = [...state.agents.values()].find(({ role }) => role === "SUPERVISOR")?.id ?? "";

  /** A desk shows what waits in a queue or is somebody's. */
  function visible() {
    return [...state.conversations.values()].filter(
      ({ status, queueId, agentId }) => status !== "CLOSED" && (queueId !== null || agentId !== null),
    );
  }

  for (const { id, agentId } of state.conversations.values()) {
    if (!isHuman(agentId)) continue;
    had.add(id);
    has.add(id);
  }
  for (const { atMs, act, which } of acts) {
    clock.setTimer(() => {
      const all = visible();
      const chosen = all[Math.floor(which * all.length)];
      if (chosen === undefined) return;
      const done = act === "take" ? desk.take(chosen.id, supervisor) : desk.setStatus(chosen.id, supervisor, "CLOSED");
      if (!done.ok) return;
      tell(() => `an agent ${act === "take" ? "takes" : "closes"} ${chosen.id} ${tokenIn(chosen.summary) ?? ""}`);
      if (act === "close") return;
      had.add(chosen.id);
      has.add(chosen.id);
    }, atMs);
  }
  emulator.onCall(({ operation, effect, path }) => {
    const id = path.split("/")[4] ?? "";
    if (operation !== "route" || !effect || !has.delete(id)) return;
    lost += 1;
    tell(() => `a route took ${id} from an agent`);
  });

  return { had: had as ReadonlySet<string>, lost: (): number => lost };
}
