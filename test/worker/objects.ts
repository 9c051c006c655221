/** The Worker under test, over HTTP and through its objects. */
import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { type Event, eventSchema } from "../../src/events/event.ts";
import type { Pushed } from "../../src/events/sources/conversations.ts";
import { createObjectDatabase } from "../../src/store/durable-object-store.ts";
import { conversationName, sessionName } from "../../src/worker/objects/object-names.ts";

export const BOT = "shop-assistant";
export const DAY = 24 * 3_600_000;
export const OPERATOR = { authorization: "Bearer development-operator" };

export const request = (path: string, init?: RequestInit) =>
  exports.default.fetch(new Request(`http://127.0.0.1${path}`, init));

let next = 0;
export const createEvent = (session: string, given: object = {}): Event => {
  next += 1;
  const at = new Date().toISOString();
  return eventSchema.parse({ id: `e${next}`, session, at, type: "customer.message", text: "hello", ...given });
};
export const ask = { text: "a human, please" };

/** File of each session: all files share one runtime and its storage. */
const files = new Map<string, string>();

/** Object of a session that this file alone uses. */
export function stubFor(bot: string, session: string) {
  const name = sessionName(bot, session);
  const file = expect.getState().testPath ?? "";
  const user = files.get(name) ?? file;
  files.set(name, user);
  if (user !== file) throw new Error(`session '${session}' is ${user}'s: take another name, since files share storage`);
  return env.SESSIONS.getByName(name);
}
export const stubOf = (session: string) => stubFor(BOT, session);
export const conversationOf = (id: string) => env.CONVERSATIONS.getByName(conversationName("default", id));
export const take = async (session: string, given: object = {}, waitMs = 20_000) => {
  const events = [{ event: createEvent(session, given), hasSenderId: true }];
  const [answer] = await stubOf(session).take(BOT, "baton", events, waitMs);
  if (answer === undefined) throw new Error("an event has an answer");
  return answer;
};

/** Opens a conversation at the platform that no session has. */
export async function openConversation(): Promise<string> {
  const made = await request("/ccaas/1/conversations", {
    method: "POST",
    headers: { authorization: "App emulator", "content-type": "application/json" },
    body: JSON.stringify({ topic: "Chat" }),
  });
  return ((await made.json()) as { id: string }).id;
}

/** A push of the platform about a conversation. */
export const push = (id: string, conversationId: string, given: object): Pushed => ({
  id,
  wireType: "X",
  event: { conversationId, at: Date.now() + 1_000, ...given } as NonNullable<Pushed["event"]>,
});

/** Runs SQL on the record's own engine, so that ledgers in memory are forgotten after writes. */
export const sqlOf = (stub: DurableObjectStub, statement: string, ...bindings: (string | number)[]) =>
  runInDurableObject(
    stub,
    (_, { storage }) => createObjectDatabase(storage).all(statement, ...bindings) as Record<string, unknown>[],
  );
export const alarmAt = (stub: DurableObjectStub) => runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
export const tablesOf = async (stub: DurableObjectStub): Promise<unknown[]> => {
  const rows = await sqlOf(stub, "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'");
  return rows.map(({ name }) => name);
};

export const shown = async (id: string) => {
  const answer = await request(`/v1/handoffs/${id}`, { headers: OPERATOR });
  return { status: answer.status, ...((await answer.json()) as { state?: string }) };
};
export const calls = async () => {
  const { calls } = (await (await request("/emulator/calls")).json()) as {
    calls: { operation: string; path: string; body: unknown }[];
  };
  return calls;
};

/** Runs work while the lists' database cannot be reached. */
export const withoutReadModel = async (work: () => Promise<void>): Promise<void> => {
  await env.READ_MODEL.prepare("ALTER TABLE handoffs RENAME TO away").run();
  try {
    await work();
  } finally {
    await env.READ_MODEL.prepare("ALTER TABLE away RENAME TO handoffs").run();
  }
};

/** Wraps an object, with `more` in place of its own members. */
export const over = <T extends object>(real: T, more: Partial<Record<keyof T, unknown>>): T =>
  new Proxy(real, {
    get(target, name) {
      if (Object.hasOwn(more, name)) return more[name as keyof T];
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
