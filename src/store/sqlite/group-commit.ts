/**
 * Group commit: all work of one turn of the event loop runs in one transaction, and its callers get their answers after
 * the one COMMIT. With `synchronous=FULL` a commit waits for the disk; sharing that wait is what makes durable answers cheap.
 *
 * Hardly any piece ever throws, so the first try has no savepoints: each would copy every page that its piece changes.
 * When one throws, the batch is rolled back and runs again with a savepoint for each, so that the others are kept.
 */
export interface Transactions {
  begin(): void;
  /** `pieces`: number of works in the transaction. */
  commit(pieces: number): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  /** Forgets rows kept in memory, since written ones are rolled back. */
  forget(): void;
}

interface Piece {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

type Ended = { ok: true; value: unknown } | { ok: false; error: unknown };

/** A longer batch would block the event loop, and with it every answer. */
const MAX_BATCH = 256;

export interface GroupCommit {
  <T>(work: () => T): Promise<T>;
  /** Resolves when all work so far is committed or rejected. */
  idle(): Promise<void>;
}

/** `schedule` runs a function at the end of the current turn; setImmediate measured best. */
export function createGroupCommit(transactions: Transactions, schedule: (flush: () => void) => void): GroupCommit {
  const waiting: Piece[] = [];
  let scheduled = false;

  /** A full disk may have ended the whole transaction: then there is no savepoint, and that is the failure. */
  const takeBack = (cause: unknown): void => {
    transactions.forget();
    try {
      transactions.rollbackToSavepoint();
    } catch {
      throw cause;
    }
  };

  const attempt = (piece: Piece): Ended => {
    transactions.savepoint();
    try {
      const value = piece.work();
      transactions.release();
      return { ok: true, value };
    } catch (error) {
      takeBack(error);
      return { ok: false, error };
    }
  };

  const trust = (piece: Piece): Ended => ({ ok: true, value: piece.work() });

  /** Runs all pieces in one transaction. Returns the failure if it was rolled back. */
  const together = (pieces: readonly Piece[], run: (piece: Piece) => Ended): Ended[] | { failed: unknown } => {
    try {
      transactions.begin();
      const ended = pieces.map(run);
      transactions.commit(pieces.length);
      return ended;
    } catch (error) {
      transactions.forget();
      transactions.rollback();
      return { failed: error };
    }
  };

  const settle = (piece: Piece, ended: Ended): void => {
    if (ended.ok) piece.resolve(ended.value);
    else piece.reject(ended.error);
  };

  const flush = (): void => {
    const batch = waiting.splice(0, MAX_BATCH);
    scheduled = waiting.length > 0;
    if (scheduled) schedule(flush);
    const trusted = together(batch, trust);
    const ended = Array.isArray(trusted) || batch.length === 1 ? trusted : together(batch, attempt);
    if (Array.isArray(ended)) {
      batch.forEach((piece, index) => {
        settle(piece, ended[index] as Ended);
      });
      return;
    }
    // A piece that spoils the transaction itself must not fail its neighbours either: each tries again alone.
    for (const piece of batch) {
      const alone = batch.length === 1 ? ended : together([piece], trust);
      settle(piece, Array.isArray(alone) ? (alone[0] as Ended) : { ok: false, error: alone.failed });
    }
  };

  const commit = <T>(work: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!scheduled) {
        scheduled = true;
        schedule(flush);
      }
    });

  return Object.assign(commit, {
    idle: async (): Promise<void> => {
      while (scheduled) await new Promise<void>((resolve) => schedule(resolve));
    },
  });
}
