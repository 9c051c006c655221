/** Asks the object in which a session goes on: its own, or the one of another session that is in the same conversation. */
import { flowsByBot } from "../escalation/flow.ts";
import type { Core } from "../handoff/core.ts";
import { openFor } from "../handoff/one-line.ts";
import { isSharedWith, withoutConversation } from "../handoff/whose-conversation.ts";
import type { Standing } from "./conversation-claims.ts";
import { type Env, projectOf } from "./environment.ts";
import { createObjectAlarm } from "./object-alarm.ts";
import { conversationName } from "./object-names.ts";
import { passOn } from "./pass-on.ts";
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

/** Where a session goes on: in another's object (`line`) or here, and without the conversation that is another bot's. */
interface Way {
  line: DurableObjectStub<SessionObject> | null;
  taken: string | null;
}
export const HERE: Way = { line: null, taken: null };

/** Events that do not name the conversation that is another bot's. */
export const withoutTaken = (taken: string | null, events: Events): Events =>
  events.map((reported) =>
    taken === null || reported.event.conversationId !== taken
      ? reported
      : {
          ...reported,
          event: withoutConversation(reported.event),
          leftOut: [...(reported.leftOut ?? []), "conversationId"],
        },
  );

export function createSessionLine({ ctx, env, line, unlessBlank, now }: SessionLineDeps) {
  const { storage } = ctx;
  const objectOf = (id: string): DurableObjectStub<SessionObject> => env.SESSIONS.get(env.SESSIONS.idFromString(id));

  /** Where the events lead that name a conversation, by those who have it. */
  async function find(bot: string, events: Events): Promise<{ line: string | null; taken: string | null }> {
    const nowhere = { line: null, taken: null };
    const { flows } = projectOf(env);
    const named = events.findLast(({ event }) => event.conversationId !== undefined)?.event;
    const flow = flows.find(({ bots }) => bots.includes(bot));
    if (named?.conversationId === undefined || flow === undefined) return nowhere;
    const id = named.conversationId;
    const isBusy = await unlessBlank(false, ({ record }) =>
      record.read((tables) => {
        const session = tables.sessions.find(bot, named.session);
        return session !== null && openFor(tables, session) !== null;
      }),
    );
    if (isBusy) return nowhere;
    const owners = await passOn(env.CONVERSATIONS.getByName(conversationName(flow.account, id)).owners());
    let taken: string | null = null;
    for (const { object } of owners.filter((it) => it.object !== ctx.id.toString())) {
      const standing = await passOn(objectOf(object).standingIn(flow.account, id) as Promise<Standing | null>);
      if (standing?.bot === bot && standing.by === "handoff") return { line: object, taken: null };
      const has = standing?.by === "handoff" || standing?.by === "person";
      if (has && !isSharedWith(flowsByBot(flows), standing.bot, bot)) taken = id;
    }
    return { line: null, taken };
  }

  return {
    /** Another object; null: it goes on here. */
    known(): DurableObjectStub<SessionObject> | null {
      const object = line.object();
      return object === null ? null : objectOf(object);
    },
    /** Where events lead that may name a conversation. */
    async wayOf(bot: string, events: Events): Promise<Way> {
      const known = line.object();
      const way = known === null ? await find(bot, events) : { line: known, taken: null };
      if (way.line === null) return { line: null, taken: way.taken };
      const until = line.join(way.line);
      if (until !== null) createObjectAlarm(storage, await storage.getAlarm(), now).notLaterThan(until);
      return { line: objectOf(way.line), taken: null };
    },
  };
}
