/** Agents at the platform's own desk: they take conversations and close them, at times nobody waits for. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Clock } from "./clock.ts";
import { tokenIn } from "./invariants.ts";
import type { Random } from "./random.ts";
import type { PersonAct } from "./script.ts";
import type { Tell } from "./story.ts";

interface PeopleDeps {
  emulator: Emulator;
  clock: Clock;
  acts: readonly PersonAct[];
  random: Random;
  tell: Tell;
}

/** Of what comes into a queue. */
const QUICK = 0.2;
/** About when a doubtful route is looked at again, which is the worst moment. */
const WORST_MS = { min: 2_800, max: 3_800 };

const isIntoQueue = (operation: string | null, body: unknown): boolean =>
  operation === "createConversation" && typeof body === "object" && body !== null && "queueId" in body;

export function createPeople({ emulator, clock, acts, random, tell }: PeopleDeps) {
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
  function perform(act: PersonAct["act"], { id, summary }: { id: string; summary: string | null }): void {
    const done = act === "take" ? desk.take(id, supervisor) : desk.setStatus(id, supervisor, "CLOSED");
    if (!done.ok) return;
    tell(() => `an agent ${act === "take" ? "takes" : "closes"} ${id} ${tokenIn(summary) ?? ""}`);
    if (act === "close") return;
    had.add(id);
    has.add(id);
  }
  for (const { atMs, act, which } of acts) {
    clock.setTimer(() => {
      const all = visible();
      const chosen = all[Math.floor(which * all.length)];
      if (chosen !== undefined) perform(act, chosen);
    }, atMs);
  }
  const newest = (): string => [...state.conversations.keys()].at(-1) ?? "";

  /** Some are quick: what has just come into a queue is taken, or closed as done, within seconds. */
  function react(id: string): void {
    if (!random.chance(QUICK)) return;
    const act = random.pick(["take", "close"] as const);
    clock.setTimer(
      () => {
        const conversation = state.conversations.get(id);
        if (conversation !== undefined) perform(act, conversation);
      },
      random.chance(0.5) ? random.int(WORST_MS.min, WORST_MS.max) : random.int(100, 8_000),
    );
  }
  emulator.onCall(({ operation, effect, path, body }) => {
    const id = (path.split("?")[0] ?? "").split("/")[4] ?? "";
    // Between a look and what follows from it.
    if (operation === "getConversation" && random.chance(0.05)) {
      clock.setTimer(
        () => {
          const conversation = state.conversations.get(id);
          if (conversation !== undefined) perform("close", conversation);
        },
        random.int(1, 300),
      );
    }
    if (effect && (operation === "route" || isIntoQueue(operation, body)))
      react(operation === "createConversation" ? newest() : id);
    if (operation !== "route" || !effect || !has.delete(id)) return;
    lost += 1;
    tell(() => `a route took ${id} from an agent`);
  });

  return { had: had as ReadonlySet<string>, lost: (): number => lost };
}
