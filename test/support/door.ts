/** The service as a bot and an agent see it: over HTTP in memory, with the emulator and a desk behind it. */
import { expect } from "vitest";
import { z } from "zod";
import { answerSchema } from "../../src/handoff/use-cases/event-answer.ts";
import { createWorld, SECRET } from "./world.ts";

/** An answer as it is, or flat as sources of flow builders show it. */
const shownSchema = answerSchema
  .extend({ leftOut: z.union([z.array(z.string()), z.string()]) })
  .partial()
  .loose();
type AnswerBody = z.infer<typeof shownSchema>;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The answer to one event; empty for a batch. */
  body: AnswerBody;
  /** The answers to a batch. */
  bodies: AnswerBody[];
}

/** Names of the fields that an answer reports as not used. */
export function leftOutOf({ body }: Reply): string[] {
  const { leftOut = [] } = body;
  return typeof leftOut === "string" ? leftOut.split(",").map((name) => name.trim()) : leftOut;
}

type WorldOptions = NonNullable<Parameters<typeof createWorld>[1]>;
export interface DoorOptions extends WorldOptions {
  bot?: string;
  /** Stands between the service and the platform. */
  platform?: Parameters<typeof createWorld>[0];
}

export function createDoor({ bot = "shop-assistant", platform, ...options }: DoorOptions = {}) {
  const world = createWorld(platform, { pushes: true, ...options });
  const { emulator } = world;
  const ids = new Map([...emulator.state.agents.values()].map(({ displayName, id }) => [displayName, id]));
  const agent = ids.get("Marta Silva") ?? "";
  const queueNamed = (id: string | null | undefined): string | null =>
    id == null ? null : (emulator.state.queues.get(id)?.name ?? id);

  async function send(path: string, init: RequestInit = {}, as = bot): Promise<Reply> {
    const response = await world.request(`/v1/bots/${encodeURIComponent(as)}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${SECRET}`, ...(init.headers as Record<string, string> | undefined) },
    });
    const text = await response.text();
    let read: unknown = null;
    try {
      read = JSON.parse(text);
    } catch {
      // Some answers are no JSON; the test checks the status.
    }
    const one = shownSchema.safeParse(read);
    const several = z.array(shownSchema).safeParse(read);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: one.success ? one.data : {},
      bodies: several.success ? several.data : [],
    };
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, as = bot): Promise<Reply> =>
    send(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) }, as);

  /** Waits until pushes have arrived, and their effects are done. */
  async function rest(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      await emulator.pushes.idle();
      for (const { id } of world.record.read((t) => t.handoffs.list({}, 100))) await world.dispatcher.idle(id);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  /** Lets time pass in steps, so that due work comes in its order. */
  async function later(ms: number, stepMs = Math.max(1_000, Math.ceil(ms / 40))): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await world.pass(Math.min(left, stepMs));
      await rest();
    }
  }
  /** Lets time pass while a call to the platform hangs: does not wait for work in progress. */
  async function tick(ms: number, stepMs = 500): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      world.move(Math.min(left, stepMs));
      for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  const last = () => {
    const conversation = world.conversations().at(-1);
    if (conversation === undefined) throw new Error("no conversation was opened");
    return conversation;
  };
  const byId = (id: string | null | undefined) => {
    const conversation = world.conversations().find((it) => it.id === id);
    if (conversation === undefined) throw new Error("there is no such conversation");
    return conversation;
  };
  const notesOf = ({ notes }: ReturnType<typeof last>): string[] => notes.map(({ content }) => String(content));

  return {
    ...world,
    agent,
    agentNamed: (name: string) => ids.get(name) ?? "",
    send,
    post,
    events: (body: unknown, as = bot) => post("/events", body, {}, as),
    ask: (body: unknown, as = bot) => post("/handoffs", body, {}, as),
    webhook: (source: string, body: unknown, as = bot) => post(`/webhooks/${source}`, body, {}, as),
    session: (id: string, as = bot) => send(`/sessions/${encodeURIComponent(id)}`, {}, as),
    rest,
    later,
    tick,
    last,
    byId,
    queueNamed,
    notesOf,
    /** All notes that an agent reads beside the last conversation. */
    note: () => notesOf(last()).join("\n---\n"),
    /** The priorities that the platform got, in order; its routing rules may have set others. */
    priorities: (): unknown[] =>
      emulator.calls.flatMap(({ body }) => z.object({ priority: z.string() }).safeParse(body).data?.priority ?? []),
    /** Takes the conversation as an agent, after the time of a look. */
    async take(id = last().id, by = agent) {
      await later(1_000);
      emulator.desk.take(id, by);
      await rest();
    },
    async finish(status: "SOLVED" | "CLOSED" = "SOLVED", id = last().id, by = agent) {
      await later(1_000);
      emulator.desk.setStatus(id, by, status);
      await rest();
    },
    /** Creates a conversation on the customer's own Infobip channel, with a message of the customer. */
    async chatAtPlatform(text: string, channel = "WHATSAPP"): Promise<string> {
      const made = await emulator.fetch(
        new Request("https://x.invalid/ccaas/1/conversations", {
          method: "POST",
          headers: { authorization: "App k", "content-type": "application/json" },
          body: "{}",
        }),
      );
      const { id } = z.object({ id: z.string() }).parse(await made.json());
      emulator.desk.write(id, { text, channel, from: "385912345678", to: "shop" });
      await rest();
      return id;
    },
  };
}
export type Door = ReturnType<typeof createDoor>;

/** Expects that the customer has a handoff in a queue or with an agent. */
export function expectHandedOver(reply: Reply): void {
  expect([reply.status, reply.body], reply.text).toMatchObject([
    expect.toSatisfy((status: number) => status >= 200 && status < 300),
    { handoffState: expect.stringMatching(/^(routed|assigned)$/), handoffId: expect.any(String) },
  ]);
}
