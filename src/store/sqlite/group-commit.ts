/**
 * Group commit: all work that one turn of the event loop brings runs in one transaction, and all are answered after the
 * one COMMIT. With `synchronous=FULL` a commit waits for the disk; sharing that wait is what makes durable answers cheap.
 *
 * Hardly any piece ever throws, so the first try has no savepoints: each would copy every page that its piece changes.
 * When one throws, the batch is taken back and runs again with a savepoint for each, so that the others are kept.
 */
export interface Transactions {
  begin(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  /** Something that was written is taken back: what is kept of it in memory is not true any more. */
  forget(): void;
}

interface Piece {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

type Ended = { ok: true; value: unknown } | { ok: false; error: unknown };

/** A longer batch would keep the event loop, and everybody's answer, waiting. */
const MAX_BATCH = 256;

export interface GroupCommit {
  <T>(work: () => T): Promise<T>;
  /** Resolves when everything handed in so far is committed or rejected. */
  idle(): Promise<void>;
}

/** `schedule` runs a function at the end of the current turn; setImmediate is the window that measured best. */
export function createGroupCommit(transactions: Transactions, schedule: (flush: () => void) => void): GroupCommit {
  const waiting: Piece[] = [];
  let scheduled = false;

  /** A full disk may have ended the transaction as a whole: then there is no savepoint, and the cause is the failure. */
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

  /** All pieces in one transaction, or the failure with which nothing of it was kept. */
  const together = (pieces: readonly Piece[], run: (piece: Piece) => Ended): Ended[] | { failed: unknown } => {
    try {
      transactions.begin();
      const ended = pieces.map(run);
      transactions.commit();
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
    // Nor must one that spoils the transaction itself take its neighbours with it: each tries again alone.
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
