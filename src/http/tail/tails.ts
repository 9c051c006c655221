/** Shows operators the posts of bots while they watch: redacted, in memory, bounded. Keeps nothing when nobody watches. */

import type { Flow } from "../../escalation/flow.ts";
import { createPayloadRedaction, shapeOfText } from "../../escalation/redaction/redact-payload.ts";
import { parseBatch } from "../../events/batch.ts";
import { readCloudEvents } from "../../events/cloud-events/read-cloud-events.ts";
import type { Event } from "../../events/event.ts";
import type { Source } from "../../events/source.ts";
import { baton, toHandoffRequest } from "../../events/sources/baton.ts";
import type { Tailed, TailPage } from "../views/tail-view.ts";

/** A post of a bot before redaction. */
export interface Received {
  bot: string;
  /** Path below `/v1/bots/{bot}/`. */
  to: string;
  headers: Headers;
  /** The parsed body; `text`: one that cannot be read. */
  body: { value: unknown } | { text: string };
}

interface TailsDeps {
  flows: ReadonlyMap<string, Flow>;
  sources: ReadonlyMap<string, Source>;
  /** Wall clock, for `at`. */
  now: () => number;
  /** Clock for the ends of tails. */
  steadyNow: () => number;
  newId: () => string;
  setTimer: (wake: () => void, ms: number) => () => void;
}

/** Most tails at one time; a further one ends the oldest. */
const TAILS_MAX = 4;
/** A tail without a look for this time ends. */
const ENDS_AFTER_MS = 60_000;
const POSTS_MAX = 200;
const TEXT_MAX = 2 * 1024 * 1024;
/** Longest post; a longer one is shown without its body. */
const POST_MAX = 512 * 1024;

interface Tail {
  bot: string | null;
  redacted: ReturnType<typeof createPayloadRedaction>;
  posts: { seq: number; shown: Tailed; length: number }[];
  length: number;
  seq: number;
  lookedAt: number;
  wake: (() => void) | null;
}

export function createTails({ flows, sources, now, steadyNow, newId, setTimer }: TailsDeps) {
  const tails = new Map<string, Tail>();

  function dropEnded(): void {
    for (const [id, { lookedAt }] of tails) if (steadyNow() - lookedAt > ENDS_AFTER_MS) tails.delete(id);
  }

  /** The events of a payload; empty if it is refused. */
  function eventsOf({ to, headers }: Received, value: unknown): Event[] {
    const context = { now: now(), headers };
    if (to === "handoffs") {
      const request = toHandoffRequest(value, context);
      return request.ok ? [request.value.event] : [];
    }
    const source = sources.get(to.replace(/^webhooks\//, "")) ?? baton;
    const sent = to === "events" ? readCloudEvents(value, headers) : { ok: true as const, value };
    const items = sent.ok ? parseBatch(source, sent.value, context) : sent;
    return items.ok ? items.value.flatMap((item) => (item.ok ? [item.value.event] : [])) : [];
  }

  function shownTo({ redacted }: Tail, received: Received, status: number): Tailed {
    const { bot, to, headers, body } = received;
    const keepsWords = flows.get(bot)?.note.transcript ?? false;
    const title = `${to}, answered ${status}`;
    const at = new Date(now()).toISOString();
    if ("text" in body) return { title, bot, at, posts: [{ to, body: shapeOfText(body.text.slice(0, POST_MAX / 4)) }] };
    const events = eventsOf(received, body.value);
    const kept = [...headers].filter(
      ([name, value]) => name.startsWith("ce-") || (name === "content-type" && value.includes("cloudevents")),
    );
    const shown = redacted({ headers: Object.fromEntries(kept), body: body.value }, events, keepsWords);
    const post = shown as { headers: Record<string, string>; body: unknown };
    return { title, bot, at, posts: [{ to, ...(kept.length > 0 && { headers: post.headers }), body: post.body }] };
  }

  function keep(tail: Tail, received: Received, status: number): void {
    const whole = shownTo(tail, received, status);
    const isTooLong = JSON.stringify(whole).length > POST_MAX;
    const shown = isTooLong ? { ...whole, title: `${whole.title}, too long to show`, posts: [] } : whole;
    const { length } = JSON.stringify(shown);
    tail.seq += 1;
    tail.posts.push({ seq: tail.seq, shown, length });
    tail.length += length;
    while (tail.posts.length > POSTS_MAX || (tail.length > TEXT_MAX && tail.posts.length > 1)) {
      tail.length -= tail.posts.shift()?.length ?? 0;
    }
    tail.wake?.();
  }

  return {
    /** False: nobody watches. */
    isWatched: (): boolean => tails.size > 0,

    begin(bot: string | null): string {
      dropEnded();
      const [oldest] = tails.size >= TAILS_MAX ? tails.keys() : [];
      if (oldest !== undefined) tails.delete(oldest);
      const id = newId();
      const redacted = createPayloadRedaction();
      tails.set(id, { bot, redacted, posts: [], length: 0, seq: 0, lookedAt: steadyNow(), wake: null });
      return id;
    },

    tell(received: Received, status: number): void {
      dropEnded();
      for (const tail of tails.values())
        if (tail.bot === null || tail.bot === received.bot) keep(tail, received, status);
    },

    /** Returns the posts after a page, once there are some or the wait is over; null: no such tail exists. */
    async look(id: string, after: number, waitMs: number): Promise<TailPage | null> {
      dropEnded();
      const tail = tails.get(id);
      if (tail === undefined) return null;
      tail.lookedAt = steadyNow();
      if (tail.seq <= after && waitMs > 0) {
        tail.wake?.();
        await new Promise<void>((resolve) => {
          const cancel = setTimer(resolve, waitMs);
          tail.wake = () => {
            cancel();
            resolve();
          };
        });
        tail.wake = null;
        tail.lookedAt = steadyNow();
      }
      const page = tail.posts.filter(({ seq }) => seq > after);
      const first = page[0]?.seq ?? tail.seq + 1;
      return { received: page.map(({ shown }) => shown), next: tail.seq, missed: Math.max(0, first - 1 - after) };
    },

    stop(): void {
      for (const { wake } of tails.values()) wake?.();
      tails.clear();
    },
  };
}
export type Tails = ReturnType<typeof createTails>;
