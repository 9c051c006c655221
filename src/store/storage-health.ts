import { isStorageFailure } from "./storage-error.ts";
import type { SessionRecord } from "./store.ts";

export interface StorageWatch {
  /** The same record, with its failures observed. */
  record: SessionRecord;
  /** True if the record takes writes. After a failure it tries one. */
  isWritable(): Promise<boolean>;
  /** True: a write failed, and none has succeeded since `isWritable` tries. */
  isFailing(): boolean;
}

/** Watches whether the record takes writes. Calls `onChange` at every change, with the error if writes fail. */
export function watchStorage(
  record: SessionRecord,
  onChange: (isWritable: boolean, err?: unknown) => void,
): StorageWatch {
  let isFailing = false;

  const watched = async <T>(committing: () => Promise<T>): Promise<T> => {
    try {
      return await committing();
    } catch (error) {
      if (isStorageFailure(error) && !isFailing) {
        isFailing = true;
        onChange(false, error);
      }
      throw error;
    }
  };
  const commit: SessionRecord["commit"] = (work) => watched(() => record.commit(work));
  const { commitErasing } = record;

  return {
    record: {
      commit,
      read: record.read,
      ...(commitErasing && { commitErasing: (work) => watched(() => commitErasing(work)) }),
    },
    isFailing: () => isFailing,
    async isWritable() {
      try {
        await commit((tables) => (isFailing ? tables.scratch.write() : undefined));
      } catch (error) {
        if (isStorageFailure(error)) return false;
        throw error;
      }
      if (isFailing) {
        isFailing = false;
        onChange(true);
      }
      return true;
    },
  };
}
