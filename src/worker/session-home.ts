/** One session in its Durable Object: the running core over the object's own record, woken by the object's alarm. */
import { type Flow, flowsByBot } from "../escalation/flow.ts";
import { flowWants } from "../escalation/flow-wants.ts";
import type { Core, Operated, Resent, SessionErased, SessionExport, SessionView } from "../handoff/core.ts";
import type { Answer } from "../handoff/event-answer.ts";
import { openFor } from "../handoff/one-line.ts";
import { isSharedWith, withoutConversation } from "../handoff/whose-conversation.ts";
import { createRunningCore } from "../service.ts";
import { createDurableObjectRecord, createObjectDatabase } from "../sessions/durable-object-record.ts";
import { createHandoffIds } from "../sessions/handoff-ids.ts";
import type { SessionRecord } from "../sessions/record.ts";
import { connectionOf, senderOf, sharedAccountOf } from "./connections.ts";
import { claimedBy, type Standing, standingIn } from "./conversation-claims.ts";
import type { Claimed } from "./conversation-object.ts";
import { type Env, projectOf } from "./environment.ts";
import { objectMigrations } from "./migrations.ts";
import { createObjectAlarm, type ObjectAlarm } from "./object-alarm.ts";
import { createObjectExpiry, KEEP_MS } from "./object-expiry.ts";
import { conversationName, keyNameOfEvent } from "./object-names.ts";
import { createOutbox, markUntold, type Outbox } from "./outbox.ts";
import { createReadModel } from "./read-model.ts";
import { createRestingTimers } from "./resting-timers.ts";
import { runAlarm } from "./run-alarm.ts";
import type { SessionObject } from "./session-object.ts";
import { createSessionStorage } from "./session-storage.ts";
import { createSharedLine } from "./shared-line.ts";

/** What is due is begun by whoever commits it; the alarm is for when that is gone. */
const SLACK_MS = 2_000;
const BREATH_MS = 100;
/** What comes due later is left to the alarm. */
const WAIT_IN_MEMORY_MS = 5_000;
/** A look-up by the id that an answer tells finds the handoff, unless the read model takes longer than this. */
const TELL_WITHIN_MS = 1_000;
const AFTER_FAILURE_MS = 60_000;

interface Opened {
  flow: Flow;
  running: ReturnType<typeof createRunningCore>;
  record: SessionRecord;
  outbox: Outbox;
  alarm: ObjectAlarm;
}

const random = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

export function createSessionHome(ctx: DurableObjectState, env: Env) {
  const { storage } = ctx;
  const now = Date.now;
  const project = projectOf(env);
  const { log } = project;
  const { retentionMs } = project.config;
  const stored = createSessionStorage(storage, retentionMs);
  const { isBlank } = stored;
  const line = createSharedLine(storage, now, Math.max(retentionMs, KEEP_MS));
  const timers = createRestingTimers(now, () => restIfIdle());
  let inWork = 0;
  let takingBack = 0;
  let looking: ReturnType<typeof setTimeout> | null = null;
  let opening: Promise<Opened> | null = null;
  let opened: Opened | null = null;

  const keptUntil = (): number => Math.max(stored.keptUntil(), line.until() ?? 0);
  /** When something of it is to be forgotten. */
  const forgetAt = (): number => Math.min(stored.forgetAt(), keptUntil());
  const expiry = createObjectExpiry({
    storage,
    now,
    keptUntil,
    // One is the alarm's own look.
    isInUse: () => inWork > 1,
    leaveOthers: () => takeBack(leaveOthers),
    deleted: () => {
      opening = null;
      opened = null;
      line.forgotten();
      stored.forgotten();
      timers.drop(0);
    },
  });

  /** Counts what keeps the object awake. */
  async function during<T>(work: () => Promise<T>): Promise<T> {
    inWork += 1;
    try {
      return await work();
    } finally {
      inWork -= 1;
      restIfIdle();
    }
  }

  /** Whoever asks has something to end that is done: what cannot be read is looked at again. */
  function dueAt({ running, outbox }: Opened): number | null {
    try {
      // Nothing is in it until its first event is committed.
      const times = [running.nextDue(), outbox.dueAt(), forgetAt() || now() + KEEP_MS].filter((time) => time !== null);
      const due = Math.min(...times);
      return due === Number.POSITIVE_INFINITY ? null : due;
    } catch (err) {
      log.error({ err }, "what a session has to do next could not be read; it is tried again");
      return now() + AFTER_FAILURE_MS;
    }
  }

  /** Between two requests nothing is in work for a moment. */
  function restIfIdle(): void {
    if (inWork > 0 || looking !== null) return;
    looking = setTimeout(() => {
      looking = null;
      if (inWork === 0) rest();
    }, BREATH_MS);
  }

  /** When nothing is in work, the alarm alone remembers what comes next. */
  function rest(): void {
    if (opened === null) return;
    const due = dueAt(opened);
    if (due !== null && due - now() <= WAIT_IN_MEMORY_MS) return;
    timers.drop(WAIT_IN_MEMORY_MS);
    opened.alarm.at(due);
  }

  /** Whatever becomes of this instance, what is due is looked at. */
  function keepAwake(it: Opened): void {
    const due = dueAt(it);
    if (due !== null) it.alarm.notLaterThan(Math.max(due, now()) + SLACK_MS);
  }

  async function open(bot: string): Promise<Opened> {
    const flow = project.flows.find(({ bots }) => bots.includes(bot));
    if (flow === undefined) throw new Error(`bot '${bot}' has no flow`);
    const alarm = createObjectAlarm(storage, await storage.getAlarm(), now);
    const record = createDurableObjectRecord(storage, {
      migrations: objectMigrations,
      committed: () => committed(),
    });
    const readModel = createReadModel(env.READ_MODEL);
    const objectId = ctx.id.toString();
    const running = createRunningCore({
      record,
      flows: [flow],
      accounts: new Map([
        [
          flow.account,
          {
            ...connectionOf(env, project, flow.account, during),
            shared: sharedAccountOf(env, flow.account, during),
            // One look for all sessions is the account's.
            pollEveryMs: 0,
          },
        ],
      ]),
      now,
      newHandoffId: createHandoffIds({
        now,
        random,
        newest: () => record.read((tables) => tables.handoffs.newestId()),
      }),
      random: Math.random,
      setTimer: timers.setTimer,
      log,
      // The object forgets itself, and has others forget it.
      retentionMs: null,
      callbacks: senderOf(project, during),
      moved: (handoff) => {
        const isAgents = handoff.state === "assigned" || handoff.state === "returned";
        if (!isAgents || !flowWants(flow, "agent.message")) return;
        void during(async () => env.ACCOUNTS.getByName(flow.account).agentHas(flow.account, handoff)).catch(
          (err: unknown) =>
            log.warn({ handoff: handoff.id, err }, "an account could not be told that an agent has a chat"),
        );
      },
      beforeAdopting: (id) => outbox.claimed(id),
      eraseElsewhere: async ({ conversations, keyedEvents }) => {
        await takeBack(async () => {
          await Promise.all([
            ...conversations.map((id) => conversation(id).forget(objectId)),
            ...keyedEvents.map((id) => env.KEYS.getByName(keyNameOfEvent(bot, id)).forget()),
            readModel.forget(objectId),
          ]);
        });
      },
    });
    const conversation = (id: string) => env.CONVERSATIONS.getByName(conversationName(flow.account, id));
    const outbox = createOutbox({
      db: createObjectDatabase(storage),
      handoff: (id) => record.read((tables) => tables.handoffs.byId(id)),
      objectId,
      account: flow.account,
      readModel,
      claim: async (id) => {
        const standing = record.read((tables) => standingIn(tables, flow, flow.account, id));
        const owner = { object: objectId, bot: standing?.bot ?? bot };
        const claim = conversation(id).claim(flow.account, id, owner, claimedBy(standing));
        const claimed = await passOn(claim as Promise<Claimed>);
        if (claimed.kind === "refused") return running.leaveConversation(flow.account, id);
        if (claimed.kind === "unheard" || claimed.pushes.length === 0) return;
        await running.core.hear(flow.account, claimed.pushes);
        await conversation(id).release(claimed.upTo);
      },
      isHeld: () => takingBack > 0,
      now,
      random: Math.random,
      log,
    });
    const it: Opened = { flow, running, record, outbox, alarm };
    function committed(): void {
      keepAwake(it);
      if (outbox.dueAt() !== null) void during(outbox.flush);
    }
    opened = it;
    await running.resume();
    return it;
  }

  /** Whoever held a lease is gone when the object begins anew. */
  function ready(bot?: string): Promise<Opened> {
    opening ??= open(bot ?? stored.bot()).catch((error: unknown) => {
      opening = null;
      opened = null;
      throw error;
    });
    return opening;
  }

  /** What is asked of a session that nobody has written to. */
  const unlessBlank = <T>(otherwise: T, work: (opened: Opened) => Promise<T> | T): Promise<T> =>
    during(async () => (isBlank() ? otherwise : work(await ready())));

  /** An answer of another object as our own: what came with it is let go, so that the object can rest. */
  async function passOn<T>(answer: Promise<T>): Promise<T> {
    const given = (await answer) as T & Partial<Disposable>;
    try {
      return structuredClone(given);
    } finally {
      given[Symbol.dispose]?.();
    }
  }

  const objectOf = (id: string): DurableObjectStub<SessionObject> => env.SESSIONS.get(env.SESSIONS.idFromString(id));

  /** Where a session goes on: in another's object (`line`) or here, and without the conversation that is another bot's. */
  interface Way {
    line: string | null;
    taken: string | null;
  }
  const HERE: Way = { line: null, taken: null };

  /** Where the events lead that name a conversation, by those who have it. */
  async function findWay(bot: string, events: Parameters<Core["take"]>[2]): Promise<Way> {
    const named = events.findLast(({ event }) => event.conversationId !== undefined)?.event;
    const flow = project.flows.find(({ bots }) => bots.includes(bot));
    if (named?.conversationId === undefined || flow === undefined) return HERE;
    const id = named.conversationId;
    const isBusy = await unlessBlank(false, ({ record }) =>
      record.read((tables) => {
        const session = tables.sessions.find(bot, named.session);
        return session !== null && openFor(tables, session) !== null;
      }),
    );
    if (isBusy) return HERE;
    const owners = await passOn(env.CONVERSATIONS.getByName(conversationName(flow.account, id)).owners());
    let taken: string | null = null;
    for (const { object } of owners.filter((it) => it.object !== ctx.id.toString())) {
      const standing = await passOn(objectOf(object).standingIn(flow.account, id) as Promise<Standing | null>);
      if (standing?.bot === bot && standing.by === "handoff") return { line: object, taken: null };
      const has = standing?.by === "handoff" || standing?.by === "person";
      if (has && !isSharedWith(flowsByBot(project.flows), standing.bot, bot)) taken = id;
    }
    return { line: null, taken };
  }

  async function wayOf(bot: string, events: Parameters<Core["take"]>[2]): Promise<Way> {
    const known = line.object();
    const way = known === null ? await findWay(bot, events) : { line: known, taken: null };
    const until = way.line === null ? null : line.join(way.line);
    if (until !== null) createObjectAlarm(storage, await storage.getAlarm(), now).notLaterThan(until);
    return way;
  }

  const without = (taken: string | null, events: Parameters<Core["take"]>[2]): Parameters<Core["take"]>[2] =>
    events.map((reported) =>
      taken === null || reported.event.conversationId !== taken
        ? reported
        : {
            ...reported,
            event: withoutConversation(reported.event),
            leftOut: [...(reported.leftOut ?? []), "conversationId"],
          },
    );

  /** What is asked of a session that may be another's object's by now. */
  const atLine = <T>(
    there: (object: DurableObjectStub<SessionObject>) => Promise<T>,
    here: () => Promise<T>,
  ): Promise<T> => {
    const object = line.object();
    return object === null ? here() : passOn(there(objectOf(object)));
  };

  async function told(outbox: Outbox): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = timers.setTimer(resolve, TELL_WITHIN_MS);
      void outbox.flush().finally(() => {
        cancel();
        resolve();
      });
    });
  }

  /**
   * Makes others forget what they were told. All of it counts as untold before they are asked: if the session goes on, or
   * this instance ends, it is told again.
   */
  async function takeBack(tellOthers: () => Promise<void>): Promise<void> {
    takingBack += 1;
    try {
      await opened?.outbox.idle();
      if (!isBlank()) markUntold(createObjectDatabase(storage));
      await tellOthers();
    } finally {
      takingBack -= 1;
    }
  }

  /** The bot may have no flow any more, so the accounts are those that the storage names. */
  async function leaveOthers(): Promise<void> {
    const object = ctx.id.toString();
    const accounts = stored.accounts();
    const conversations = stored.claimed().flatMap((id) => accounts.map((account) => conversationName(account, id)));
    await Promise.all([
      ...conversations.map((name) => env.CONVERSATIONS.getByName(name).forget(object)),
      createReadModel(env.READ_MODEL).forget(object),
    ]);
  }

  /** Its sessions go; their deliveries are known again for as long as any are. */
  async function forgetSessions(): Promise<void> {
    const keys = stored.keyedEvents().map(({ bot, id }) => env.KEYS.getByName(keyNameOfEvent(bot, id)));
    await takeBack(async () => {
      await Promise.all([leaveOthers(), ...keys.map((key) => key.forget())]);
    });
    // One may have gone on meanwhile.
    if (stored.forgetAt() <= now()) stored.forgetSessions();
  }

  async function lookAfter(): Promise<void> {
    if (await expiry.deleteIfExpired()) return;
    if (stored.forgetAt() <= now()) await forgetSessions();
    if (isBlank()) {
      opened?.alarm.fired();
      return storage.setAlarm(Math.max(keptUntil(), now() + SLACK_MS));
    }
    const wasOpen = opened !== null;
    const it = await ready();
    it.alarm.fired();
    await it.running.prune();
    if (wasOpen) await it.running.wake();
    void during(it.outbox.flush);
  }

  const nowhere = { ok: false, error: { reason: "no-such-handoff" } } as const;

  return {
    /** `isPassedOn`: by the object of another session that is in one conversation with this one. */
    take: (
      bot: string,
      source: string,
      events: Parameters<Core["take"]>[2],
      waitMs: number,
      isPassedOn = false,
    ): Promise<Answer[]> =>
      during(async () => {
        const way = isPassedOn ? HERE : await wayOf(bot, events);
        if (way.line !== null) return passOn(objectOf(way.line).take(bot, source, events, waitMs, true));
        const { running, outbox } = await ready(bot);
        const answers = await running.core.take(bot, source, without(way.taken, events), waitMs);
        if (answers.some(({ handoffId }) => handoffId !== null)) await told(outbox);
        return answers;
      }),
    hear: (account: string, pushes: Parameters<Core["hear"]>[1]) =>
      unlessBlank(
        pushes.map(() => "accepted" as const),
        ({ running }) => running.core.hear(account, pushes),
      ),
    see: (...args: Parameters<Opened["running"]["see"]>) =>
      unlessBlank(undefined, ({ running }) => running.see(...args)),
    /** Whether nothing of a session is left: others may forget it. */
    isForgotten: (): boolean => isBlank(),
    handoff: (id: string) => unlessBlank(null, ({ running }) => running.core.handoff(id)),
    /** How its sessions are in a conversation. */
    standingIn: (account: string, id: string): Promise<Standing | null> =>
      unlessBlank<Standing | null>(null, ({ record, flow }) =>
        record.read((tables) => standingIn(tables, flow, account, id)),
      ),
    /** The conversation is another bot's. */
    leaveConversation: (account: string, id: string): Promise<void> =>
      unlessBlank(undefined, ({ running }) => running.leaveConversation(account, id)),
    session: (bot: string, name: string): Promise<SessionView | null> =>
      atLine(
        (object) => object.session(bot, name) as Promise<SessionView | null>,
        () => unlessBlank<SessionView | null>(null, ({ running }) => running.core.session(bot, name)),
      ),
    exportSession: (bot: string, name: string, after: number): Promise<SessionExport | null> =>
      atLine(
        (object) => object.exportSession(bot, name, after) as Promise<SessionExport | null>,
        () => unlessBlank<SessionExport | null>(null, ({ running }) => running.core.exportSession(bot, name, after)),
      ),
    eraseSession: async (bot: string, name: string): Promise<SessionErased> => {
      const object = line.object();
      const there =
        object === null ? null : await passOn(objectOf(object).eraseSession(bot, name) as Promise<SessionErased>);
      if (there?.ok === false && there.error.reason === "handoff-open") return there;
      line.clear();
      const none: SessionErased = { ok: false, error: { reason: "no-such-session" } };
      const here = await unlessBlank<SessionErased>(none, async ({ running, outbox }) => {
        // Until it is erased, none of its commits tells anything.
        takingBack += 1;
        try {
          const result = await running.core.eraseSession(bot, name);
          if (result.ok) outbox.clear();
          return result;
        } finally {
          takingBack -= 1;
          // Others were told to forget the whole object: they hear again of what stays.
          void during(outbox.flush);
        }
      });
      return here.ok || there === null ? here : there;
    },
    retry: (id: string) => unlessBlank<Operated>(nowhere, ({ running }) => running.core.retry(id)),
    cancel: (id: string) => unlessBlank<Operated>(nowhere, ({ running }) => running.core.cancel(id)),
    end: (id: string, isClosing: boolean) =>
      unlessBlank<Operated>(nowhere, ({ running }) => running.core.end(id, isClosing)),
    resend: (handoffId: string, callbackId: string | null) =>
      unlessBlank<Resent>(nowhere, ({ running }) => running.core.resend(handoffId, callbackId)),
    /** The read model is told everything again. Rejects where that is not possible now; it is tried again. */
    tellAgain: () =>
      unlessBlank(undefined, async ({ outbox }) => {
        outbox.repeat();
        await outbox.flush();
        if (outbox.dueAt() !== null) throw new Error("the read model takes nothing");
      }),

    alarm: (): Promise<void> =>
      runAlarm({ storage, now, log, keptUntil: forgetAt }, async () => {
        await during(lookAfter);
        if (opened !== null) keepAwake(opened);
      }),
  };
}
export type SessionHome = ReturnType<typeof createSessionHome>;
