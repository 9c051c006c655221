import { isStorageFailure, type SessionRecord } from "./record.ts";

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

  async function commit<T>(work: Parameters<typeof record.commit<T>>[0]): Promise<T> {
    try {
      return await record.commit(work);
    } catch (error) {
      if (isStorageFailure(error) && !isFailing) {
        isFailing = true;
        onChange(false, error);
      }
      throw error;
    }
  }

  return {
    record: { commit, read: record.read },
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
