/** An outbox and its delivery, over a network that the test plays and a clock that it moves. */
import { createDelivery } from "../../src/callbacks/delivery.ts";
import type { OutgoingRequest, Sent } from "../../src/callbacks/sender.ts";
import { defineFlow, flowsByBot } from "../../src/escalation/flow.ts";
import type { CallbackType } from "../../src/events/callback-types.ts";
import type { Log } from "../../src/log.ts";
import { silentMeter } from "../../src/metrics/meter.ts";
import type { CallbackData } from "../../src/model/callback.ts";
import { createScheduler } from "../../src/schedule/scheduler.ts";
import { createSteadyClock } from "../../src/steady-clock.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createTimers } from "../support/world.ts";

export const START = Date.parse("2026-11-23T10:00:00Z");
export const SECRETS = ["the newer secret", `whsec_${Buffer.from("the older secret, in bytes").toString("base64")}`];

const flowOf = (bot: string, url: string | null) =>
  defineFlow({
    name: bot,
    bots: [bot],
    conversation: { topic: "Chat" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    ...(url !== null && { callbacks: { url } }),
  });

interface StageOptions {
  /** Answers requests. Default: 204. */
  network?: (message: OutgoingRequest) => Promise<Sent> | Sent;
  /** URL of each bot; null: its flow names none. */
  urls?: Record<string, string | null>;
  secrets?: ReadonlyMap<string, readonly string[]>;
  record?: SessionRecord;
  random?: () => number;
}

export const answered = (status: number, retryAfter: string | null = null): Sent => ({
  kind: "answered",
  status,
  retryAfter,
});

export function createStage(options: StageOptions = {}) {
  const { urls = { "shop-bot": "https://shop.example/callbacks" }, network = () => answered(204) } = options;
  const record = options.record ?? createSqliteRecord(":memory:");
  const timers = createTimers();
  const lines: { level: string; fields: Parameters<Log["info"]>[0]; message: string }[] = [];
  const saying =
    (level: string): Log["info"] =>
    (fields, message) =>
      void lines.push({ level, fields, message });
  let at = START;
  let added = 0;
  let armed = 0;
  const sent: (OutgoingRequest & { id: string; at: number })[] = [];
  const log: Log = { debug: saying("debug"), info: saying("info"), warn: saying("warn"), error: saying("error") };
  const start = () => {
    const now = () => at;
    const steady = createSteadyClock(now);
    const scheduler = createScheduler({
      now,
      steady,
      setTimer: (call, ms) => {
        armed += 1;
        return timers.set(call, at + ms);
      },
      onFailure: (job, err) => log.error({ job, err }, "a timed job failed"),
    });
    const delivery = createDelivery({
      record,
      flows: flowsByBot(Object.entries(urls).map(([bot, url]) => flowOf(bot, url))),
      botSecrets: options.secrets ?? new Map(Object.keys(urls).map((bot) => [bot, SECRETS])),
      send: async (message) => {
        sent.push({ ...message, id: message.headers["webhook-id"] ?? "", at });
        return network(message);
      },
      now,
      steady,
      random: options.random ?? (() => 1),
      meter: silentMeter,
      schedule: scheduler.schedule,
      log,
    });
    return { ...delivery, begin: scheduler.begin, stop: scheduler.stop };
  };
  const delivery = start();

  return {
    record,
    delivery,
    /** Starts a second delivery on the same record, as after a restart. */
    start,
    sent,
    lines,
    armed: () => armed,
    now: () => at,
    /** Adds a callback to the outbox, without waking the delivery. Returns its id. */
    async add(
      session: string,
      bot = "shop-bot",
      type: CallbackType = "agent.message",
      more: Partial<CallbackData> = {},
    ) {
      added += 1;
      const id = `cb-${added}`;
      await record.commit((tables) => {
        const { id: sessionId } = tables.sessions.find(bot, session) ?? tables.sessions.open(bot, session, at);
        const data: CallbackData = {
          bot,
          session,
          handoffId: null,
          state: "assigned",
          control: "agent",
          reason: "asked",
          conversationId: "C1",
          ...more,
        };
        tables.callbacks.add({ id, bot, sessionId, handoffId: null, type, data, now: at });
      });
      return id;
    },
    async wake() {
      delivery.wake();
      await delivery.idle();
    },
    /** Moves the clock, does what is due, and waits until nothing more can be sent now. */
    async pass(ms: number) {
      at += ms;
      timers.fire(at);
      await delivery.idle();
    },
    callback: (id: string) => record.read(({ callbacks }) => callbacks.byId(id)),
    attempts: (id: string) => record.read(({ callbacks }) => callbacks.attemptsOf(id)),
  };
}

/** Holds answers until the test releases them. */
export function createHeld() {
  const waiting: ((sent: Sent) => void)[] = [];
  return {
    network: () => new Promise<Sent>((resolve) => waiting.push(resolve)),
    count: () => waiting.length,
    letGo: (sent = answered(204)) => {
      for (const resolve of waiting.splice(0)) resolve(sent);
    },
  };
}

/** Waits until started work has reached the network. */
export const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};
