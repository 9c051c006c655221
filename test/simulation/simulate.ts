/** Runs one schedule: the real core over SQLite and the emulator, with a clock and random numbers of its own. */
import type { RecordedCall } from "../../src/emulator/api/call-log.ts";
import { holdRows } from "../../src/store/rows/hold-rows.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { tellOfBrokenRows } from "../support/hold-rows.ts";
import { createAgents } from "./agents.ts";
import { createBots } from "./bots.ts";
import { type Clock, createClock, createWall, installClock } from "./clock.ts";
import { countCoverage } from "./coverage.ts";
import { checkFinalState, type Residual } from "./final-checker.ts";
import { START } from "./flows.ts";
import { createForgetting } from "./forgetting.ts";
import { createHistory } from "./history.ts";
import { createInstances, type Instances } from "./instances.ts";
import type { Violation } from "./invariants.ts";
import { createNetwork } from "./network.ts";
import { createOnlineChecker } from "./online-checker.ts";
import { createOperators } from "./operators.ts";
import { createPlatform, disturb } from "./platform.ts";
import { type ProfileName, profileOf } from "./profile.ts";
import { createDeliver, createPushChannel } from "./push-channel.ts";
import { createRandom } from "./random.ts";
import { drawScenario } from "./scenario.ts";
import { seedConversations } from "./seed-conversations.ts";
import type { Trace } from "./trace.ts";
import { trialsOf } from "./trials.ts";

export interface Schedule extends Residual {
  seed: number;
  violations: Violation[];
  handoffs: number;
  calls: number;
  crashes: number;
  stalls: number;
  lostAnswers: number;
  /** Routes that took a conversation from a person whom Baton had not seen. */
  takenFromPeople: number;
  /** Number of occurrences of each case that is worth a test. */
  seen: Readonly<Record<string, number>>;
  /** Creates with an effect beyond the first. */
  spareConversations: number;
  /** Calls that reached the platform, sorted by effect. */
  log: readonly RecordedCall[];
  /** Lines that describe the schedule. */
  trace: string[];
}

/** A calm world has come to rest by then, or never will. */
const AT_REST_WITHIN_MS = 60 * 60_000;
/** The last late effect has come by then, and the sweep is done. */
const AFTER_CALM_MS = 200_000;
/** These compare times of the record with the platform's, which means nothing if the service's clock differs. */
const BY_ONE_CLOCK = new Set([2, 3, 6, 8, 17, 18, 19, 20, 26, 27]);
/** A chat that comes back then meets no faults: it is with the agents, and Baton knows it. */
const AFTER_RETURN_MS = 90_000;
/** Polls are rarer by this factor while pushes come; POLLED_WITHIN_MS then finds the last lost one. */
const RARELY = 10;
const POLLED_WITHIN_MS = 60_000;
const QUIET_TURNS = 2;
/** One row of so many is held to its schema: the tests hold each. */
const ROWS_LOOKED_AT = 5;

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const brief = (value: unknown): string => (value === null ? "" : JSON.stringify(value).slice(0, 160));

/** Waits until nothing more happens without the clock. */
async function settle(clock: Clock, activity: () => number): Promise<void> {
  const moved = (): number => clock.activity() + activity();
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    const before = moved();
    await turn();
    quiet = moved() === before ? quiet + 1 : 0;
  }
}

export async function simulate(
  seed: number,
  { profile: name = "hostile", isTold = false }: { profile?: ProfileName; isTold?: boolean } = {},
): Promise<Schedule> {
  const clock = createClock(START);
  const wall = createWall(clock);
  const violations: Violation[] = [];
  const trace: string[] = [];
  const violate = (violation: Violation): void => {
    if (hasTwoClocks && BY_ONE_CLOCK.has(violation.invariant)) return;
    violations.push(violation);
    tell(() => `VIOLATION of invariant ${violation.invariant}: ${violation.what}`);
  };
  const tell: Trace = (what) => {
    if (isTold) trace.push(`${((clock.now() - START) / 1_000).toFixed(3).padStart(9)}  ${what()}`);
  };
  const drawn = profileOf(name, createRandom(seed, 3));
  const trials = trialsOf(seed, drawn.calmAfterMs);
  const hasTwoClocks = trials.jumps.length + trials.jumpsWhileDownMs.length > 0;
  const calmAfterMs = drawn.calmAfterMs + (trials.awayMs ?? 0);
  const profile = { ...drawn, pushing: { ...drawn.pushing, ...trials.pushing } };
  const deliver = createDeliver({
    current: () => instances.current(),
    isCalm: () => instances.isCalm(),
    lostAnswers: profile.lostPushAnswers,
    random: createRandom(seed, 9),
  });
  const emulator = createPlatform(clock, seed, deliver);
  const existing = await seedConversations(emulator, createRandom(seed, 4));
  const before = emulator.calls.length;
  const scenario = drawScenario(createRandom(seed, 5), existing, profile, trials);
  disturb(emulator, profile);

  const record = createSqliteRecord(":memory:");
  let instances: Instances;
  const uninstall = installClock(clock);
  tellOfBrokenRows((what) => violate({ invariant: 29, what }), ROWS_LOOKED_AT);
  try {
    const history = createHistory({ clock, isClockTrue: !hasTwoClocks, violate });
    const forgetting = createForgetting({ retentionMs: trials.retentionMs, clock, violate });
    const pushChannel = createPushChannel({ emulator, pushing: profile.pushing, clock, tell });
    const statusAt = new Map<string, number>();
    emulator.onChange((change) => {
      if (change.type === "CONVERSATION_STATUS_UPDATED") statusAt.set(change.conversation.id, change.at);
    });
    const watch = createOnlineChecker({
      record,
      state: emulator.state,
      history,
      pushChannel,
      movedAt: (id) => people.movedAt(id),
      violate,
    });
    const network = createNetwork({
      emulator,
      clock,
      onRequest: (exchange) => {
        const { instance, method, path, body } = exchange;
        tell(() => `service ${instance.no} sends ${method} ${path.join("/")} ${brief(body)}`);
        watch.onRequest(exchange, instances.handoffIds);
      },
      onAnswer: (exchange) => {
        const { instance, method, path, status, error, answer } = exchange;
        tell(() => `service ${instance.no} hears ${method} ${path.join("/")}: ${error ?? status} ${brief(answer)}`);
        watch.onAnswer(exchange);
      },
    });
    emulator.onCall(({ operation, status, effect, fault, path }) =>
      tell(() => {
        const what = [
          status ?? "no answer",
          ...(effect ? ["an effect"] : []),
          ...(fault === null ? [] : [`fault ${fault}`]),
        ];
        return `  platform: ${operation} ${path.split("?")[0]?.split("/").slice(3).join("/")}: ${what.join(", ")}`;
      }),
    );
    instances = createInstances({
      record,
      clock,
      wall,
      jumpsMs: trials.jumpsWhileDownMs,
      profile,
      history,
      forgetting,
      retentionMs: trials.retentionMs,
      random: createRandom(seed, 6),
      network,
      violate,
      tell,
    });
    const people = createAgents({
      emulator,
      clock,
      acts: scenario.people,
      presence: scenario.presence,
      untilMs: calmAfterMs,
      takenEarly: profile.takenEarly,
      random: createRandom(seed, 8),
      tell,
    });
    const operators = createOperators({
      emulator,
      clock,
      acts: scenario.operators,
      instances,
      record,
      cancelledEarly: profile.cancelledEarly,
      random: createRandom(seed, 10),
      tell,
    });
    const bots = createBots({
      clock,
      deliveries: scenario.deliveries,
      instances,
      random: createRandom(seed, 7),
      record,
      state: emulator.state,
      history,
      forgetting,
      violate,
      tell,
    });
    history.onReturned(({ bot, session }) => {
      if (!instances.isCalm()) bots.again(bot, session);
    });
    for (const { atMs, ms } of trials.jumps) {
      clock.setTimer(() => {
        tell(() => `the service's clock is set by ${ms} ms`);
        wall.jump(ms);
      }, atMs);
    }
    for (const at of scenario.crashesAtMs) clock.setTimer(() => instances.crash(), at);
    const { awayMs } = trials;
    if (awayMs !== null) clock.setTimer(() => instances.goAway(awayMs), drawn.calmAfterMs);
    clock.setTimer(() => {
      tell(() => "nothing fails any more");
      wall.setRight();
      emulator.faults.clear();
      pushChannel.calm();
      operators.end();
      instances.calm();
    }, calmAfterMs);
    instances.begin();

    const activity = (): number =>
      instances.activity() + emulator.calls.length + watch.exchanges.length + emulator.pushes.log.length;
    const polledWithinMs = profile.pollEveryMs * RARELY + POLLED_WITHIN_MS;
    const quietMs = Math.max(AFTER_CALM_MS, polledWithinMs);
    const restsAfterMs = Math.max(calmAfterMs + quietMs, ...trials.returnsAtMs.map((atMs) => atMs + AFTER_RETURN_MS));
    const isAtRest = (): boolean =>
      clock.now() - START > restsAfterMs &&
      // The poll has looked at it since.
      clock.now() - history.routedAt() > polledWithinMs &&
      bots.areDone() &&
      record.read((tables) => tables.handoffs.queues()).length === 0 &&
      !instances.isSending();
    await settle(clock, activity);
    while (!isAtRest() && clock.now() - START < calmAfterMs + AT_REST_WITHIN_MS && clock.nextAt() !== null) {
      clock.step();
      await settle(clock, activity);
    }
    if (!isAtRest()) violate({ invariant: 5, what: "the world did not come to rest" });

    const { ledgers, ...residual } = checkFinalState(
      {
        record,
        state: emulator.state,
        calls: emulator.calls,
        exchanges: watch.exchanges,
        ids: instances.handoffIds,
        alerts: instances.alerts,
        people,
        history,
        pushChannel,
        statusAt,
        isForgotten: forgetting.isForgotten,
        hasTwoClocks,
        now: clock.now(),
      },
      violate,
    );
    record.read(forgetting.checkLeft);
    const effects = (): number => emulator.calls.filter(({ effect }) => effect).length;
    const rest = effects();
    const again = bots.askAgain();
    for (let isOver = false; !isOver && clock.nextAt() !== null; clock.step()) {
      await settle(clock, activity);
      isOver = await Promise.race([again.then(() => true), turn().then(() => false)]);
    }
    if (effects() !== rest) violate({ invariant: 8, what: "an event that was known had an effect" });
    instances.end();

    const creates = emulator.calls
      .slice(before)
      .filter((call) => call.operation === "createConversation" && call.effect);
    return {
      seed,
      violations,
      ...residual,
      handoffs: ledgers.length,
      calls: emulator.calls.length - before,
      crashes: instances.crashes(),
      stalls: instances.stalls(),
      lostAnswers: watch.exchanges.filter(({ deliveredAt, error }) => deliveredAt === null || error !== null).length,
      takenFromPeople: people.lost(),
      seen: {
        forgotten: forgetting.count(),
        ...history.counts(),
        ...people.counts,
        ...operators.done,
        ...pushChannel.counts(),
        ...countCoverage(ledgers),
      },
      spareConversations:
        creates.length -
        new Set(
          ledgers
            .flatMap(({ handoff }) => [handoff.conversationId, ...handoff.replaces])
            .filter((id) => id !== null && !existing.includes(id)),
        ).size,
      log: emulator.calls,
      trace,
    };
  } finally {
    uninstall();
    holdRows(null);
    await record.close();
  }
}
