/** Plays a sample on the real service in this process: SQLite in memory, the emulator as the platform, a clock of its own. */
import { z } from "zod";
import { createAuthenticate } from "../auth/authenticate.ts";
import { hmacSettingsSchema } from "../auth/hmac-header.ts";
import { createEmulator } from "../emulator/app.ts";
import type { Flow } from "../escalation/flow.ts";
import { createConversationsClient } from "../infobip/client.ts";
import { createService } from "../service.ts";
import { createSqliteRecord } from "../store/sqlite/sqlite-store.ts";
import type { RecordedEvent } from "../store/tables/events.ts";
import { heardPush } from "./heard-push.ts";
import { play } from "./play.ts";
import type { Sample } from "./sample.ts";
import { createScene } from "./scene.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const SECRET = "rehearsal";
/** More events, and more handoffs, than any sample has. */
const ALL = 10_000;
/** A push may give a handoff work, and that work may cause a push. */
const ROUNDS = 4;
const CALLBACKS_URL = "https://bot.invalid/callbacks";
const FROM_PLATFORM = "conversations";

/** A request of Baton to the platform. */
interface PlatformCall {
  call: string;
  status: number | null;
  body: unknown;
}

const callbackSchema = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

/** Expected outcome of a sample. Answers, sessions and handoffs can be read from any service. */
export interface SampleOutcome {
  answers: unknown[];
  calls: PlatformCall[];
  /** Pushes and looks at the platform, one a line. */
  pushes: string[];
  /** Callbacks to the bot. */
  callbacks: z.infer<typeof callbackSchema>[];
  /** Events of the bot. */
  events: RecordedEvent[];
  sessions: unknown[];
  handoffs: unknown[];
}

const counter = (prefix: string, digits: number): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return prefix + String(count).padStart(digits, "0");
  };
};

const withCallbacks = (flow: Flow, { callbacks: events }: Sample["given"]): Flow =>
  events === undefined ? flow : { ...flow, callbacks: { url: CALLBACKS_URL, events } };

export async function rehearse(sample: Sample, given: Flow): Promise<SampleOutcome> {
  const flow = withCallbacks(given, sample.given);
  const clock = createVirtualClock(Date.parse(sample.at));
  const emulator = createEmulator(
    {
      now: clock.now,
      newId: counter("C0", 30),
      sleep: (ms) => new Promise((resolve) => void clock.setTimer(resolve, ms)),
      deliver: async (request) => service.fetch(request),
    },
    { settings: { pushTypes: sample.given.pushes } },
  );
  const connection = { baseUrl: "http://emulator.localhost", apiKey: "rehearsal", fetch: emulator.fetch };
  const record = createSqliteRecord(":memory:");
  const silent = (): void => undefined;
  const hmac = hmacSettingsSchema.parse({});
  const botSecrets = new Map([[sample.bot, [SECRET]]]);
  const callbacks: z.infer<typeof callbackSchema>[] = [];
  const service = createService({
    record,
    flows: [flow],
    // Its pushes arrive, so it needs no poll.
    accounts: new Map([[flow.account, { ...connection, pollEveryMs: 0 }]]),
    authenticate: createAuthenticate({ secrets: botSecrets, hmac, now: clock.now }),
    authenticatePlatform: createAuthenticate({
      secrets: new Map([[flow.account, [SECRET]]]),
      hmac,
      now: clock.now,
    }),
    callbacks: {
      botSecrets,
      send: async ({ body }) => {
        callbacks.push(callbackSchema.parse(JSON.parse(body)));
        return { kind: "answered", status: 200, retryAfter: null };
      },
    },
    operators: [],
    now: clock.now,
    newId: counter("R", 6),
    newHandoffId: counter("01REHEARSAL", 15),
    // Gives the longest of every random wait.
    random: () => 1,
    setTimer: clock.setTimer,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const fetch = (path: string, init: RequestInit): Promise<Response> =>
    clock.until(Promise.resolve(service.fetch(new Request(`http://baton.localhost${path}`, init))));
  const eventsPath = `/v1/infobip/${flow.account}/events`;
  const scene = createScene({
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

  try {
    let setUp = 0;
    const stop = emulator.onCall(({ n }) => {
      setUp = n;
    });
    const { answers, sessions, handoffs, named } = await play(sample, {
      request: fetch,
      secret: SECRET,
      client: createConversationsClient({ ...connection, now: clock.now }),
      async begin() {
        const refused = scene.set(sample.given.agents);
        if (refused !== null) throw new Error(`the sample's agents are not there: ${refused.refused}`);
        emulator.pushes.subscribe({ url: `http://baton.localhost${eventsPath}`, secret: SECRET });
        await clock.until(service.resume());
        stop();
        emulator.faults.add(...sample.given.faults);
      },
      act: scene.act,
      pause: (seconds) => clock.pass(seconds * 1_000, rested),
      settled: rested,
      suffix: "",
    });
    const calls = emulator.calls
      // Baton reads the working hours of an account each minute, whatever happens.
      .filter(({ n, operation }) => n > setUp && operation !== "getWorkingHoursStatus")
      .map(({ method, path, status, body }): PlatformCall => ({ call: `${method} ${path}`, status, body }));
    const recorded = record.read((tables) => tables.events.list(ALL));
    const isPush = ({ source }: RecordedEvent): boolean => source === FROM_PLATFORM;
    return {
      answers,
      calls: named(calls) as PlatformCall[],
      pushes: named(recorded.filter(isPush).map(heardPush)) as string[],
      callbacks: named(callbacks) as typeof callbacks,
      events: recorded.filter((event) => !isPush(event)),
      sessions,
      handoffs,
    };
  } finally {
    await service.stop();
    await record.close();
  }
}
