/** Finds the object in which a session goes on: its own, or the one of another session in the same conversation. */
import type { HandoffApi } from "../../handoff/api.ts";
import { openFor } from "../../handoff/ledger/conversation/shared-handoff.ts";
import { conversationAhead } from "../../handoff/use-cases/choose-conversation.ts";
import { type MovedSession, packSession, unpackSession } from "../../handoff/use-cases/move-session.ts";
import { type Env, projectOf, type SessionStub } from "../environment.ts";
import { createObjectAlarm } from "../objects/object-alarm.ts";
import { conversationName } from "../objects/object-names.ts";
import { passOn } from "../pass-on.ts";
import type { Entered, Standing } from "./conversation-claims.ts";
import type { SessionCore } from "./session-core.ts";
import type { SharedLine } from "./shared-line.ts";

type Events = Parameters<HandoffApi["take"]>[2];

interface SessionLineDeps {
  ctx: DurableObjectState;
  env: Env;
  line: SharedLine;
  unlessBlank: <T>(otherwise: T, work: (opened: SessionCore) => Promise<T> | T) => Promise<T>;
  ready: (bot: string) => Promise<SessionCore>;
  now: () => number;
}

/** Takers of events: this object, or another one, which answers null if they lead elsewhere by now. */
interface Takers<T> {
  here: (events: Events) => Promise<T>;
  there: (object: SessionStub, events: Events) => Promise<T | null>;
}

/** Events that were taken, or the object that has to take them. */
type Way<T> = { taken: T } | { object: string; events: Events };

/** Most objects that a session is sent to in turn. */
const MOST_WAYS = 4;

/** Adds to events what other objects know of their conversation. */
const comingTo = (conversationId: string, isTaken: boolean, events: Events): Events =>
  events.map((one) => ({ ...one, comesTo: { conversationId, isTaken } }));

export function createSessionLine({ ctx, env, line, unlessBlank, ready, now }: SessionLineDeps) {
  const { storage } = ctx;
  const objectOf = (id: string): SessionStub => env.SESSIONS.get(env.SESSIONS.idFromString(id));
  /** Conversations whose events are on their way here, with their bot. */
  const taking: { id: string; bot: string }[] = [];

  /** Finds the conversation of events; null: they have none, or belong to an open handoff. */
  const conversationOf = (bot: string, events: Events): Promise<{ account: string; id: string } | null> => {
    const flow = projectOf(env).flows.find(({ bots }) => bots.includes(bot));
    const named = events.findLast(({ event }) => event.conversationId !== undefined)?.event.conversationId ?? null;
    if (flow === undefined) return Promise.resolve(null);
    const { account } = flow;
    return unlessBlank(named === null ? null : { account, id: named }, ({ record }) =>
      record.read((tables) => {
        const name = events[0]?.event.session;
        const session = name === undefined ? null : tables.sessions.find(bot, name);
        const id = named ?? (session && conversationAhead(tables, flow, session, now()));
        const isBusy = id !== null && session !== null && openFor(tables, session) !== null;
        return id === null || isBusy ? null : { account, id };
      }),
    );
  };

  async function join(object: string): Promise<SessionStub> {
    const until = line.join(object);
    if (until !== null) createObjectAlarm(storage, await storage.getAlarm(), now).notLaterThan(until);
    return objectOf(object);
  }

  /** Takes the events here, unless another object has the bot's sessions in the conversation. */
  async function enter<T>(bot: string, events: Events, here: Takers<T>["here"]): Promise<Way<T>> {
    const to = await conversationOf(bot, events);
    if (to === null) return { taken: await here(events) };
    const { account, id } = to;
    const mark = { id, bot };
    taking.push(mark);
    try {
      const conversation = env.CONVERSATIONS.getByName(conversationName(account, id));
      const entered = await passOn(
        conversation.enter(account, id, { object: ctx.id.toString(), bot }) as Promise<Entered>,
      );
      if (entered.kind === "line") return { object: entered.object, events: comingTo(id, false, events) };
      return { taken: await here(entered.kind === "taken" ? comingTo(id, true, events) : events) };
    } finally {
      taking.splice(taking.indexOf(mark), 1);
    }
  }

  const pack = (bot: string, name: string): Promise<MovedSession | null> =>
    unlessBlank<MovedSession | null>(null, ({ record }) => record.read((tables) => packSession(tables, bot, name)));

  async function unpack(moved: MovedSession): Promise<void> {
    const { record } = await ready(moved.session.bot);
    await record.commit((tables) => unpackSession(tables, moved));
  }

  /** The object in which a session goes on knows its news; without one this object does. */
  async function bringTo(object: SessionStub, bot: string, events: Events): Promise<void> {
    const moved = await pack(bot, events[0]?.event.session ?? "");
    if (moved !== null) await object.unpack(moved);
  }

  async function bringBack(object: SessionStub, bot: string, events: Events): Promise<void> {
    const moved = await passOn(object.pack(bot, events[0]?.event.session ?? "") as Promise<MovedSession | null>);
    if (moved !== null) await unpack(moved);
  }

  return {
    pack,
    unpack,

    /** Another object; null: the session goes on here. */
    known(): SessionStub | null {
      const object = line.object();
      return object === null ? null : objectOf(object);
    },

    /** All other objects that may know something of the session. */
    others: () => line.objects().map(objectOf),

    /** Takes events in the object to which they lead. */
    async take<T>(bot: string, events: Events, { here, there }: Takers<T>): Promise<T> {
      for (let ways = 0; ways < MOST_WAYS; ways += 1) {
        const known = line.object();
        const way = known === null ? await enter(bot, events, here) : { object: known, events };
        if ("taken" in way) return way.taken;
        if (line.object() !== way.object) await bringTo(objectOf(way.object), bot, events);
        const object = await join(way.object);
        const answers = await there(object, way.events);
        if (answers !== null) return answers;
        await bringBack(object, bot, events);
        line.leave();
      }
      throw new Error("a session is led from one object to the next");
    },

    /** Takes events that another object passed on; null: they lead elsewhere. */
    async takePassedOn<T>(bot: string, events: Events, here: Takers<T>["here"]): Promise<T | null> {
      const way = await enter(bot, events, here);
      return "taken" in way ? way.taken : null;
    },

    /** Relation of this object to a conversation, with the events that are on their way here. */
    withTaking(id: string, standing: Standing | null): Standing | null {
      const mark = taking.find((it) => it.id === id);
      if (mark === undefined) return standing;
      return { ...(standing ?? { bot: mark.bot, by: "name", open: [], isCreated: false }), isTaking: true };
    },
  };
}
