/** Failures of the storage, as opposed to those that a query causes by itself. */

/** Codes of errors that a query may cause by itself. */
const OF_A_QUERY = /^SQLITE_(CONSTRAINT|ERROR|MISUSE|RANGE|MISMATCH|TOOBIG)/;

/** The record is somewhere else: it cannot be reached, or failed there. */
export const storageUnreachable = (cause: unknown): Error =>
  Object.assign(new Error("the record cannot be reached", { cause }), { code: "SQLITE_UNREACHABLE" });

/** True if the storage failed whatever the query was: it is full, locked, read-only or damaged. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("SQLITE_") && !OF_A_QUERY.test(code);
}
