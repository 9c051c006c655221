import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";

/** A record that fails as the test says: at every read, or at the ledgers of some handoffs. */
export function createFailingRecord() {
  const record = createSqliteRecord(":memory:");
  let failure: Error | null = null;
  const unreadable = new Set<string>();
  const fail = (): void => {
    if (failure !== null) throw failure;
  };
  const handoffsOf = ({ handoffs }: Tables): Tables["handoffs"] => ({
    ...handoffs,
    ledger(id) {
      if (unreadable.has(id)) throw new Error("a row that cannot be read");
      return handoffs.ledger(id);
    },
  });
  const over = (tables: Tables): Tables => ({ ...tables, handoffs: handoffsOf(tables) });
  const failing: SessionRecord = {
    commit: (work) => record.commit((tables) => work(over(tables))),
    read(work) {
      fail();
      return record.read((tables) => work(over(tables)));
    },
  };
  return {
    record: failing,
    /** Makes every read fail with this error; null: no read fails. */
    failReads(error: Error | null): void {
      failure = error;
    },
    unreadable,
  };
}

export const diskError = (): Error => Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_READ" });
