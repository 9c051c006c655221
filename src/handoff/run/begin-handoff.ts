/** Opens handoffs with their first turn in the same commit, where a place and a pass are free and nobody waits for them. */

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
  /** Carries it on where it is durable; else place and pass are free again. */
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
    /** The work begins. What an earlier run of it opened was taken back. */
    reset(): void {
      end(false);
      taken = 0;
    },
    /** The ids of its handoffs: when it runs again they are the same. */
    newId(): string {
      const id = ids[taken] ?? newId();
      ids[taken] = id;
      taken += 1;
      return id;
    },
    /** Within the commit. One that fails takes the commit with it, which may then be tried again without any. */
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
