/** Holds every row that the record reads to its schema. A row that breaks it fails the test. */
import { isDeepStrictEqual } from "node:util";
import { holdRows } from "../../src/store/rows/hold-rows.ts";

/** Calls `tell` with each row that its schema would not return as it is. `every`: looks at one row of so many. */
export function tellOfBrokenRows(tell: (what: string) => void, every = 1): void {
  let count = 0;
  holdRows((schema, row) => {
    count += 1;
    if (count % every > 0) return;
    const read = schema.safeParse(row);
    if (!read.success) tell(read.error.message);
    else if (!isDeepStrictEqual(read.data, row)) tell(`a row is not what its schema returns: ${JSON.stringify(row)}`);
  });
}
