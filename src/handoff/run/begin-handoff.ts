/** Opens handoffs with their first turn in the same commit, if a place and a permit are free and nobody waits for them. */

import type { Tables } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { FirstTurn } from "./executor.ts";

interface BeginDeps {
  dispatcher: Pick<Dispatcher, "keepPlace">;
  begin: (handoff: DueHandoff) => FirstTurn | null;
}

export interface Begun {
  write(tables: Tables): void;
  /** Carries the handoff on if it is durable; otherwise frees place and permit. */
  end(isDurable: boolean): void;
}

export const createBegin =
  ({ dispatcher, begin }: BeginDeps) =>
  (handoff: DueHandoff): Begun | null => {
    const place = dispatcher.keepPlace(handoff.account);
    if (place === null) return null;
    const first = begin(handoff);
    if (first === null) {
      place.giveBack();
      return null;
    }
    return {
      write: first.write,
      end(isDurable) {
        const carryOn = first.end(isDurable);
        if (carryOn === null) place.giveBack();
        else place.start(handoff, carryOn);
      },
    };
  };
export type Begin = ReturnType<typeof createBegin>;

/** The first turns of one commit, whose work may run twice, and fails as a whole. */
export function createFirstTurns(begin: Begin, newId: () => string) {
  const begun = new Map<string, Begun>();
  const ids: string[] = [];
  let taken = 0;
  let hasFailed = false;

  function end(isDurable: boolean): void {
    for (const one of begun.values()) one.end(isDurable);
    begun.clear();
  }

  return {
    /** The work begins. Handoffs that an earlier run of it opened were rolled back. */
    reset(): void {
      end(false);
      taken = 0;
    },
    /** Returns the ids of its handoffs: a second run gets the same. */
    newId(): string {
      const id = ids[taken] ?? newId();
      ids[taken] = id;
      taken += 1;
      return id;
    },
    /** Writes the first turn within the commit. A failure takes the commit with it; it may be tried again without first turns. */
    write(tables: Tables, handoff: DueHandoff): void {
      const one = hasFailed ? null : begin(handoff);
      if (one === null) return;
      begun.set(handoff.id, one);
      try {
        one.write(tables);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    },
    hasFailed: (): boolean => hasFailed,
    has: (id: string): boolean => begun.has(id),
    end,
  };
}
