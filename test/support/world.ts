import { flows as allFlows } from "../../flows/index.ts";
import { createConversationsClient } from "../../src/conversations/client.ts";
import { createEmulator, type EmulatorDeps } from "../../src/emulator/app.ts";
import { flowsByBot } from "../../src/escalation/flow.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { createDirectory } from "../../src/handoff/directory.ts";
import { createDispatcher } from "../../src/handoff/dispatcher.ts";
import { createDrive } from "../../src/handoff/drive.ts";
import { createReceive } from "../../src/handoff/receive.ts";
import { handoffSettingsSchema } from "../../src/handoff/settings.ts";
import type { Log } from "../../src/log.ts";
import { createSqliteRecord } from "../../src/sessions/sqlite-record.ts";

const START = Date.parse("2026-11-23T10:00:00Z");
type Fetch = (request: Request) => Promise<Response>;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Calls what is due, in order of time, as its clock is moved. */
function createTimers() {
  const timers = new Set<{ due: number; call: () => void }>();
  return {
    set(call: () => void, due: number): () => void {
      const timer = { due, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    fire(now: number): void {
      for (const timer of [...timers].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due)) {
        if (timers.delete(timer)) timer.call();
      }
    },
  };
}

/**
 * The whole core over SQLite in memory and the emulator; the clock stands until it is moved. `platform` may stand between
 * the two.
 */
export function createWorld(platform = (fetch: Fetch): Fetch => fetch) {
  let at = START;
  const timers = createTimers();
  const counter = (): (() => number) => {
    let n = 0;
    return () => {
      n += 1;
      return n;
    };
  };
  const [nextId, nextHandoff, nextEvent] = [counter(), counter(), counter()];
  const now = () => at;
  const emulatorDeps: EmulatorDeps = {
    now,
    newId: () => nextId().toString(16).toUpperCase().padStart(32, "C"),
    sleep: async () => undefined,
  };
  const emulator = createEmulator(emulatorDeps);
  const client = createConversationsClient({
    baseUrl: "https://emulator.invalid",
    apiKey: "k",
    fetch: platform(emulator.fetch),
    now,
  });
  const record = createSqliteRecord(":memory:");
  const accounts = new Map([["default", { client, directory: createDirectory(client, now) }]]);
  const settings = handoffSettingsSchema.parse({});
  const drive = createDrive({ record, accounts, now, random: () => 1, log: silent, settings });
  const dispatcher = createDispatcher({
    record,
    drive,
    now,
    log: silent,
    setTimer: (call, ms) => timers.set(call, at + ms),
  });
  const newId = () => `01H${String(nextHandoff()).padStart(4, "0")}`;
  const receive = createReceive({ record, flows: flowsByBot(allFlows), now, newId, start: dispatcher.start });

  const event = (given: object): Event =>
    eventSchema.parse({ id: `e${nextEvent()}`, session: "s1", at: new Date(at).toISOString(), ...given });

  return {
    emulator,
    record,
    dispatcher,
    receive,
    settings,
    now,
    event,
    /** Delivers an event and waits until nothing more can be done for its handoff now. */
    async deliver(given: object) {
      const received = await receive.receive("shop-assistant", "baton", { event: event(given), hasOwnId: true });
      if (received.handoffId !== null) await dispatcher.idle(received.handoffId);
      return { received, answer: receive.answer(received) };
    },
    /** Moves the clock and does what has come due. */
    async pass(ms: number) {
      at += ms;
      timers.fire(at);
      for (const { id } of record.read((t) => t.handoffs.list({}, 100))) await dispatcher.idle(id);
    },
    handoff: (id: string) => record.read((t) => t.handoffs.byId(id)),
    conversations: () => [...emulator.state.conversations.values()],
    operations: () => emulator.calls.map(({ operation }) => operation),
  };
}
