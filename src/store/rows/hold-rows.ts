/** Holds each row that is read to its schema, in tests and in the simulation. Nothing runs in production: see decision 013. */
import type { z } from "zod";

type Hold = (schema: z.ZodType, row: unknown) => void;

let hold: Hold | null = null;

/** `by` gets every row that is read from now on; null: none. */
export function holdRows(by: Hold | null): void {
  hold = by;
}

/** Returns the row. */
export function held<T>(schema: z.ZodType, row: T): T {
  hold?.(schema, row);
  return row;
}
