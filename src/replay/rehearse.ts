/** Plays a sample on the real service in this process: SQLite in memory, the emulator as the platform, a clock of its own. */
import { createConversationsClient } from "../conversations/client.ts";
import { createEmulator } from "../emulator/app.ts";
import type { Flow } from "../escalation/flow.ts";
import { hmacSettingsSchema } from "../events/authenticate/hmac-header.ts";
import { createAuthenticate } from "../events/authenticate.ts";
import { createService } from "../service.ts";
import type { RecordedEvent } from "../sessions/event-table.ts";
import { createSqliteRecord } from "../sessions/sqlite-record.ts";
import { play } from "./play.ts";
import type { Sample } from "./sample.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const SECRET = "rehearsal";
/** More events than any sample reports. */
const ALL = 10_000;

/** A request that Baton makes of the platform. */
interface PlatformCall {
  call: string;
  status: number | null;
  body: unknown;
}

/** What a sample must lead to. All but calls and events can be read from any service. */
export interface SampleOutcome {
  answers: unknown[];
  calls: PlatformCall[];
  events: RecordedEvent[];
  sessions: unknown[];
  handoffs: unknown[];
}

export async function rehearse(sample: Sample, flow: Flow): Promise<SampleOutcome> {
  const clock = createVirtualClock(Date.parse(sample.at));
  const counter = (prefix: string, digits: number): (() => string) => {
    let count = 0;
    return () => {
      count += 1;
      return prefix + String(count).padStart(digits, "0");
    };
  };
  const emulator = createEmulator({
    now: clock.now,
    newId: counter("C0", 30),
    sleep: (ms) => new Promise((resolve) => void clock.setTimer(resolve, ms)),
  });
  const connection = { baseUrl: "http://emulator.localhost", apiKey: "rehearsal", fetch: emulator.fetch };
  const record = createSqliteRecord(":memory:");
  const silent = (): void => undefined;
  const service = createService({
    record,
    flows: [flow],
    accounts: new Map([[flow.account, connection]]),
    authenticate: createAuthenticate({
      secrets: new Map([[sample.bot, [SECRET]]]),
      hmac: hmacSettingsSchema.parse({}),
      now: clock.now,
    }),
    operatorToken: SECRET,
    now: clock.now,
    newId: counter("R", 6),
    newHandoffId: counter("01REHEARSAL", 15),
    // The longest of every wait that is drawn by lot.
    random: () => 1,
    setTimer: clock.setTimer,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  try {
    let setUp = 0;
    const stop = emulator.onCall(({ n }) => {
      setUp = n;
    });
    const { answers, sessions, handoffs, named } = await play(sample, {
      request: async (path, init) => {
        stop();
        return clock.until(Promise.resolve(service.fetch(new Request(`http://baton.localhost${path}`, init))));
      },
      secret: SECRET,
      client: createConversationsClient({ ...connection, now: clock.now }),
      pause: async (seconds) => clock.advance(seconds * 1_000),
      settled: (id) => clock.until(service.dispatcher.idle(id)),
      suffix: "",
    });
    const calls = emulator.calls
      .filter(({ n }) => n > setUp)
      .map(({ method, path, status, body }): PlatformCall => ({ call: `${method} ${path}`, status, body }));
    const events = record.read((tables) => tables.events.list(ALL));
    return { answers, calls: named(calls) as PlatformCall[], events, sessions, handoffs };
  } finally {
    await service.stop();
    await record.close();
  }
}
