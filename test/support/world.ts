import { flows as ours } from "../../flows/index.ts";
import { createEmulator, type EmulatorDeps } from "../../src/emulator/app.ts";
import type { Flow } from "../../src/escalation/flow.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { type HandoffSettings, handoffSettingsSchema } from "../../src/handoff/settings.ts";
import type { Log } from "../../src/log.ts";
import { createInMemoryService } from "../../src/replay/in-memory/in-memory-service.ts";
import type { ServiceDeps } from "../../src/service.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";

/** Secret of the bots. OPERATOR_TOKEN is the operator's. */
export const SECRET = "development";
export const OPERATOR_TOKEN = "operator-token";

const START = Date.parse("2026-11-23T10:00:00Z");
type Fetch = (request: Request) => Promise<Response>;

interface Line {
  level: "debug" | "info" | "warn" | "error";
  fields: Parameters<Log["info"]>[0];
  message: string;
}

interface WorldOptions {
  /** Default: the project's own. Each account in them is an emulator of its own; every bot has the same secret. */
  flows?: readonly Flow[];
  /** Default: the project's own. */
  sources?: ServiceDeps["sources"];
  settings?: Partial<HandoffSettings>;
  botEventsPerSecond?: number;
  /** Default: the service's own. */
  retentionMs?: number;
  operators?: ServiceDeps["operators"];
  /** Start of its clock, in milliseconds since the epoch. */
  startAt?: number;
  /** Network and secrets of callbacks; absent: they stay in the outbox. */
  callbacks?: ServiceDeps["callbacks"];
  spans?: ServiceDeps["spans"];
  /** Default: none, as on Workers. */
  alerts?: ServiceDeps["alerts"];
  /** True: it is an alert if no account pushes. */
  expectsPushes?: boolean;
  /** True: the platform pushes its changes to this service. */
  pushes?: boolean;
  /** A record that was used before, or fails. Default: a new one. */
  record?: SessionRecord;
  /** Number of handoffs already in the record: ids of further ones follow theirs. */
  handoffsBefore?: number;
}

/** Fires timers in order of time, as the clock is moved. */
export function createTimers() {
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
 * The whole core over SQLite in memory and the emulator. The clock stands still until it is moved. `platform` may stand between
 * the two.
 */
export function createWorld(platform = (fetch: Fetch): Fetch => fetch, options: WorldOptions = {}) {
  const { flows = ours } = options;
  const lines: Line[] = [];
  const saying =
    (level: Line["level"]): Log["info"] =>
    (fields, message) => {
      lines.push({ level, fields, message });
    };
  let at = options.startAt ?? START;
  /** Timers wait regardless of a clock that is set back. */
  let elapsed = 0;
  /** A runtime's clock has fractions of a millisecond. */
  let fraction = 0;
  const timers = createTimers();
  const counter = (from = 0): (() => number) => {
    let n = from;
    return () => {
      n += 1;
      return n;
    };
  };
  const [nextId, nextHandoff, nextRequest, nextEvent] = [
    counter(),
    counter(options.handoffsBefore),
    counter(),
    counter(),
  ];
  const now = () => at;
  const emulatorDeps: EmulatorDeps = {
    now,
    newId: () => nextId().toString(16).toUpperCase().padStart(32, "0"),
    sleep: async () => undefined,
  };
  const emulators = new Map(
    flows.map(({ account }) => [
      account,
      createEmulator({
        ...emulatorDeps,
        ...(options.pushes === true && { deliver: async (request: Request) => service.fetch(request) }),
      }),
    ]),
  );
  const emulator = emulators.get("default") ?? createEmulator(emulatorDeps);
  const record = options.record ?? createSqliteRecord(":memory:");
  const settings = handoffSettingsSchema.parse(options.settings ?? {});
  const service = createInMemoryService({
    record,
    secret: SECRET,
    flows,
    accounts: new Map(
      [...emulators].map(([name, { fetch }]) => [
        name,
        {
          baseUrl: "https://emulator.invalid",
          apiKey: `key-of-${name}`,
          fetch: platform(fetch),
          expectsPushes: options.expectsPushes ?? false,
        },
      ]),
    ),
    operators: options.operators ?? [{ name: "operator", token: OPERATOR_TOKEN, mayAct: true }],
    now,
    steadyNow: () => {
      fraction = (fraction + 0.01) % 1;
      return elapsed + fraction;
    },
    newId: () => `r${nextRequest()}`,
    newHandoffId: () => `01H${String(nextHandoff()).padStart(4, "0")}`,
    setTimer: (call, ms) => timers.set(call, elapsed + ms),
    log: { debug: saying("debug"), info: saying("info"), warn: saying("warn"), error: saying("error") },
    openExposition: async (deps) => (await import("../../src/metrics/exposition.ts")).createExposition(deps),
    settings,
    ...(options.retentionMs !== undefined && { retentionMs: options.retentionMs }),
    spans: options.spans,
    ...(options.sources && { sources: options.sources }),
    ...(options.callbacks && { callbacks: options.callbacks }),
    alerts: options.alerts,
    ...(options.botEventsPerSecond && { botEventsPerSecond: options.botEventsPerSecond }),
  });
  const { dispatcher, receive } = service;
  if (options.pushes === true) {
    for (const [account, { pushes }] of emulators) {
      pushes.subscribe({ url: `http://baton.invalid/v1/infobip/${account}/events`, secret: SECRET });
    }
  }

  const event = (given: object): Event =>
    eventSchema.parse({ id: `e${nextEvent()}`, session: "s1", at: new Date(at).toISOString(), ...given });

  /** Moves the clock and fires due timers. */
  function move(ms: number): void {
    at += ms;
    elapsed += Math.max(0, ms);
    timers.fire(elapsed);
  }

  /** Sets the clock, while no time passes. */
  function jump(ms: number): void {
    at += ms;
  }

  /** Gives work that nobody awaits its turns: nothing here waits for a disk or a network. */
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Prunes, with the pauses that takes. */
  async function prune(): Promise<void> {
    let isDone = false;
    const pruning = service.prune().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      move(20);
      await turns();
    }
    await pruning;
  }

  return {
    emulator,
    emulators,
    prune,
    service,
    /** Lines of the log. */
    lines,
    /** Opens a conversation at the platform, as Answers or an agent does. Returns its id. */
    async open(fields: object = {}): Promise<string> {
      const made = await emulator.fetch(
        new Request("https://emulator.invalid/ccaas/1/conversations", {
          method: "POST",
          headers: { authorization: "App k", "content-type": "application/json" },
          body: JSON.stringify(fields),
        }),
      );
      return ((await made.json()) as { id: string }).id;
    },
    /** Sends a request to a path over HTTP. */
    request: async (path: string, init: RequestInit = {}) =>
      service.fetch(new Request(`http://baton.invalid${path}`, init)),
    /** Sends an operator's request. */
    operate: (path: string, method = "POST") =>
      service.fetch(
        new Request(`http://baton.invalid/v1${path}`, {
          method,
          headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        }),
      ),
    record,
    dispatcher,
    receive,
    settings,
    now,
    event,
    /** Delivers an event and waits, as its sender does, until nothing more can be done for its handoff now. */
    async deliver(given: object, bot = "shop-assistant") {
      const received = await receive.receive(bot, "baton", { event: event(given), hasSenderId: true });
      if (received.handoffId !== null) {
        // Its sender gets the answer before the clock moves.
        void dispatcher.settled(received.handoffId, 0);
        await dispatcher.idle(received.handoffId);
      }
      return { received, answer: receive.answer(received) };
    },
    move,
    jump,
    /** Moves the clock, does due work, and waits until nothing more can be done now. */
    async pass(ms: number) {
      move(ms);
      await turns();
      for (const { id } of record.read((t) => t.handoffs.list({}, 100))) await dispatcher.idle(id);
    },
    handoff: (id: string) => record.read((t) => t.handoffs.byId(id)),
    conversations: () => [...emulator.state.conversations.values()],
    operations: () => emulator.calls.map(({ operation }) => operation),
  };
}
