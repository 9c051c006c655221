/** Decides when an object may be deleted, and deletes it. Every kind of object asks here, and nothing else deletes one. */
import { KNOWN_MS } from "../../handoff/use-cases/known-delivery.ts";

/** Shortest time that an object is kept after its last word: it recognises a delivery that comes again. */
export const KEEP_MS = KNOWN_MS;

interface ObjectExpiryDeps {
  storage: Pick<DurableObjectStorage, "deleteAlarm" | "deleteAll">;
  now: () => number;
  /** Read from the storage alone. 0: nothing is in it; `Infinity`: no time ends it. */
  keptUntil: () => number;
  /** True while a request is being answered. */
  isInUse?: () => boolean;
  /** Makes others forget what they know of it. Rejects where one could not be reached. */
  leaveOthers?: () => Promise<void>;
  /** Drops what an instance that lives on remembers of it. */
  deleted?: () => void;
}

export function createObjectExpiry({ storage, now, keptUntil, isInUse, leaveOthers, deleted }: ObjectExpiryDeps) {
  const isExpired = (): boolean => keptUntil() <= now() && isInUse?.() !== true;
  return {
    /**
     * Resolves with whether the object is gone. A request may come in while others are told, so the storage is read
     * again afterwards, and nothing is awaited between that look and the deletion.
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
