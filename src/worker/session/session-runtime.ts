/** One session in its Durable Object: its calls, and its alarm. */
import type { HandoffApi, Operated, Resent, SessionErased, SessionExport, SessionView } from "../../handoff/api.ts";
import type { Answer } from "../../handoff/use-cases/event-answer.ts";
import type { MovedSession } from "../../handoff/use-cases/move-session.ts";
import { type Env, projectOf, type SessionStub } from "../environment.ts";
import { createObjectAlarm, type ObjectAlarm } from "../objects/object-alarm.ts";
import { KEEP_MS } from "../objects/object-expiry.ts";
import { createObjectRest } from "../objects/object-rest.ts";
import { runAlarm } from "../objects/run-alarm.ts";
import { passOn } from "../pass-on.ts";
import { type Standing, standingIn } from "./conversation-claims.ts";
import type { Outbox } from "./outbox.ts";
import { joinErased, joinExports } from "./parted-session.ts";
import { createSessionCore, type SessionCore } from "./session-core.ts";
import { createSessionForgetting } from "./session-forgetting.ts";
import { createSessionLine } from "./session-line.ts";
import { createSessionStorage } from "./session-storage.ts";
import { createSharedLine } from "./shared-line.ts";

/** A look-up by the id in an answer finds the handoff, unless the read model takes longer than this. */
const TELL_WITHIN_MS = 1_000;
/** An empty object is checked again after this time. */
const LOOK_AGAIN_MS = 2_000;

type Events = Parameters<HandoffApi["take"]>[2];

interface Opened extends SessionCore {
  alarm: ObjectAlarm;
}

export function createSessionRuntime(ctx: DurableObjectState, env: Env) {
  const { storage } = ctx;
  const now = Date.now;
  const { log, config } = projectOf(env);
  const stored = createSessionStorage(storage, config.retentionMs);
  const { isBlank } = stored;
  const line = createSharedLine(storage, now, Math.max(config.retentionMs, KEEP_MS));
  let opening: Promise<Opened> | null = null;
  let opened: Opened | null = null;

  const { during, keepAwake, timers, inWork } = createObjectRest({
    dueAt: () => (opened === null ? null : dueAt(opened)),
    alarm: () => opened?.alarm ?? null,
    now,
    log,
  });
  const forgetting = createSessionForgetting({
    storage,
    stored,
    env,
    objectId: ctx.id.toString(),
    lineUntil: line.until,
    outbox: () => opened?.outbox ?? null,
    // One of them is the alarm itself.
    isInUse: () => inWork() > 1,
    deleted: () => {
      opening = null;
      opened = null;
      line.forgotten();
      stored.forgotten();
      timers.drop(0);
    },
    now,
  });

  function dueAt({ running, outbox }: Opened): number | null {
    // The object is empty until its first event is committed.
    const forgetAt = forgetting.forgetAt() || now() + KEEP_MS;
    const due = Math.min(
      ...[running.nextDue(), outbox.dueAt(), forgetAt, stored.lookAt()].filter((time) => time !== null),
    );
    return due === Number.POSITIVE_INFINITY ? null : due;
  }

  async function open(bots: readonly string[]): Promise<Opened> {
    const alarm = createObjectAlarm(storage, await storage.getAlarm(), now);
    const core = createSessionCore({
      ctx,
      env,
      bots,
      stored,
      during,
      setTimer: timers.setTimer,
      committed: () => {
        keepAwake();
        if (core.outbox.dueAt() !== null) void during(core.outbox.flush);
      },
      isHeld: forgetting.isHeld,
      takeBack: forgetting.takeBack,
      now,
    });
    opened = { ...core, alarm };
    try {
      await core.running.resume();
    } catch (error) {
      // Work that it had begun must not go on beside the next one.
      void core.running.stop();
      timers.drop(0);
      throw error;
    }
    return opened;
  }

  /** Requests of an instance before ended with it. */
  function ready(bot?: string): Promise<Opened> {
    opening ??= open([...new Set([...(bot === undefined ? [] : [bot]), ...stored.bots()])]).catch((error: unknown) => {
      opening = null;
      opened = null;
      throw error;
    });
    return opening;
  }

  /** Answers `otherwise` for a session without any event. */
  const unlessBlank = <T>(otherwise: T, work: (opened: Opened) => Promise<T> | T): Promise<T> =>
    during(async () => (isBlank() ? otherwise : work(await ready())));

  const sessionLine = createSessionLine({ ctx, env, line, unlessBlank, ready, now });

  /** Asks a session that may be in another object by now. */
  const atLine = <T>(there: (object: SessionStub) => Promise<T>, here: () => Promise<T>): Promise<T> => {
    const object = sessionLine.known();
    return object === null ? here() : passOn(there(object));
  };

  async function flushWithin(outbox: Outbox): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = timers.setTimer(resolve, TELL_WITHIN_MS);
      void outbox.flush().finally(() => {
        cancel();
        resolve();
      });
    });
  }

  async function handleAlarm(): Promise<void> {
    if (await forgetting.forgetDue()) return;
    if (isBlank()) {
      opened?.alarm.fired();
      return storage.setAlarm(Math.max(forgetting.keptUntil(), now() + LOOK_AGAIN_MS));
    }
    const it = await ready();
    it.alarm.fired();
    await it.running.wake();
    void during(it.outbox.flush);
  }

  const takeHere =
    (bot: string, source: string, waitMs: number) =>
    async (events: Events): Promise<Answer[]> => {
      const { running, outbox } = await ready(bot);
      const answers = await running.core.take(bot, source, events, waitMs);
      if (answers.some(({ handoffId }) => handoffId !== null)) await flushWithin(outbox);
      return answers;
    };

  const nowhere = { ok: false, error: { reason: "no-such-handoff" } } as const;

  return {
    take: (bot: string, source: string, events: Events, waitMs: number): Promise<Answer[]> =>
      during(() =>
        sessionLine.take(bot, events, {
          here: takeHere(bot, source, waitMs),
          there: (object, its) => passOn(object.takePassedOn(bot, source, its, waitMs) as Promise<Answer[] | null>),
        }),
      ),
    /** Takes events from the object of another session in the same conversation; null: that object has to look again. */
    takePassedOn: (bot: string, source: string, events: Events, waitMs: number): Promise<Answer[] | null> =>
      during(async () => {
        // The flows may not share conversations any more.
        if (!(await ready(bot)).hasFlow(bot)) return null;
        return sessionLine.takePassedOn(bot, events, takeHere(bot, source, waitMs));
      }),
    /** Packs a session that goes on elsewhere. */
    pack: sessionLine.pack,
    /** Takes over a session that goes on here. */
    unpack: (moved: MovedSession): Promise<void> => during(() => sessionLine.unpack(moved)),
    receivePushes: (account: string, pushes: Parameters<HandoffApi["receivePushes"]>[1]) =>
      unlessBlank(
        pushes.map(() => "accepted" as const),
        ({ running }) => running.core.receivePushes(account, pushes),
      ),
    receiveState: (...args: Parameters<Opened["running"]["receiveState"]>) =>
      unlessBlank(undefined, ({ running }) => running.receiveState(...args)),
    /** True if nothing of a session is left: others may forget it. */
    isForgotten: (): boolean => isBlank(),
    story: (id: string) => unlessBlank(null, ({ running }) => running.core.story(id)),
    handoff: (id: string) => unlessBlank(null, ({ running }) => running.core.handoff(id)),
    /** Relation of its sessions to a conversation. */
    standingIn: async (account: string, id: string): Promise<Standing | null> => {
      const standing = await unlessBlank<Standing | null>(null, ({ record, place }) =>
        record.read((tables) => standingIn(tables, place, account, id)),
      );
      return sessionLine.withTaking(id, standing);
    },
    /** Leaves a conversation that is another bot's. */
    leaveConversation: (account: string, id: string): Promise<void> =>
      unlessBlank(undefined, ({ running }) => running.leaveConversation(account, id)),
    session: (bot: string, name: string): Promise<SessionView | null> =>
      atLine(
        (object) => object.session(bot, name) as Promise<SessionView | null>,
        () => unlessBlank<SessionView | null>(null, ({ running }) => running.core.session(bot, name)),
      ),
    /** Other objects have handoffs of the session too: this one, and those where it was before. */
    exportSession: async (bot: string, name: string, after: number, isPart = false): Promise<SessionExport | null> => {
      const here = await unlessBlank<SessionExport | null>(null, ({ running }) =>
        running.core.exportSession(bot, name, after),
      );
      const others = isPart ? [] : sessionLine.others();
      const there = await Promise.all(
        others.map((object) => passOn(object.exportSession(bot, name, after, true) as Promise<SessionExport | null>)),
      );
      return joinExports(sessionLine.known() === null ? [here, ...there] : [...there, here]);
    },
    eraseSession: async (bot: string, name: string, isPart = false): Promise<SessionErased> => {
      const erased: SessionErased[] = [];
      for (const object of isPart ? [] : sessionLine.others()) {
        const there = await passOn(object.eraseSession(bot, name, true) as Promise<SessionErased>);
        if (!there.ok && there.error.reason === "handoff-open") return there;
        erased.push(there);
      }
      if (!isPart) line.clear();
      const none: SessionErased = { ok: false, error: { reason: "no-such-session" } };
      const here = await unlessBlank<SessionErased>(none, async ({ running, outbox }) => {
        try {
          const result = await forgetting.withNothingTold(() => running.core.eraseSession(bot, name));
          if (result.ok) outbox.clear();
          return result;
        } finally {
          // Others were told to forget the whole object, so the rest is sent again.
          void during(outbox.flush);
        }
      });
      return joinErased([here, ...erased]);
    },
    retry: (id: string) => unlessBlank<Operated>(nowhere, ({ running }) => running.core.retry(id)),
    cancel: (id: string) => unlessBlank<Operated>(nowhere, ({ running }) => running.core.cancel(id)),
    end: (id: string, isClosing: boolean) =>
      unlessBlank<Operated>(nowhere, ({ running }) => running.core.end(id, isClosing)),
    resend: (handoffId: string, callbackId: string | null) =>
      unlessBlank<Resent>(nowhere, ({ running }) => running.core.resend(handoffId, callbackId)),
    /** Projects everything to the read model again. Rejects if that is not possible now; it is retried. */
    tellAgain: () =>
      unlessBlank(undefined, async ({ outbox }) => {
        outbox.repeat();
        await outbox.flush();
        if (outbox.dueAt() !== null) throw new Error("the read model takes nothing");
      }),

    alarm: (): Promise<void> =>
      runAlarm({ storage, now, log, keptUntil: forgetting.forgetAt }, async () => {
        await during(handleAlarm);
        keepAwake();
      }),
  };
}
export type SessionRuntime = ReturnType<typeof createSessionRuntime>;
