import { createEmulator, type EmulatorDeps, type EmulatorOptions } from "../../src/emulator/app.ts";

export const START = Date.parse("2026-03-02T10:00:00.000Z");

interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/** An emulator with ids that count up, a caller, and a clock that moves only by sleeping or by the test. */
export function createAccount(options: EmulatorOptions & Pick<EmulatorDeps, "random" | "deliver"> = {}) {
  const clock = { now: START };
  let ids = 0;
  const emulator = createEmulator(
    {
      now: () => clock.now,
      newId: () => {
        ids += 1;
        return ids.toString(16).toUpperCase().padStart(32, "0");
      },
      sleep: async (ms) => {
        await new Promise(setImmediate);
        clock.now += ms;
      },
      ...(options.random !== undefined && { random: options.random }),
      ...(options.deliver !== undefined && { deliver: options.deliver }),
    },
    { ...(options.settings && { settings: options.settings }), ...(options.seed && { seed: options.seed }) },
  );

  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await emulator.fetch(
      new Request(`https://account.api.infobip.test${path}`, {
        method,
        headers: { authorization: "App key", ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text } as Answered;
  }
  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    send(method, `/ccaas/1${path}`, body, headers);

  return {
    emulator,
    clock,
    send,
    call,
    /** Creates a conversation. Returns its id. */
    open: async (fields: object = {}): Promise<string> => (await call("POST", "/conversations", fields)).body.id,
    queueId: (name: string): string => idOf(emulator.state.queues.values(), (queue) => queue.name === name),
    agentId: (name: string): string => idOf(emulator.state.agents.values(), (agent) => agent.displayName === name),
    botId: (name: string): string => idOf(emulator.state.bots.values(), (bot) => bot.displayName === name),
  };
}

function idOf<T extends { id: string }>(items: Iterable<T>, fits: (item: T) => boolean): string {
  for (const item of items) if (fits(item)) return item.id;
  throw new Error("not in the seed");
}

/** The documented error body. */
export const refusal = (messageId: string, text: string, validationErrors?: Record<string, string[]>) => ({
  requestError: { serviceException: { messageId, text, ...(validationErrors && { validationErrors }) } },
});
export const noSuchId = (id: string) => refusal("NOT_FOUND", `Invalid id '${id}' given! No such entity exists.`);
export const CLOSED = refusal("BAD_REQUEST", "Closed conversation cannot be changed");
export const BAD_BODY = refusal("BAD_REQUEST", "Invalid request body.");
