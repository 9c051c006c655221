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
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The whole core over SQLite in memory and the emulator; the clock stands until it is moved. */
export function createWorld() {
  let at = START;
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
    fetch: emulator.fetch,
    now,
  });
  const record = createSqliteRecord(":memory:");
  const accounts = new Map([["default", { client, directory: createDirectory(client, now) }]]);
  const settings = handoffSettingsSchema.parse({});
  const drive = createDrive({ record, accounts, now, random: () => 1, log: silent, settings });
  let wake = () => undefined as unknown;
  const dispatcher = createDispatcher({
    record,
    drive,
    now,
    log: silent,
    setTimer: (call) => {
      wake = call;
      return () => undefined;
    },
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
      wake();
      for (const { id } of record.read((t) => t.handoffs.list({}, 100))) await dispatcher.idle(id);
    },
    handoff: (id: string) => record.read((t) => t.handoffs.byId(id)),
    conversations: () => [...emulator.state.conversations.values()],
    operations: () => emulator.calls.map(({ operation }) => operation),
  };
}
