/** Forgets a session's object, and what others know of it. */
import { createObjectDatabase } from "../../store/durable-object-store.ts";
import type { Env } from "../environment.ts";
import { createObjectExpiry } from "../objects/object-expiry.ts";
import { conversationName, keyNameOfEvent } from "../objects/object-names.ts";
import { createReadModel } from "../read-model/read-model.ts";
import { markUntold, type Outbox } from "./outbox.ts";
import type { SessionStorage } from "./session-storage.ts";

interface SessionForgettingDeps {
  storage: DurableObjectStorage;
  stored: SessionStorage;
  env: Env;
  objectId: string;
  /** Time until which this object has to know where the session goes on; null: it goes on here. */
  lineUntil: () => number | null;
  /** Null until the object is opened. */
  outbox: () => Outbox | null;
  /** True while a request is being answered. */
  isInUse: () => boolean;
  /** Drops the instance's memory. */
  deleted: () => void;
  now: () => number;
}

export function createSessionForgetting(deps: SessionForgettingDeps) {
  const { storage, stored, env, objectId, now } = deps;
  let holders = 0;

  const keptUntil = (): number => Math.max(stored.keptUntil(), deps.lineUntil() ?? 0);

  /** Sends nothing meanwhile: it could arrive before others forget, and be lost. */
  async function withNothingTold<T>(work: () => Promise<T>): Promise<T> {
    holders += 1;
    try {
      return await work();
    } finally {
      holders -= 1;
    }
  }

  function markAllUntold(): void {
    if (!stored.isBlank()) markUntold(createObjectDatabase(storage));
  }

  /**
   * Makes others forget what they know. Everything is marked as not sent first: if the session goes on, or this instance ends, it
   * is sent again, and so are claims of a handoff meanwhile.
   */
  const takeBack = (tellOthers: () => Promise<void>): Promise<void> =>
    withNothingTold(async () => {
      await deps.outbox()?.idle();
      markAllUntold();
      try {
        await tellOthers();
      } finally {
        markAllUntold();
      }
    });

  /** The bot may have no flow any more, so the storage names the accounts. */
  async function leaveOthers(): Promise<void> {
    const accounts = stored.accounts();
    const conversations = stored.claimed().flatMap((id) => accounts.map((account) => conversationName(account, id)));
    await Promise.all([
      ...conversations.map((name) => env.CONVERSATIONS.getByName(name).forget(objectId)),
      createReadModel(env.READ_MODEL).forget(objectId),
    ]);
  }

  /** Forgets its sessions. Their deliveries are recognised for as long as any are. */
  async function forgetSessions(): Promise<void> {
    const keys = stored.keyedEvents().map(({ bot, id }) => env.KEYS.getByName(keyNameOfEvent(bot, id)));
    await takeBack(async () => {
      await Promise.all([leaveOthers(), ...keys.map((key) => key.forget())]);
    });
    // A session may have gone on meanwhile.
    if (stored.forgetAt() <= now()) stored.forgetSessions();
  }

  const expiry = createObjectExpiry({
    storage,
    now,
    keptUntil,
    isInUse: deps.isInUse,
    leaveOthers: () => takeBack(leaveOthers),
    deleted: deps.deleted,
  });

  return {
    keptUntil,
    /** Time at which something of it is to be forgotten. */
    forgetAt: (): number => Math.min(stored.forgetAt(), keptUntil()),
    isHeld: (): boolean => holders > 0,
    withNothingTold,
    takeBack,
    /** Forgets what is due. Resolves with true if the object is gone. */
    async forgetDue(): Promise<boolean> {
      if (await expiry.deleteIfExpired()) return true;
      if (stored.forgetAt() <= now()) await forgetSessions();
      return false;
    },
  };
}
