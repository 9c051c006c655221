import { isStorageFailure, type SessionRecord } from "./store.ts";

export interface StorageWatch {
  /** The same record; its failures are noticed. */
  record: SessionRecord;
  /** Whether it takes writes; once one failed, a trial write tells. */
  isWritable(): Promise<boolean>;
}

/** Knows whether the record takes writes. `onChange` hears of every change, with the failure where it failed. */
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
