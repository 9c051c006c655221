/** Finds handoffs by what the query of a list says. What no index answers is looked for in a bounded part of the list. */
import { type Handoff, type HandoffState, handoffStateSchema } from "../model/handoff.ts";
import type { Core } from "./api.ts";

const MINUTE_MS = 60_000;
export const AGES = {
  "older-5m": { text: "older than 5 minutes", olderMs: 5 * MINUTE_MS, newerMs: null },
  "older-1h": { text: "older than an hour", olderMs: 60 * MINUTE_MS, newerMs: null },
  "older-1d": { text: "older than a day", olderMs: 1_440 * MINUTE_MS, newerMs: null },
  "last-hour": { text: "opened in the last hour", olderMs: null, newerMs: 60 * MINUTE_MS },
  "last-day": { text: "opened in the last day", olderMs: null, newerMs: 1_440 * MINUTE_MS },
} as const;
type Age = keyof typeof AGES;

/** `waiting`: pending or routed. */
export const stateChoices = ["waiting", ...handoffStateSchema.options] as const;
export const ages = Object.keys(AGES) as [Age, ...Age[]];

export interface Search {
  state?: (typeof stateChoices)[number] | undefined;
  bot?: string | undefined;
  flow?: string | undefined;
  reason?: string | undefined;
  tag?: string | undefined;
  /** True: only handoffs that should have reached an agent by now. */
  late?: boolean | undefined;
  age?: Age | undefined;
  /** A part of an id, of the session, the reason, a tag or the like, in either case. */
  word?: string | undefined;
  /** Cursor: the end of the page before. */
  before?: string | undefined;
}

/** A search that one index leads. */
type Part = Omit<Search, "state"> & { state: HandoffState | undefined };

export interface Found {
  handoffs: Handoff[];
  /** Cursor of the next page; null: this is the last. */
  next: string | null;
}

/** Read at once where some may not fit, and the most that one page looks through. */
const CHUNK = 200;
const MOST_EXAMINED = 1_000;

/** Facts of a handoff that a person may look for. None of them is what a customer wrote. */
function hasWord(handoff: Handoff, word: string): boolean {
  const { id, session, conversationId, agentId, reason, rule, flow, parkedBecause, decision } = handoff;
  const texts = [id, session, conversationId, agentId, reason, rule, flow, parkedBecause, decision.queue];
  return [...texts, ...decision.tags].some((text) => text?.toLowerCase().includes(word) === true);
}

function fits({ reason, tag, age, word }: Search, now: number): (handoff: Handoff) => boolean {
  const { olderMs = null, newerMs = null } = age === undefined ? {} : AGES[age];
  const wanted = word?.trim().toLowerCase();
  return (it) =>
    (wanted === undefined || hasWord(it, wanted)) &&
    (reason === undefined || it.reason === reason) &&
    (tag === undefined || it.decision.tags.includes(tag)) &&
    (olderMs === null || it.createdAt <= now - olderMs) &&
    (newerMs === null || it.createdAt >= now - newerMs);
}

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Ids grow with time: every handoff that was opened before has a smaller one. */
function firstIdOf(time: number): string {
  let id = "";
  for (let rest = Math.max(0, Math.floor(time)), at = 0; at < 10; at += 1, rest = Math.floor(rest / 32)) {
    id = (ALPHABET[rest % 32] ?? "0") + id;
  }
  return id;
}

/** One state's part of a page. */
async function findPart(core: Pick<Core, "handoffs">, search: Part, limit: number, now: number): Promise<Found> {
  const { state, bot, flow, late, age } = search;
  const { olderMs = null, newerMs = null } = age === undefined ? {} : AGES[age];
  const isFit = fits(search, now);
  const isPlain = [search.reason, search.tag, search.age, search.word].every((it) => it === undefined);
  const filter = { bot, flow, state, ...(late && { isLate: true }) };
  const youngest = olderMs === null ? undefined : firstIdOf(now - olderMs + 1);
  let before = search.before ?? youngest;
  const handoffs: Handoff[] = [];
  for (let examined = 0; examined < MOST_EXAMINED; ) {
    const most = isPlain ? limit + 1 : CHUNK;
    const chunk = await core.handoffs({ ...filter, before }, most);
    for (const handoff of chunk) {
      if (newerMs !== null && handoff.createdAt < now - newerMs - MINUTE_MS) return { handoffs, next: null };
      if (!isFit(handoff)) continue;
      if (handoffs.length === limit) return { handoffs, next: handoffs.at(-1)?.id ?? null };
      handoffs.push(handoff);
    }
    before = chunk.at(-1)?.id;
    if (chunk.length < most) return { handoffs, next: null };
    examined += chunk.length;
  }
  return { handoffs, next: before ?? null };
}

/** Those states that a search by one state covers. */
const partsOf = ({ state, ...search }: Search): Part[] =>
  state === "waiting"
    ? [
        { ...search, state: "pending" },
        { ...search, state: "routed" },
      ]
    : [{ ...search, state }];

/** A page of a search, the newest first. It may hold fewer than asked for although there is a next one. */
export async function findHandoffs(
  core: Pick<Core, "handoffs">,
  search: Search,
  limit: number,
  now: number,
): Promise<Found> {
  const found = await Promise.all(partsOf(search).map((part) => findPart(core, part, limit, now)));
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  // Nothing older than where one of them stopped is sure to be the next.
  const stops = found.flatMap(({ next }) => next ?? []);
  const stop = stops.length === 0 ? null : (stops.sort().at(-1) ?? null);
  const all = found.flatMap(({ handoffs }) => handoffs).sort((a, b) => (a.id < b.id ? 1 : -1));
  const sure = all.filter(({ id }) => stop === null || id >= stop);
  const page = sure.slice(0, limit);
  return { handoffs: page, next: sure.length > limit ? (page.at(-1)?.id ?? null) : stop };
}

/** Words of the search for people. */
export function describeSearch({ state, bot, flow, reason, tag, late, age, word }: Search): string {
  const parts = [
    late ? "late" : null,
    state ?? null,
    bot === undefined ? null : `of bot ${bot}`,
    flow === undefined ? null : `of flow ${flow}`,
    reason === undefined ? null : `because of ${reason}`,
    tag === undefined ? null : `tagged ${tag}`,
    age === undefined ? null : AGES[age].text,
    word === undefined ? null : `with “${word}”`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "all, the newest first" : parts.join(", ");
}
