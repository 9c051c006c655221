/** The use case of an operator who resends a callback: it was set aside, or its next try is hours away. */
import type { Log } from "../../log.ts";
import type { Callback } from "../../model/callback.ts";
import type { Ledger } from "../../model/handoff.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SessionRecord, Tables } from "../../store/store.ts";

export interface ResendDeps {
  record: SessionRecord;
  now: () => number;
  /** The outbox has something due. */
  changed: () => void;
  log: Log;
}

export type ResendProblem =
  | { reason: "no-such-handoff" }
  | { reason: "no-such-callback" }
  /** The bot took it, or it is on its way. */
  | { reason: "not-resendable"; state: Callback["state"] };

/** A newer callback names the present control, so the older one is resent only by its id. */
const isWanted = ({ state, setAsideBecause }: Callback): boolean =>
  state === "refused" && setAsideBecause !== "overtaken";

export function createResend({ record, now, changed, log }: ResendDeps) {
  function find({ callbacks }: Tables, handoffId: string, id: string | null): Result<string[], ResendProblem> {
    if (id === null) {
      return ok(
        callbacks
          .ofHandoff(handoffId)
          .filter(isWanted)
          .map((it) => it.id),
      );
    }
    const callback = callbacks.byId(id);
    return callback?.handoffId === handoffId ? ok([id]) : err({ reason: "no-such-callback" });
  }

  /** `id`: null resends all that are set aside, except those that a newer one overtook. */
  return async function resend(handoffId: string, id: string | null): Promise<Result<Ledger, ResendProblem>> {
    const result = await record.commit((tables): Result<Ledger, ResendProblem> => {
      const ledger = tables.handoffs.ledger(handoffId);
      if (ledger === null) return err({ reason: "no-such-handoff" });
      const found = find(tables, handoffId, id);
      if (!found.ok) return found;
      const left = found.value.filter((one) => !tables.callbacks.resend(one, now()));
      const state = id === null || left.length === 0 ? null : (tables.callbacks.byId(id)?.state ?? null);
      return state === null ? ok(ledger) : err({ reason: "not-resendable", state });
    });
    if (!result.ok) return result;
    const { bot, account } = result.value.handoff;
    log.info({ handoff: handoffId, bot, account, ...(id !== null && { callback: id }) }, "resent by an operator");
    changed();
    return result;
  };
}
export type Resend = ReturnType<typeof createResend>;
