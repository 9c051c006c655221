/** Carries the platform's pushes to the service, and records what they told it. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Push } from "../../src/emulator/pushes/payload.ts";
import type { Clock } from "./clock.ts";
import { SECRET } from "./flows.ts";
import type { Instance } from "./instance.ts";
import type { Pushing } from "./profile.ts";
import type { Random } from "./random.ts";
import type { Trace } from "./trace.ts";

/** Assignee of a conversation at a time of the platform. */
export interface ToldAssignee {
  at: number;
  /** Time at which the service had answered the push. */
  toldAt: number;
  kind: "none" | "bot" | "human";
}

interface PushChannelDeps {
  emulator: Pick<Emulator, "pushes" | "settings" | "onChange" | "state">;
  pushing: Pushing;
  clock: Clock;
  tell: Trace;
}

interface DeliverDeps {
  current: () => Instance | null;
  isCalm: () => boolean;
  lostAnswers: number;
  random: Random;
}

const broken = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

/** Delivers a push to the running service, if there is one. Its answer may be lost on the way back. */
export const createDeliver =
  ({ current, isCalm, lostAnswers, random }: DeliverDeps) =>
  async (request: Request): Promise<Response> => {
    const instance = current();
    if (instance === null) throw broken("ECONNREFUSED");
    const response = await instance.request(request);
    if (response === null || (!isCalm() && random.chance(lostAnswers))) throw broken("ECONNRESET");
    return response;
  };

const shapeOf = ({ payload }: Push) =>
  payload as { id?: string; assignee?: { id: string | null; role: string | null } | null };

function toldBy(push: Push, toldAt: number): ToldAssignee | null {
  const { assignee } = shapeOf(push);
  if (!assignee?.id || assignee.role === "BOT") return null;
  return { at: Date.parse(push.timestamp), toldAt, kind: "human" };
}

export function createPushChannel({ emulator, pushing, clock, tell }: PushChannelDeps) {
  const { pushes, settings, onChange, state } = emulator;
  const { isSubscribed, ...hostile } = pushing;
  Object.assign(settings, hostile);
  if (isSubscribed) pushes.subscribe({ url: "http://baton.invalid/v1/infobip/default/events", secret: SECRET });
  const assignees = new Map<string, ToldAssignee[]>();
  /** Keys are contents; true: the push was answered 200. */
  const sent = new Map<string, boolean>();
  const accepted = new Map<string, Push>();
  let [requests, repeats, dropped, unanswered] = [0, 0, 0, 0];

  /** Times at which each conversation changed assignee or status. */
  const changes = new Map<string, { at: number; type: string }[]>();
  onChange((change) => {
    if (change.type !== "CONVERSATION_ASSIGNMENT_UPDATED" && change.type !== "CONVERSATION_STATUS_UPDATED") return;
    const { id } = change.conversation;
    changes.set(id, [...(changes.get(id) ?? []), { at: change.at, type: change.type }]);
  });
  const add = (id: string, told: ToldAssignee): void => void assignees.set(id, [...(assignees.get(id) ?? []), told]);
  // The service may know that no person has it any more before it answers a push, or even if the answer is lost.
  onChange((change) => {
    if (change.type !== "CONVERSATION_ASSIGNMENT_UPDATED") return;
    const { id, agentId } = change.conversation;
    const kind = agentId === null ? "none" : state.bots.has(agentId) ? "bot" : "human";
    if (kind !== "human") add(id, { at: change.at, toldAt: change.at, kind });
  });
  pushes.onPush(({ body, outcome, attempt, status }) => {
    const all = Array.isArray(body) ? (body as Push[]) : [body as Push];
    tell(() => `  push: ${all.map(({ type }) => type).join(", ")}, attempt ${attempt}: ${status ?? outcome}`);
    if (outcome === "dropped") {
      dropped += all.length;
      return;
    }
    requests += 1;
    if (outcome !== "accepted") unanswered += 1;
    for (const push of all) {
      const content = JSON.stringify(push);
      if (outcome === "accepted" && sent.get(content) === true) repeats += 1;
      sent.set(content, outcome === "accepted" || sent.get(content) === true);
      const { id } = shapeOf(push);
      const told = toldBy(push, clock.now());
      if (id !== undefined && told !== null && outcome === "accepted" && !accepted.has(content)) add(id, told);
      if (outcome === "accepted") accepted.set(content, push);
    }
  });

  return {
    calm(): void {
      Object.assign(settings, { pushDropRate: 0, pushDelayMs: 0, pushHoldMs: 0 });
    },
    /** The newest assignee told before `before`; undefined: none, or two of the same moment. */
    assigneeOf(id: string, before: number): ToldAssignee | undefined {
      const known = (assignees.get(id) ?? []).filter(
        ({ toldAt, kind }) => toldAt < before || (toldAt === before && kind !== "human"),
      );
      const at = Math.max(...known.map((one) => one.at));
      const newest = known.filter((one) => one.at === at);
      return new Set(newest.map(({ kind }) => kind)).size === 1 ? newest[0] : undefined;
    },
    /** True if a conversation changed twice within a millisecond: the order is unknown. */
    isTied: (id: string): boolean =>
      (changes.get(id) ?? []).some(
        (one, index, all) => all[index - 1]?.at === one.at && all[index - 1]?.type === one.type,
      ),
    /** Number of different pushes sent, and those that were answered 200. */
    sent: (): number => sent.size,
    accepted: accepted as ReadonlyMap<string, Push>,
    isSubscribed,
    counts: () => ({ requests, repeats, dropped, unanswered }),
  };
}
export type PushChannel = ReturnType<typeof createPushChannel>;
