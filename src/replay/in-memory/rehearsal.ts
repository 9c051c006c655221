/** The real service in this process, for rehearsals: SQLite in memory, the emulator as the platform, a virtual clock. */
import type { z } from "zod";
import { callbackEventSchema } from "../../callbacks/envelope.ts";
import { createEmulator } from "../../emulator/app.ts";
import type { Flow } from "../../escalation/flow.ts";
import { createSqliteRecord } from "../../store/sqlite/sqlite-store.ts";
import { createActors } from "./actors.ts";
import { createInMemoryService } from "./in-memory-service.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export const SECRET = "rehearsal";
/** More events, and more handoffs, than any rehearsal has. */
export const ALL = 10_000;
/** A push may give a handoff work, and that work may cause a push. */
const ROUNDS = 4;

/** A request of Baton to the platform. */
export interface PlatformCall {
  call: string;
  status: number | null;
  body: unknown;
}

const callbackSchema = callbackEventSchema.pick({ type: true, data: true });
export type SentCallback = z.infer<typeof callbackSchema>;

const counter = (prefix: string, digits: number): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return prefix + String(count).padStart(digits, "0");
  };
};

interface RehearsalOptions {
  flow: Flow;
  bots: readonly string[];
  /** Milliseconds since the epoch. */
  at: number;
  pushes: "subscribed" | "all";
}

export function createRehearsal({ flow, bots, at, pushes }: RehearsalOptions) {
  const clock = createVirtualClock(at);
  const emulator = createEmulator(
    {
      now: clock.now,
      newId: counter("C0", 30),
      sleep: (ms) => new Promise((resolve) => void clock.setTimer(resolve, ms)),
      deliver: async (request) => service.fetch(request),
    },
    { settings: { pushTypes: pushes } },
  );
  const connection = { baseUrl: "http://emulator.localhost", apiKey: "rehearsal", fetch: emulator.fetch };
  const record = createSqliteRecord(":memory:");
  const botSecrets = new Map(bots.map((bot) => [bot, [SECRET]]));
  const callbacks: SentCallback[] = [];
  const service = createInMemoryService({
    record,
    secret: SECRET,
    bots,
    flows: [flow],
    // Its pushes arrive, so it needs no poll.
    accounts: new Map([[flow.account, { ...connection, pollEveryMs: 0 }]]),
    callbacks: {
      botSecrets,
      send: async ({ body }) => {
        callbacks.push(callbackSchema.parse(JSON.parse(body)));
        return { kind: "answered", status: 200, retryAfter: null };
      },
    },
    now: clock.now,
    newId: counter("R", 6),
    newHandoffId: counter("01REHEARSAL", 15),
    setTimer: clock.setTimer,
  });
  const fetch = (path: string, init: RequestInit): Promise<Response> =>
    clock.until(Promise.resolve(service.fetch(new Request(`http://baton.localhost${path}`, init))));
  const eventsPath = `/v1/infobip/${flow.account}/events`;
  const scene = createActors({
    emulator,
    push: (event) =>
      fetch(eventsPath, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}` },
        body: JSON.stringify(event),
      }),
  });

  /** Resolves once nothing more can be done now. */
  async function rest(): Promise<void> {
    emulator.closeSilent();
    for (let round = 0; round < ROUNDS; round += 1) {
      await emulator.pushes.idle();
      for (const { id } of record.read(({ handoffs }) => handoffs.list({}, ALL))) await service.dispatcher.idle(id);
      await service.callbacks?.idle();
    }
  }
  const rested = (): Promise<void> => clock.until(rest());

  let setUp = 0;
  const endSetUp = emulator.onCall(({ n }) => {
    setUp = n;
  });

  return {
    clock,
    emulator,
    connection,
    record,
    scene,
    callbacks,
    request: fetch,
    rested,
    /** Starts it; `prepare` sets up the platform's earlier state. */
    async begin(prepare: () => void = () => undefined): Promise<void> {
      prepare();
      emulator.pushes.subscribe({ url: `http://baton.localhost${eventsPath}`, secret: SECRET });
      await clock.until(service.resume());
      endSetUp();
    },
    addFaults: emulator.faults.add,
    /** Calls to the platform since the start, or after the first `after` of them. */
    calls: (after = 0): PlatformCall[] =>
      emulator.calls
        // Baton reads the working hours of an account each minute, whatever happens.
        .filter(({ n, operation }) => n > setUp && operation !== "getWorkingHoursStatus")
        .slice(after)
        .map(({ method, path, status, body }) => ({ call: `${method} ${path}`, status, body })),
    async stop(): Promise<void> {
      await service.stop();
      await record.close();
    },
  };
}
