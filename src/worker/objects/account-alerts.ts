/**
 * Tells the operator's webhook of an account's alerts. The object of a session that has one wakes it; it looks into the lists then,
 * and again as long as an alert is open. Nothing is asked or written while none is.
 */
import { z } from "zod";
import { accountConditions } from "../../alerts/account-conditions.ts";
import { type AlertBook, createAlertBook } from "../../alerts/alert-book.ts";
import type { Webhook } from "../../alerts/poster.ts";
import type { AccountHealth } from "../../handoff/account/account-health.ts";
import type { Log } from "../../log.ts";
import { type Alert, alertSchema } from "../../model/alert.ts";
import { readNeedingPeople } from "../read-model/needing-people.ts";

interface AccountAlertsDeps {
  account: string;
  storage: Pick<DurableObjectStorage, "get" | "put" | "delete">;
  d1: D1Database;
  health: () => AccountHealth;
  webhook: Webhook;
  publicUrl: string | null;
  now: () => number;
  steady: () => number;
  log: Log;
}

const LOOK_EVERY_MS = 30_000;
const MOST_LISTED = 1_000;
const ALERTS = "alerts";
const DUE = "alertsDueAt";

export function createAccountAlerts({ account, storage, d1, health, ...deps }: AccountAlertsDeps) {
  const { now } = deps;
  let opened: Promise<AlertBook> | null = null;
  /** As it is stored; undefined: not known. */
  let dueAt: number | null | undefined;

  async function open(): Promise<AlertBook> {
    const book = createAlertBook(deps);
    book.load(z.array(alertSchema).parse((await storage.get<Alert[]>(ALERTS)) ?? []));
    return book;
  }

  async function due(): Promise<number | null> {
    if (dueAt === undefined) dueAt = (await storage.get<number>(DUE)) ?? null;
    return dueAt;
  }

  return {
    /** Open alerts as of the last look, the oldest first. */
    async open(): Promise<Alert[]> {
      if ((await due()) === null) return [];
      opened ??= open();
      return (await opened).open();
    },

    /** Looks at this time or earlier. */
    async wakeAt(at: number): Promise<void> {
      const known = await due();
      if (known !== null && known <= at) return;
      dueAt = at;
      await storage.put(DUE, at);
    },

    /** Looks if it is time. Returns the time of the next look; null: nothing is open. */
    async look(): Promise<number | null> {
      const known = await due();
      if (known === null || known > now()) return known;
      opened ??= open();
      const book = await opened;
      const { parked, late, waiting } = await readNeedingPeople(d1, account, MOST_LISTED);
      const listed = { isListed: true } as const;
      book.apply([
        { code: "handoff-parked", conditions: parked, isWhole: parked.length < MOST_LISTED, ...listed },
        { code: "handoff-late", conditions: late, isWhole: late.length < MOST_LISTED, ...listed },
        ...accountConditions({ accounts: [health()], waiting: () => waiting, now: now() }, book.findOpen),
      ]);
      await book.post();
      const all = book.all();
      if (all.length === 0) {
        dueAt = null;
        await storage.delete([ALERTS, DUE]);
        return null;
      }
      dueAt = now() + LOOK_EVERY_MS;
      await storage.put({ [ALERTS]: all, [DUE]: dueAt });
      return dueAt;
    },
  };
}
