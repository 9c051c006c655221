/** Plays posts of bots, one after the other, on the real service in this process, and returns the outcome of each. */
import type { Flow } from "../escalation/flow.ts";
import { createRehearsal, type PlatformCall, SECRET } from "./in-memory/rehearsal.ts";

export interface GivenPost {
  bot: string;
  /** Path below `/v1/bots/{bot}/`. */
  to: string;
  headers: Readonly<Record<string, string>>;
  /** A string is sent unchanged, anything else as JSON. */
  body: unknown;
  /** Time of the post, in milliseconds since the epoch; undefined: a second after the one before. */
  at: number | undefined;
}

interface PlayedEvent {
  type: string;
  session: string;
  outcome: string;
  /** The rule that matched; null: none did. */
  rule: string | null;
  /** Conditions of that rule that matched, with their values. */
  why: unknown;
  leftOut: unknown;
}

/** Outcome of a post. */
export interface PostRun {
  status: number;
  answer: unknown;
  events: PlayedEvent[];
  calls: PlatformCall[];
}

/** Passes between two posts without a time. */
const TURN_MS = 1_000;
const MOST = { events: 1_000, bytes: 16 * 1024 * 1024 };

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

export function createPostRunner(flow: Flow, at: number) {
  const rehearsal = createRehearsal({ flow, bots: flow.bots, at, pushes: "subscribed" });
  const { clock, record } = rehearsal;
  const begun = rehearsal.begin();
  /** Number of the last reported event, by session. */
  const told = new Map<number, number>();
  let calls = 0;
  let count = 0;

  /** Returns the new events of bots; sessions are numbered from one. */
  function newEvents(): PlayedEvent[] {
    return record.read(({ sessions, events }) => {
      const found: { seq: number; event: PlayedEvent }[] = [];
      for (let id = 1; ; id += 1) {
        const session = sessions.byId(id);
        if (session === null) break;
        for (const row of events.page(id, told.get(id) ?? 0, MOST).events) {
          told.set(id, row.seq);
          if (row.source === "conversations") continue;
          const { type, outcome, rule, why, leftOut } = row;
          const event = { type, session: session.session, outcome, rule, why: parsed(why), leftOut: parsed(leftOut) };
          found.push({ seq: row.seq, event });
        }
      }
      return found.sort((a, b) => a.seq - b.seq).map(({ event }) => event);
    });
  }

  return {
    async play({ bot, to, headers, body, at: cameAt }: GivenPost): Promise<PostRun> {
      await begun;
      const wait = cameAt === undefined ? TURN_MS : Math.max(0, cameAt - clock.now());
      if (count > 0 || cameAt !== undefined) await clock.pass(wait, rehearsal.rested);
      count += 1;
      const response = await rehearsal.request(`/v1/bots/${encodeURIComponent(bot)}/${to}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers, authorization: `Bearer ${SECRET}` },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      delete answer.requestId;
      await rehearsal.rested();
      const made = rehearsal.calls(calls);
      calls += made.length;
      return { status: response.status, answer, events: newEvents(), calls: made };
    },
    stop: rehearsal.stop,
  };
}
