/**
 * Sends the news of a session's object to others: states of handoffs to the read model, and claims to conversations. The commits
 * themselves write the news (`object/1000_lists.sql`), so it may come late and cannot be lost.
 */
import { z } from "zod";
import type { Log } from "../../log.ts";
import type { Handoff } from "../../model/handoff.ts";
import { createSteadyClock } from "../../steady-clock.ts";
import type { Database } from "../../store/database.ts";
import type { Held, ReadModel } from "../read-model/read-model.ts";

interface OutboxDeps {
  db: Database;
  handoff: (id: string) => Handoff | null;
  /** This object's id. */
  objectId: string;
  account: string;
  readModel: Pick<ReadModel, "write" | "remove" | "writeHeld">;
  /**
   * Claims a conversation for this session. Resolves once earlier pushes are in the record, or once this session has left a
   * conversation of another bot.
   */
  claim: (conversationId: string) => Promise<void>;
  /** True while others forget this session: a message at the same time could arrive first, and be lost. */
  isHeld: () => boolean;
  now: () => number;
  random: () => number;
  log: Log;
}

const FIRST_RETRY_MS = 500;
const SLOWEST_RETRY_MS = 60_000;
const AT_ONCE = 20;

/** Marks everything as not sent. */
export function markUntold(db: Database): void {
  db.run("UPDATE projections SET told = 0 WHERE told > 0");
  db.run("UPDATE claims SET told = 0 WHERE told > 0");
  // An object that was not opened since is not migrated.
  const hasHeld = db.first("SELECT 1 FROM sqlite_schema WHERE name = 'held'") !== undefined;
  if (hasHeld) db.run("UPDATE held SET told = 0 WHERE told > 0");
}

const behindRows = z.array(z.object({ id: z.string(), version: z.number().int() }));
const claimRows = z.array(z.object({ id: z.string() }));
const heldRows = z.array(
  z.object({
    sessionId: z.number().int(),
    bot: z.string(),
    conversationId: z.string(),
    agentId: z.string().nullable(),
    since: z.number().int(),
    isHeld: z.number().transform((flag) => flag === 1),
    version: z.number().int(),
  }),
);
const HELD = `SELECT session_id AS sessionId, bot, held.conversation_id AS conversationId, held.agent_id AS agentId, since,
    is_held AS isHeld, held.version AS version
  FROM held JOIN sessions ON id = session_id WHERE held.version > told LIMIT ?`;

export function createOutbox(deps: OutboxDeps) {
  const { db, now, log } = deps;
  const steady = createSteadyClock(now);
  let failures = 0;
  let restUntil = 0;
  let running: Promise<void> | null = null;

  const behind = () =>
    behindRows.parse(db.all("SELECT handoff_id AS id, version FROM projections WHERE version > told LIMIT ?", AT_ONCE));
  const unclaimed = () =>
    claimRows.parse(db.all("SELECT conversation_id AS id FROM claims WHERE told = 0 LIMIT ?", AT_ONCE));
  const held = () => heldRows.parse(db.all(HELD, AT_ONCE));
  const isEmpty = (): boolean => behind().length === 0 && unclaimed().length === 0 && held().length === 0;

  async function project(): Promise<void> {
    const rows = behind();
    const known = rows.map(({ id, version }) => ({ id, version, handoff: deps.handoff(id) }));
    const projections = known.flatMap(({ handoff, version }) => (handoff === null ? [] : [{ handoff, version }]));
    const gone = known.flatMap(({ id, handoff }) => (handoff === null ? [id] : []));
    if (projections.length > 0) await deps.readModel.write(deps.objectId, projections);
    if (gone.length > 0) await deps.readModel.remove(deps.objectId, gone);
    for (const { id, version, handoff } of known) {
      if (handoff === null) db.run("DELETE FROM projections WHERE handoff_id = ?", id);
      else db.run("UPDATE projections SET told = max(told, ?) WHERE handoff_id = ?", version, id);
    }
  }

  const claiming = new Map<string, Promise<void>>();
  const isUnclaimed = (id: string): boolean =>
    db.all("SELECT 1 FROM claims WHERE told = 0 AND conversation_id = ?", id).length > 0;

  /** Claims once at a time: callers meanwhile wait for the same answer. */
  function claimOne(id: string): Promise<void> {
    const running = claiming.get(id);
    if (running !== undefined) return running;
    const claimed = deps
      .claim(id)
      .then(() => {
        db.run("UPDATE claims SET told = 1 WHERE conversation_id = ?", id);
      })
      .finally(() => claiming.delete(id));
    claiming.set(id, claimed);
    return claimed;
  }

  async function claimAll(): Promise<void> {
    for (const { id } of unclaimed()) await claimOne(id);
  }

  async function projectHeld(): Promise<void> {
    const rows = held();
    if (rows.length === 0) return;
    const { account } = deps;
    await deps.readModel.writeHeld(
      deps.objectId,
      rows.map(({ version: _, ...row }): Held => ({ ...row, account })),
    );
    for (const { sessionId, version } of rows) {
      db.run("UPDATE held SET told = max(told, ?) WHERE session_id = ?", version, sessionId);
    }
  }

  async function run(): Promise<void> {
    try {
      while (!isEmpty() && !deps.isHeld()) await Promise.all([claimAll(), project(), projectHeld()]);
      failures = 0;
    } catch (err) {
      failures += 1;
      const wait = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20));
      restUntil = steady() + wait * (0.5 + deps.random() / 2);
      log.warn({ count: failures, err }, "the news of a session could not be sent; Baton tries again");
    } finally {
      running = null;
    }
  }

  return {
    /** Sends what is to be sent, unless that failed a moment ago. Resolves once it is sent or has failed; never rejects. */
    flush(): Promise<void> {
      if (running !== null) return running;
      if (restUntil > steady() || deps.isHeld() || isEmpty()) return Promise.resolve();
      running = run();
      return running;
    },
    /** Resolves once it is known which session has a conversation that this one named; rejects if it cannot be asked. */
    claimed: async (id: string): Promise<void> => {
      if (isUnclaimed(id)) await claimOne(id);
    },
    /** Time of the next flush; null: nothing is to be sent. */
    dueAt: (): number | null => (isEmpty() ? null : now() + Math.max(0, restUntil - steady())),
    /** Resolves when nothing is on its way. */
    async idle(): Promise<void> {
      while (running !== null) await running;
    },
    /** Drops news of sessions that are erased. */
    clear(): void {
      db.run("DELETE FROM projections WHERE handoff_id NOT IN (SELECT id FROM handoffs)");
      db.run(`DELETE FROM claims WHERE conversation_id NOT IN
        (SELECT conversation_id FROM handoffs WHERE conversation_id IS NOT NULL
         UNION SELECT conversation_id FROM sessions WHERE conversation_id IS NOT NULL)`);
    },
    /** Sends everything again: the read model was lost. */
    repeat(): void {
      markUntold(db);
      restUntil = 0;
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
