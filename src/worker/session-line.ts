/** Asks the object in which a session goes on: its own, or the one of another session that is in the same conversation. */
import type { Core } from "../handoff/core.ts";
import { openFor } from "../handoff/one-line.ts";
import { type Env, projectOf } from "./environment.ts";
import { createObjectAlarm } from "./object-alarm.ts";
import { conversationName } from "./object-names.ts";
import type { SessionCore } from "./session-core.ts";
import type { SessionObject } from "./session-object.ts";
import type { SharedLine } from "./shared-line.ts";

type Events = Parameters<Core["take"]>[2];

interface SessionLineDeps {
  ctx: DurableObjectState;
  env: Env;
  line: SharedLine;
  unlessBlank: <T>(otherwise: T, work: (opened: SessionCore) => Promise<T> | T) => Promise<T>;
  now: () => number;
}

/** An answer of another object as our own: what came with it is let go, so that the object can rest. */
export async function passOn<T>(answer: Promise<T>): Promise<T> {
  const given = (await answer) as T & Partial<Disposable>;
  try {
    return structuredClone(given);
  } finally {
    given[Symbol.dispose]?.();
  }
}

export function createSessionLine({ ctx, env, line, unlessBlank, now }: SessionLineDeps) {
  const { storage } = ctx;
  const objectOf = (id: string): DurableObjectStub<SessionObject> => env.SESSIONS.get(env.SESSIONS.idFromString(id));

  /** The object that has the open handoff of the conversation that is named, where it is another session's of the bot. */
  async function find(bot: string, events: Events): Promise<string | null> {
    const named = events.findLast(({ event }) => event.conversationId !== undefined)?.event;
    const flow = projectOf(env).flows.find(({ bots }) => bots.includes(bot));
    if (named?.conversationId === undefined || flow === undefined) return null;
    const id = named.conversationId;
    const isBusy = await unlessBlank(false, ({ record }) =>
      record.read((tables) => {
        const session = tables.sessions.find(bot, named.session);
        return session !== null && openFor(tables, session) !== null;
      }),
    );
    if (isBusy) return null;
    const owners = await passOn(env.CONVERSATIONS.getByName(conversationName(flow.account, id)).owners());
    for (const owner of owners.filter((it) => it !== ctx.id.toString())) {
      if (await objectOf(owner).hasOpen(bot, flow.account, id)) return owner;
    }
    return null;
  }

  return {
    /** Another object; null: it goes on here. */
    known(): DurableObjectStub<SessionObject> | null {
      const object = line.object();
      return object === null ? null : objectOf(object);
    },
    /** The same, for events that may name a conversation. */
    async join(bot: string, events: Events): Promise<DurableObjectStub<SessionObject> | null> {
      const object = line.object() ?? (await find(bot, events));
      if (object === null) return null;
      const until = line.join(object);
      if (until !== null) createObjectAlarm(storage, await storage.getAlarm(), now).notLaterThan(until);
      return objectOf(object);
    },
  };
}
