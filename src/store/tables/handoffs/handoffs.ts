import { z } from "zod";
import type { Attempt, Handoff, Ledger, Step } from "../../../model/handoff.ts";
import { lateAt } from "../../../model/lateness.ts";
import { createClockSetBack } from "../../clock-set-back.ts";
import type { Database } from "../../database.ts";
import { insertInto } from "../../rows/columns.ts";
import { createHandoffQueues } from "./due-handoffs.ts";
import { createHandoffFailures } from "./failures.ts";
import { createHandoffPages, type HandoffFilter } from "./handoff-pages.ts";
import { forgettingLedgers, type KeptLedgers } from "./kept-ledgers.ts";
import { asStored, attemptRows, handoffRows, stepRows } from "./rows.ts";

// Built once: the engine finds a statement by its text.
const BY_ID = `SELECT ${handoffRows.select} FROM handoffs WHERE id = ?`;
// These select ids: most of their handoffs are in memory.
const OPEN_OF = "SELECT id FROM handoffs WHERE session_id = ? AND state NOT IN ('returned', 'cancelled')";
const OF_CONVERSATION = "SELECT id FROM handoffs WHERE account = ? AND conversation_id = ? ORDER BY id DESC LIMIT 1";
/** The first condition is the index's own. */
const WITH_AGENT = `SELECT id FROM handoffs WHERE account = ? AND state IN ('routed', 'assigned') AND state = 'assigned'
  ORDER BY id LIMIT ?`;
/** The newest handoff, and all open ones. */
const IN_CONVERSATION = `SELECT id FROM handoffs AS one WHERE account = ? AND conversation_id = ?
  AND (state NOT IN ('returned', 'cancelled') OR id = (SELECT max(id) FROM handoffs
    WHERE account = one.account AND conversation_id = one.conversation_id)) ORDER BY id DESC`;
const LAST_OF = "SELECT id FROM handoffs WHERE session_id = ? ORDER BY id DESC LIMIT 1";
// A sent step has the time at which it left in `next_at`.
const MAY_BE_ROUTED_BY_ANOTHER = `SELECT 1 FROM handoffs JOIN steps ON handoff_id = handoffs.id
  WHERE account = ? AND conversation_id = ? AND handoffs.id <> ? AND (routed_at >= ? OR (name = 'route' AND sends > 0
    AND steps.state NOT IN ('ready', 'refused') AND iif(steps.state = 'sent', next_at, sent_at) >= ?)) LIMIT 1`;
const OF_SESSION = "SELECT id FROM handoffs WHERE session_id = ? ORDER BY id";
const TRACEPARENT_OF = `SELECT iif(json_valid(decision), json_extract(decision, '$.traceparent'), NULL) AS traceparent
  FROM handoffs WHERE id = ?`;
const traceRow = z.object({ traceparent: z.string().nullable() });
const STEPS_OF = `SELECT ${stepRows.select} FROM steps WHERE handoff_id = ? ORDER BY position`;
const ATTEMPTS_OF = `SELECT ${attemptRows.select} FROM attempts WHERE handoff_id = ? UNION ALL
  SELECT position, fence, next_at, NULL, NULL, NULL, NULL, NULL FROM steps WHERE handoff_id = ? AND state = 'sent'
  ORDER BY sentAt, position, fence`;
const ADD = insertInto("handoffs", [...handoffRows.columns, "late_at"]);
const ADD_STEP = insertInto("steps", ["handoff_id", ...stepRows.columns]);
const END_ATTEMPT = `${insertInto("attempts", ["handoff_id", ...attemptRows.columns])} ON CONFLICT DO UPDATE SET
  ended_at = excluded.ended_at, outcome = excluded.outcome, status = excluded.status, request_id = excluded.request_id,
  code = excluded.code`;

const idOf = (row: unknown): string => (row as { id: string }).id;

/** Handoffs with their ledgers: steps, and every attempt. */
export function createHandoffTable(db: Database, ledgers: KeptLedgers) {
  const bulk = forgettingLedgers(db, ledgers);
  const byId = (id: string): Handoff | null => {
    const kept = ledgers.get(id);
    if (kept !== undefined) return kept.handoff;
    const row = db.first(BY_ID, id);
    return row === undefined ? null : handoffRows.read(row);
  };
  const one = (row: unknown): Handoff | null => (row === undefined ? null : byId(idOf(row)));
  const each = (rows: readonly unknown[]): Handoff[] => rows.map(one).filter((handoff) => handoff !== null);

  const page = createHandoffPages(db, each);

  /** An entry is replaced and never changed: code that has the one before keeps what it read. */
  const keep = (id: string, change: (ledger: Ledger) => Ledger): void => {
    const kept = ledgers.get(id);
    if (kept !== undefined) ledgers.set(change(kept));
  };

  function readLedger(id: string): Ledger | null {
    const row = db.first(BY_ID, id);
    return row === undefined
      ? null
      : { handoff: handoffRows.read(row), steps: db.all(STEPS_OF, id).map(stepRows.read) };
  }

  const insertStep = (handoffId: string, step: Step): number => db.run(ADD_STEP, handoffId, ...stepRows.valuesOf(step));

  return {
    ...createHandoffQueues(bulk),
    ...createHandoffFailures(bulk),
    ...createClockSetBack(bulk),

    byId,

    /** The one handoff of a session that is not over; parked counts as open. */
    openOf: (sessionId: number): Handoff | null => one(db.first(OPEN_OF, sessionId)),

    /** The newest handoff that has or had this conversation. */
    ofConversation: (account: string, conversationId: string): Handoff | null =>
      one(db.first(OF_CONVERSATION, account, conversationId)),

    /** Handoffs of an account that an agent has, the oldest first. */
    withAgent: (account: string, limit: number): Handoff[] => each(db.all(WITH_AGENT, account, limit)),

    /** The newest handoff that has or had this conversation, and every other open one in it; the newest first. */
    inConversation: (account: string, conversationId: string): Handoff[] =>
      each(db.all(IN_CONVERSATION, account, conversationId)),

    /** True if a handoff other than `id` was routed in this conversation since that time, or may have been. */
    mayBeRoutedByAnother: (account: string, conversationId: string, id: string, since: number): boolean =>
      db.first(MAY_BE_ROUTED_BY_ANOTHER, account, conversationId, id, since, since) !== undefined,

    /** Trace that the handoff belongs to, also if the rest of it cannot be read. */
    traceparentOf(id: string): string | null {
      const kept = ledgers.get(id);
      if (kept !== undefined) return kept.handoff.decision.traceparent ?? null;
      return traceRow.parse(db.first(TRACEPARENT_OF, id) ?? { traceparent: null }).traceparent;
    },

    newestId(): string | null {
      const row = db.first("SELECT id FROM handoffs ORDER BY id DESC LIMIT 1");
      return row === undefined ? null : idOf(row);
    },

    lastOf: (sessionId: number): Handoff | null => one(db.first(LAST_OF, sessionId)),

    /** A page of a search, the newest first. */
    page,

    /** The first page of a search. */
    list: (filter: HandoffFilter, limit: number): Handoff[] => page(filter, limit).handoffs,

    add(ledger: Ledger): void {
      const handoff = asStored(ledger.handoff);
      db.run(ADD, ...handoffRows.valuesOf(handoff), lateAt(handoff));
      ledgers.counts.move(null, handoff.state);
      for (const step of ledger.steps) insertStep(handoff.id, step);
      ledgers.set({ handoff, steps: ledger.steps });
    },

    /** Oldest first. */
    ofSession: (sessionId: number): Ledger[] =>
      db
        .all(OF_SESSION, sessionId)
        .map((row) => ledgers.get(idOf(row)) ?? readLedger(idOf(row)))
        .filter((ledger) => ledger !== null),

    ledger(id: string): Ledger | null {
      const kept = ledgers.get(id);
      if (kept !== undefined) return kept;
      const ledger = readLedger(id);
      if (ledger !== null) ledgers.set(ledger);
      return ledger;
    },

    /** Reads the rows alone, without the ledgers in memory. */
    readLedger,

    /**
     * Writes the columns that changed since `before`, the state of the row. Most turns change little, and the engine rewrites
     * each index on a column that an UPDATE names, changed or not.
     */
    save(handoff: Handoff, before: Handoff): void {
      const changed = handoffRows.changes(before, handoff);
      if (lateAt(handoff) !== lateAt(before)) changed.push(["late_at", lateAt(handoff)]);
      if (changed.length === 0) return;
      const set = changed.map(([column]) => `${column} = ?`);
      const values = changed.map(([, value]) => value);
      if (handoff.state === "assigned" && before.state !== "assigned") {
        set.push("assigned_at = coalesce(assigned_at, ?)");
        values.push(handoff.updatedAt);
      }
      if (db.run(`UPDATE handoffs SET ${set.join(", ")} WHERE id = ?`, ...values, handoff.id) === 0) return;
      ledgers.counts.move(before.state, handoff.state);
      keep(handoff.id, ({ steps }) => ({ handoff: asStored(handoff), steps }));
    },

    /** Adds a step that the plan did not have. */
    addStep(handoffId: string, step: Step): void {
      insertStep(handoffId, step);
      keep(handoffId, ({ handoff, steps }) => ({
        handoff,
        steps: [...steps, step].sort((one, other) => one.position - other.position),
      }));
    },

    /** Writes the columns that changed, as far as the step in memory tells. */
    saveStep(handoffId: string, step: Step): void {
      const before = ledgers.get(handoffId)?.steps.find(({ position }) => position === step.position) ?? null;
      const changed = stepRows.changes(before, step);
      if (changed.length === 0) return;
      const set = changed.map(([column]) => `${column} = ?`).join(", ");
      const values = changed.map(([, value]) => value);
      db.run(`UPDATE steps SET ${set} WHERE handoff_id = ? AND position = ?`, ...values, handoffId, step.position);
      keep(handoffId, ({ handoff, steps }) => ({
        handoff,
        steps: steps.map((it) => (it.position === step.position ? step : it)),
      }));
    },

    /** Keeps the attempt of a sent step that is reset: the step's row does not say any more that it is on its way. */
    keepAttempt(handoffId: string, { position, fence, nextAt }: Step): void {
      db.run(
        "INSERT INTO attempts (handoff_id, position, fence, sent_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        handoffId,
        position,
        fence,
        nextAt,
      );
    },

    /** True if the attempt with this fence still sends the step. */
    isHeld(handoffId: string, position: number, fence: number): boolean {
      const kept = ledgers.get(handoffId);
      if (kept !== undefined) {
        return kept.steps.some((it) => it.position === position && it.fence === fence && it.state === "sent");
      }
      const held = "SELECT 1 FROM steps WHERE handoff_id = ? AND position = ? AND fence = ? AND state = 'sent'";
      return db.first(held, handoffId, position, fence) !== undefined;
    },

    /** Records an attempt with its answer, even if a newer attempt has taken over. Until then the step's row is the intent. */
    endAttempt(handoffId: string, attempt: Attempt): void {
      db.run(END_ATTEMPT, handoffId, ...attemptRows.valuesOf(attempt));
    },

    /** Includes those on their way. */
    attemptsOf: (id: string): Attempt[] => db.all(ATTEMPTS_OF, id, id).map(attemptRows.read),
  };
}
export type HandoffTable = ReturnType<typeof createHandoffTable>;
