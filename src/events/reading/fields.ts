/** The fields of a body as they are read, and what of them could not be used. */
import { contentId } from "../content-id.ts";
import type { ParsedEvent } from "../source.ts";

/**
 * Names a part of a value that is not kept, or not as it was sent; without a part, the value as a whole. `unheard`: words of
 * it that the event does not carry.
 */
type Lose = (part?: string, unheard?: unknown) => void;

/** Null: the value says nothing. Undefined: it cannot be read. */
export type Reader<T> = (value: unknown, lose: Lose) => T | null | undefined;

/** A body by the names of our schema. */
export interface Fields<Field extends string> {
  /** The value of a field; undefined where there is none, or none that can be read. */
  take<T>(field: Field, read: Reader<T>): T | undefined;
}

const LOST_MAX = 50;
/** A name may be the sender's own text; only one that reads like a name is repeated. */
const PLAIN_NAME = /^[\p{L}\p{N}_$@-][\p{L}\p{N}_$@ -]{0,63}$/u;
const shown = (field: string): string =>
  field
    .split(".")
    .slice(0, 8)
    .map((part) => (PLAIN_NAME.test(part) ? part : "*"))
    .join(".");

/** The fields that could not be used, or not whole, each once. */
export function createLostFields() {
  const lost = new Set<string>();
  const unheard: unknown[] = [];
  return {
    add(field: string, words?: unknown): void {
      if (lost.size < LOST_MAX) lost.add(shown(field));
      if (words !== undefined) unheard.push(words);
    },
    /** The form in which an event reports them: absent if there are none. */
    reported: (): Pick<ParsedEvent, "leftOut" | "unheard"> => ({
      ...(lost.size > 0 && { leftOut: [...lost] }),
      ...(unheard.length > 0 && { unheard: contentId(unheard) }),
    }),
  };
}
export type LostFields = ReturnType<typeof createLostFields>;
