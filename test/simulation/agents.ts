/** Agents at the platform's own desk: they take conversations and finish them, at unexpected times. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Conversation } from "../../src/emulator/state/state.ts";
import type { Clock } from "./clock.ts";
import { tokenIn } from "./invariants.ts";
import type { Random } from "./random.ts";
import type { Act, PersonAct, Presence } from "./scenario.ts";
import type { Trace } from "./trace.ts";

interface AgentsDeps {
  emulator: Emulator;
  clock: Clock;
  acts: readonly PersonAct[];
  presence: readonly Presence[];
  /** Nobody begins anything after this. */
  untilMs: number;
  takenEarly: number;
  random: Random;
  tell: Trace;
}

/** Share of arrivals in a queue that are acted on quickly. */
const QUICK = 0.25;
/** About the time of the look after a doubtful route: the worst moment. */
const WORST_MS = { min: 2_800, max: 3_800 };
/** Possible next actions of a person who has a chat, or gave it away. */
const NEXT: Readonly<Partial<Record<Act, readonly (Act | null)[]>>> = {
  take: ["answer", "solve", "solve", "close", "unassign", "to-bot", null, null],
  answer: ["solve", "close", null],
  solve: ["reopen", "reopen", "close", null, null, null],
  reopen: ["solve", "close", null],
  "to-bot": ["take", "take", "close", null],
};

const isIntoQueue = (operation: string | null, body: unknown): boolean =>
  operation === "createConversation" && typeof body === "object" && body !== null && "queueId" in body;

export function createAgents({ emulator, clock, acts, presence, untilMs, takenEarly, random, tell }: AgentsDeps) {
  const { state, desk, pushes } = emulator;
  const begunAt = clock.now();
  const had = new Set<string>();
  const has = new Set<string>();
  /** Time of the last move to another queue, by conversation. */
  const moved = new Map<string, number>();
  /** Time of the deletion at the platform, by conversation. */
  const deleted = new Map<string, number>();
  const counts: Partial<Record<Act, number>> = {};
  let lost = 0;
  const isHuman = (agentId: string | null): boolean => agentId !== null && !state.bots.has(agentId);
  const supervisor = [...state.agents.values()].find(({ role }) => role === "SUPERVISOR")?.id ?? "";
  const [bot] = state.bots.keys();

  /** A desk shows conversations in a queue or with an assignee. */
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

  /** Sends over the API, which may fail, what a desk has no button for. */
  function call(method: string, path: string, body?: object): void {
    const headers = { authorization: "App people", "content-type": "application/json" };
    emulator
      .fetch(
        new Request(`https://platform.invalid/ccaas/1${path}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      )
      .catch(() => undefined);
  }

  /** Deletes it in the state: only the portal can delete, so the emulator has no call for it. */
  function forget(conversation: Conversation): boolean {
    if (!(state.conversations as Map<string, Conversation>).delete(conversation.id)) return false;
    deleted.set(conversation.id, clock.now());
    const { id, status } = conversation;
    pushes.push({
      type: "CONVERSATION_DELETED",
      timestamp: new Date(clock.now()).toISOString(),
      payload: { id, status },
    });
    return true;
  }

  function isDone(act: Act, conversation: Conversation): boolean {
    const { id, status, agentId } = conversation;
    switch (act) {
      case "take":
        return desk.take(id, supervisor).ok;
      case "answer":
        return isHuman(agentId) && desk.reply(id, agentId ?? "", "How can I help?").ok;
      case "solve":
        return desk.setStatus(id, supervisor, "SOLVED").ok;
      case "reopen":
        return status === "SOLVED" && desk.setStatus(id, supervisor, "OPEN").ok;
      case "close":
        return desk.setStatus(id, supervisor, "CLOSED").ok;
      case "unassign":
        if (isHuman(agentId)) call("DELETE", `/conversations/${id}/assignee`);
        return isHuman(agentId);
      case "to-bot":
        if (isHuman(agentId)) call("PUT", `/conversations/${id}/assignee`, { agentId: bot });
        return isHuman(agentId);
      case "delete":
        return random.chance(0.3) && forget(conversation);
      case "transfer": {
        const others = [...state.queues.keys()].filter((one) => one !== conversation.queueId);
        call("PATCH", `/conversations/${id}`, { queueId: random.pick(others) });
        if (isHuman(agentId)) call("DELETE", `/conversations/${id}/assignee`);
        moved.set(id, clock.now());
        return true;
      }
      case "look-in":
        return desk.take(id, supervisor).ok;
    }
  }

  function later(act: Act, id: string, ms: number): void {
    clock.setTimer(() => {
      const conversation = state.conversations.get(id);
      if (conversation !== undefined) perform(act, conversation);
    }, ms);
  }

  function perform(act: Act, conversation: Conversation): void {
    const { id, summary } = conversation;
    if (!isDone(act, conversation)) return;
    counts[act] = (counts[act] ?? 0) + 1;
    tell(() => `an agent: ${act} ${id} ${tokenIn(summary) ?? ""}`);
    if (act === "unassign" || act === "to-bot" || act === "transfer") has.delete(id);
    // A person who reopens it wants to have it.
    if (act === "take" || act === "reopen" || act === "look-in") had.add(id);
    if (act === "take" || act === "look-in") has.add(id);
    if (act === "look-in") {
      later("unassign", id, random.int(10, 2_000));
      return;
    }
    const next = clock.now() - begunAt < untilMs ? random.pick(NEXT[act] ?? [null]) : null;
    if (next !== null) later(next, id, random.chance(0.3) ? random.int(1, 900) : random.int(500, 25_000));
  }

  for (const { atMs, act, which } of acts) {
    clock.setTimer(() => {
      const all = visible();
      const chosen =
        typeof which === "string" ? all.find(({ id }) => id === which) : all[Math.floor(which * all.length)];
      if (chosen !== undefined) perform(act, chosen);
    }, atMs);
  }
  for (const { atMs, isThere } of presence) {
    clock.setTimer(() => {
      tell(() => `the agents ${isThere ? "come" : "leave"}`);
      for (const id of state.agents.keys()) {
        call("PUT", `/agents/${id}/status`, { status: isThere ? "ACTIVE" : "AWAY" });
      }
    }, atMs);
  }
  const newest = (): string => [...state.conversations.keys()].at(-1) ?? "";

  /** Quick agents take or finish a new arrival in a queue within seconds. */
  function react(id: string): void {
    if (!random.chance(QUICK)) return;
    const act = random.pick(["take", "take", "close", "solve"] as const);
    later(act, id, random.chance(0.5) ? random.int(WORST_MS.min, WORST_MS.max) : random.int(100, 8_000));
  }
  emulator.onCall(({ operation, effect, path, body }) => {
    const id = (path.split("?")[0] ?? "").split("/")[4] ?? "";
    // Acts between a look and its consequence. Once all is calm, Baton must have the time to see what happened.
    const isCalm = clock.now() - begunAt >= untilMs;
    if (operation === "getConversation" && random.chance(0.05) && !isCalm) later("close", id, random.int(1, 300));
    // Acts between the context and the route.
    if (effect && operation === "patchMetadata" && random.chance(takenEarly)) later("take", id, random.int(1, 600));
    if (effect && (operation === "route" || isIntoQueue(operation, body)))
      react(operation === "createConversation" ? newest() : id);
    if (operation !== "route" || !effect || !has.delete(id)) return;
    lost += 1;
    tell(() => `a route took ${id} from an agent`);
  });

  return {
    had: had as ReadonlySet<string>,
    deleted: deleted as ReadonlyMap<string, number>,
    movedAt: (id: string): number | undefined => moved.get(id),
    counts: counts as Readonly<typeof counts>,
    lost: (): number => lost,
  };
}
export type Agents = ReturnType<typeof createAgents>;
