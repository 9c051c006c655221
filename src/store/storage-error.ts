/** Failures of the storage, apart from what a query gets wrong by itself. */

/** What a query can get wrong by itself. */
const OF_A_QUERY = /^SQLITE_(CONSTRAINT|ERROR|MISUSE|RANGE|MISMATCH|TOOBIG)/;

/** The record is somewhere else, and cannot be reached or failed there. */
export const storageUnreachable = (cause: unknown): Error =>
  Object.assign(new Error("the record cannot be reached", { cause }), { code: "SQLITE_UNREACHABLE" });

/** The storage did not do what it was asked, whatever it was asked: full, locked, read-only, damaged. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("SQLITE_") && !OF_A_QUERY.test(code);
}
