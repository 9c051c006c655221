/**
 * Polls the platform for news that pushes would bring: without pushes often, with pushes more rarely, since one may be lost. It
 * asks by id for the conversations whose news matter, so it loses nothing in a gap of any length.
 */
import { z } from "zod";
import type { Flows } from "../../escalation/flow.ts";
import type { Conversation } from "../../infobip/schema.ts";
import type { Handoff } from "../../model/handoff.ts";
import { FIRST_PLACE, type Place, type Portion, placeSchema, type Watched } from "../../store/platform-watch.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { Gate } from "../account/gate.ts";
import { isNews, isOver, wordOf } from "../steps/shown-conversation.ts";
import type { Account } from "../steps/step-context.ts";
import type { ReceivePush } from "../use-cases/receive-push.ts";

/** An account, as the poll needs it. */
export type PolledAccount = Account & {
  gate: Pick<Gate, "heldUntil" | "isRefused">;
  /** Milliseconds; 0: never. */
  pollEveryMs: number;
};

/** Lists the conversations of an account to poll. */
export interface AtPlatform {
  /** Lists a portion of them. `returnedAfter`: a handoff that ended earlier is not polled. */
  watched(account: string, place: Place, returnedAfter: number, limit: number): Portion | Promise<Portion>;
  /** Lists handoffs that an agent has, up to `limit`. */
  withAgent(account: string, limit: number): Handoff[] | Promise<Handoff[]>;
  /** Returns the time of the newest event: somebody polled until then. Absent: not known. Null: there is no event. */
  newestEventAt?(): number | null;
}

export const atPlatformIn = (record: Pick<SessionRecord, "read">, flows: Flows): AtPlatform => ({
  watched: (account, place, returnedAfter, limit) => {
    const bots = [...flows].filter(([, flow]) => flow.account === account).map(([bot]) => bot);
    return record.read(({ platformWatch }) => platformWatch.watched({ account, bots, place, returnedAfter, limit }));
  },
  withAgent: (account, limit) => record.read((tables) => tables.handoffs.withAgent(account, limit)),
  newestEventAt: () => record.read((tables) => tables.events.newestAt()),
});

/** Progress that one look leaves to the next. */
export const progressSchema = z.object({
  /** Null: the next look begins a round. */
  place: placeSchema.nullable(),
  /** Conversations that the last look did not find. */
  missing: z.array(z.string()),
});
export type Progress = z.infer<typeof progressSchema>;
const NO_PROGRESS: Progress = { place: null, missing: [] };

interface Round {
  beganAt: number;
  /** Conversations whose handoff returned earlier are not polled. */
  returnedAfter: number;
  /** False: a part of it had no answer. */
  isAnswered: boolean;
}

export interface PollDeps {
  atPlatform: AtPlatform;
  receiveState: ReceivePush["receiveState"];
  /** Reads an agent's words before the end of the chat counts. */
  finish?: (name: string, account: PolledAccount, watched: Watched) => Promise<void>;
  /** Keeps the progress of an account, if memory does not last from one look to the next. */
  progress?: {
    load: (name: string) => Promise<Progress | null>;
    save: (name: string, progress: Progress) => Promise<void>;
  };
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
}

/** The poll only has to find a lost push while pushes come. */
const PUSHED_LATELY_MS = 10 * 60_000;
const RARELY = 10;
/** Nearly all pushes of a change have arrived by then; the next look corrects the rest. */
const PUSHED_WITHIN_MS = 10 * 60_000;
/** A customer who answers reopens a solved conversation, and a late route takes effect; later than this the bot has moved on. */
const REOPENED_WITHIN_MS = 3_600_000;
/** Ids in one request: its URL stays under 8 kB, and the answer is one page. */
const IDS_AT_ONCE = 100;
/** A look begins no further portion after so many requests; the next one continues there. */
const REQUESTS_A_LOOK = 20;
const MOST_MISSING = 200;

export function createPoll({ atPlatform, receiveState, finish, progress, now, steady }: PollDeps) {
  const pushedAt = new Map<string, number>();
  const kept = new Map<string, Progress>();
  const rounds = new Map<string, Round>();
  /** Times at which the last rounds began that the platform answered as a whole. */
  const answeredAt = new Map<string, number>();
  // Read at the start: events come in before the first poll.
  const stoppedAt = atPlatform.newestEventAt?.() ?? null;

  /** Reads one conversation by itself, since a list may show it as it was before the route. Resolves with whether it exists. */
  async function lookAt(
    name: string,
    { client, directory }: Account,
    id: string,
  ): Promise<"there" | "missing" | "unclear"> {
    const current = await client.get(id);
    const isMissing = current.kind === "refused" && current.refusal.reason === "unknown-id";
    if (current.kind !== "ok") return isMissing ? "missing" : "unclear";
    const word = await wordOf(directory, current.value, now());
    if (word === null) return "unclear";
    await receiveState(name, id, word);
    return "there";
  }

  /** Keeps lines of a list without news: an older push on its way must not count as the newest observation. */
  async function confirm(name: string, { directory }: Account, shown: readonly Conversation[]): Promise<void> {
    if (!pushedAt.has(name)) return;
    await Promise.all(
      shown.map(async (conversation) => {
        const word = await wordOf(directory, conversation, 0);
        if (word !== null && word.at > now() - PUSHED_WITHIN_MS) await receiveState(name, conversation.id, word);
      }),
    );
  }

  /** Begins a round. After a time without answers, or without a service, it asks for what returned in an hour before that, too. */
  function beginRound(name: string): Round {
    const at = now();
    const heardAt = answeredAt.get(name) ?? stoppedAt ?? at;
    return { beganAt: at, returnedAfter: Math.min(at, heardAt) - REOPENED_WITHIN_MS, isAnswered: true };
  }

  /** Returns the next portion of a round, from all of its lists. */
  async function portionAt(name: string, from: Place, { returnedAfter }: Round): Promise<Portion> {
    const watched: Watched[] = [];
    let next: Place | null = from;
    while (next !== null && watched.length < IDS_AT_ONCE) {
      const portion = await atPlatform.watched(name, next, returnedAfter, IDS_AT_ONCE - watched.length);
      watched.push(...portion.watched);
      next = portion.next;
    }
    return { watched, next };
  }

  /**
   * Asks for a portion, and reads conversations with news or missing ones. Resolves with the number of requests, and whether more
   * may be sent now. A single absence may be a glitch of the platform: a conversation that two looks in a row do not find is
   * deleted.
   */
  async function ask(name: string, account: PolledAccount, watched: readonly Watched[], missing: Set<string>) {
    const ids = [...new Set(watched.map(({ conversationId }) => conversationId))];
    if (ids.length === 0) return { requests: 0, isAnswered: true };
    const listed = await account.client.list({ conversationIds: ids });
    // One id that the platform refuses must not hide the others: each is read by itself.
    const isOfOne = listed.kind === "refused" && ["invalid", "unknown-id"].includes(listed.refusal.reason);
    if (listed.kind !== "ok" && !isOfOne) return { requests: 1, isAnswered: false };
    const shown = listed.kind === "ok" ? listed.value : [];
    const byId = new Map(shown.map((conversation) => [conversation.id, conversation]));
    const lookedAt = new Set<string>();
    const confirmed = new Map<string, Conversation>();
    for (const one of watched) {
      const { conversationId: id } = one;
      const conversation = byId.get(id);
      if (conversation !== undefined) missing.delete(id);
      if (lookedAt.has(id)) continue;
      if (conversation !== undefined && !(await isNews(account.directory, one, conversation))) {
        confirmed.set(id, conversation);
        continue;
      }
      lookedAt.add(id);
      if (conversation !== undefined && isOver(one, conversation)) await finish?.(name, account, one);
      const found = await lookAt(name, account, id);
      if (found === "missing" && missing.has(id)) await receiveState(name, id, { at: now(), status: "deleted" });
      if (found === "missing" && !missing.has(id)) missing.add(id);
      else if (found !== "unclear") missing.delete(id);
    }
    await confirm(
      name,
      account,
      [...confirmed.values()].filter(({ id }) => !lookedAt.has(id)),
    );
    return { requests: 1 + lookedAt.size, isAnswered: true };
  }

  async function load(name: string): Promise<Progress> {
    return kept.get(name) ?? (await progress?.load(name)) ?? NO_PROGRESS;
  }

  async function save(name: string, before: Progress, after: Progress): Promise<void> {
    kept.set(name, after);
    if (JSON.stringify(before) !== JSON.stringify(after)) await progress?.save(name, after);
  }

  /**
   * Takes one look at an account: a round, or the part of one that fits. Resolves with whether the account has conversations to
   * watch.
   */
  async function poll(name: string, account: PolledAccount): Promise<boolean> {
    const before = await load(name);
    const missing = new Set(before.missing);
    let place: Place | null = before.place ?? FIRST_PLACE;
    let isAny = before.place !== null;
    let requests = 0;
    let isGoingOn = true;
    const round = (before.place === null ? undefined : rounds.get(name)) ?? beginRound(name);
    rounds.set(name, round);
    while (isGoingOn && place !== null && requests < REQUESTS_A_LOOK) {
      const portion = await portionAt(name, place, round);
      isAny ||= portion.watched.length > 0;
      if (portion.watched.length > 0 && (account.gate.heldUntil() !== null || account.gate.isRefused())) break;
      // Conversations that could not be asked for now come again in the next round, so that they do not delay the others.
      place = portion.next;
      const asked = await ask(name, account, portion.watched, missing);
      requests += asked.requests;
      isGoingOn = asked.isAnswered;
      round.isAnswered &&= asked.isAnswered;
    }
    if (place === null && round.isAnswered) answeredAt.set(name, round.beganAt);
    await save(name, before, { place, missing: [...missing].slice(-MOST_MISSING) });
    return isAny;
  }

  const waitMs = (name: string, { pollEveryMs }: PolledAccount): number => {
    const isPushed = steady() - (pushedAt.get(name) ?? Number.NEGATIVE_INFINITY) < PUSHED_LATELY_MS;
    const isDoubtful = (kept.get(name)?.missing.length ?? 0) > 0;
    return isPushed && !isDoubtful ? pollEveryMs * RARELY : pollEveryMs;
  };

  return {
    /** A push arrived: the poll may be rarer. */
    pushed: (name: string): void => void pushedAt.set(name, steady()),
    /** Takes one look, where no timer does. Resolves with whether another should follow. */
    look: poll,
    waitMs,
  };
}
