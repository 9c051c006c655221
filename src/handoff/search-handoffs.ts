/** Finds handoffs by what the query of a list says. */
import { type Handoff, handoffStateSchema } from "../model/handoff.ts";
import type { HandoffFilter, HandoffPage } from "../store/tables/handoffs/handoff-pages.ts";
import type { HandoffApi } from "./api.ts";

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

/** Facts of a handoff that a person may look for. None of them is what a customer wrote. */
function hasWord(handoff: Handoff, word: string): boolean {
  const { id, session, conversationId, agentId, reason, rule, flow, parkedBecause, decision } = handoff;
  const texts = [id, session, conversationId, agentId, reason, rule, flow, parkedBecause, decision.queue];
  return [...texts, ...decision.tags].some((text) => text?.toLowerCase().includes(word) === true);
}

/** Handoffs that a page looks through for a word, which no index has. */
const CHUNK = 200;
const MOST_LOOKED_THROUGH = 1_000;

async function findWord(
  core: Pick<HandoffApi, "handoffs">,
  filter: HandoffFilter,
  limit: number,
  word: string,
): Promise<HandoffPage> {
  const handoffs: Handoff[] = [];
  let { before } = filter;
  for (let seen = 0; seen < MOST_LOOKED_THROUGH; seen += CHUNK) {
    const chunk = await core.handoffs({ ...filter, before }, CHUNK);
    for (const handoff of chunk.handoffs) {
      if (!hasWord(handoff, word)) continue;
      handoffs.push(handoff);
      if (handoffs.length === limit) return { handoffs, next: handoff.id };
    }
    if (chunk.next === null) return { handoffs, next: null };
    before = chunk.next;
  }
  return { handoffs, next: before ?? null };
}

/** Filters that together cover a search: an index has one state. */
function filtersOf({ state, age, late, word: _, ...search }: Search, now: number): HandoffFilter[] {
  const { olderMs = null, newerMs = null } = age === undefined ? {} : AGES[age];
  const filter = {
    ...search,
    isLate: late,
    ...(olderMs !== null && { openedUntil: now - olderMs }),
    ...(newerMs !== null && { openedFrom: now - newerMs }),
  };
  const states = state === "waiting" ? (["pending", "routed"] as const) : [state];
  return states.map((one) => ({ ...filter, state: one }));
}

/** A page of a search, the newest first. It may hold fewer than asked for although there is a next one. */
export async function findHandoffs(
  core: Pick<HandoffApi, "handoffs">,
  search: Search,
  limit: number,
  now: number,
): Promise<HandoffPage> {
  const word = search.word?.trim().toLowerCase();
  const find = (filter: HandoffFilter) =>
    word === undefined ? core.handoffs(filter, limit) : findWord(core, filter, limit, word);
  const found = await Promise.all(filtersOf(search, now).map(find));
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
