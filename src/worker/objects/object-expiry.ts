/** Decides when an object may be deleted, and deletes it. Objects of every kind are deleted only here. */
import { KNOWN_MS } from "../../handoff/use-cases/repeats/recognise-event.ts";

/** Shortest time that an object is kept after its last event: it recognises a repeated delivery. */
export const KEEP_MS = KNOWN_MS;

interface ObjectExpiryDeps {
  storage: Pick<DurableObjectStorage, "deleteAlarm" | "deleteAll">;
  now: () => number;
  /** Reads the storage alone. 0: it is empty; `Infinity`: no time ends it. */
  keptUntil: () => number;
  /** True while a request is being answered. */
  isInUse?: () => boolean;
  /** Makes other objects forget what they know of this one. Rejects if one could not be reached. */
  leaveOthers?: () => Promise<void>;
  /** Drops memory of an instance that lives on. */
  deleted?: () => void;
}

export function createObjectExpiry({ storage, now, keptUntil, isInUse, leaveOthers, deleted }: ObjectExpiryDeps) {
  const isExpired = (): boolean => keptUntil() <= now() && isInUse?.() !== true;
  return {
    /**
     * Resolves with true if the object is gone. A request may arrive while others forget, so the storage is read again
     * afterwards, with nothing awaited between that and the deletion.
     */
    async deleteIfExpired(): Promise<boolean> {
      if (!isExpired()) return false;
      if (leaveOthers !== undefined) {
        await leaveOthers();
        if (!isExpired()) return false;
      }
      const deletion = Promise.all([storage.deleteAlarm(), storage.deleteAll()]);
      deleted?.();
      await deletion;
      return true;
    },
  };
}
