/**
 * Looks every few seconds for what somebody has to act on, and tells of it. Open alerts are in the record, so that a restart tells
 * none twice; while the record takes no writes they are in memory.
 */
import type { Alert } from "../model/alert.ts";
import { createRepetition } from "../schedule/repetition.ts";
import type { Schedule } from "../schedule/scheduler.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import type { SessionRecord } from "../store/store.ts";
import { type AlertBookDeps, createAlertBook } from "./alert-book.ts";
import { type ConditionDeps, createFindConditions } from "./find-conditions.ts";

/** Settings of a runtime. */
export type AlertSettings = Pick<AlertBookDeps, "webhook" | "publicUrl"> & Pick<ConditionDeps, "readSpace">;

interface AlertDeps extends Omit<ConditionDeps, "record">, AlertBookDeps {
  record: SessionRecord;
  /** Tries a write after a failed one. */
  isWritable: () => Promise<boolean>;
  schedule: Schedule;
}

export interface AlertWatch {
  /** Open alerts, the oldest first. */
  open(): readonly Alert[];
  /** Resolves once nothing more can be posted now. */
  idle(): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;

export function createAlertWatch(deps: AlertDeps): AlertWatch {
  const { record, now, log } = deps;
  const findConditions = createFindConditions(deps);
  const book = createAlertBook(deps);
  let posting: Promise<void> | null = null;

  async function save(): Promise<void> {
    const unsaved = book.unsaved();
    if (unsaved.size === 0) return;
    await record.commit((tables) => {
      for (const [id, alert] of unsaved) {
        if (alert === null) tables.alerts.remove(id);
        else tables.alerts.save(alert);
      }
    });
    book.noteSaved(unsaved);
  }

  async function saveSafely(): Promise<void> {
    try {
      await save();
    } catch (err) {
      // `storage-health` logs it, once. The next look saves again.
      if (!isStorageFailure(err)) throw err;
    }
  }

  function startPosting(): void {
    posting ??= book
      .post()
      .then(saveSafely)
      .catch((err: unknown) => log.error({ err }, "alerts could not be posted; Baton tries again"))
      .finally(() => {
        posting = null;
      });
  }

  async function look(): Promise<void> {
    if (deps.isStorageFailing()) await deps.isWritable();
    book.apply(findConditions(book.findOpen));
    startPosting();
    await saveSafely();
  }

  const looking = createRepetition({
    name: "alerts",
    run: look,
    waitMs: () => LOOK_EVERY_MS,
    now,
    steady: deps.steady,
  });
  deps.schedule({
    ...looking,
    async begin() {
      book.load(record.read((tables) => tables.alerts.all()));
      await looking.run();
    },
    async stop() {
      book.stop();
      await posting;
    },
  });

  return {
    open: book.open,
    async idle() {
      await posting;
    },
  };
}
