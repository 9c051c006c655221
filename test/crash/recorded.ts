/** Reads a record's file from outside while nobody writes. */
import BetterSqlite3 from "better-sqlite3";
import { z } from "zod";

const json = z.string().transform((text): unknown => JSON.parse(text));
const tagsSchema = json.pipe(z.object({ tags: z.array(z.string()) }));

const eventRow = z.object({ eventId: z.string(), handoffId: z.string().nullable(), receivedAt: z.number() });
const handoffRow = z.object({
  id: z.string(),
  session: z.string(),
  epoch: z.number(),
  token: z.string(),
  state: z.string(),
  decision: tagsSchema,
});
const stepRow = z.object({
  handoffId: z.string(),
  position: z.number(),
  name: z.string(),
  kind: z.string(),
  state: z.string(),
});
const attemptRow = z.object({ handoffId: z.string(), position: z.number(), sentAt: z.number() });

export interface Recorded {
  events: z.infer<typeof eventRow>[];
  handoffs: z.infer<typeof handoffRow>[];
  steps: z.infer<typeof stepRow>[];
  attempts: z.infer<typeof attemptRow>[];
  /** `ok`, or the file's damage. */
  health: string;
}

const flagRow = z.object({ flag: z.number() });

/** True if an attempt is on its way: its handoff has no due time until that has ended. */
export function isAnyOnItsWay(path: string): boolean {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  try {
    const sent = sqlite.prepare("SELECT EXISTS (SELECT 1 FROM steps WHERE state = 'sent') AS flag").get();
    return flagRow.parse(sent).flag === 1;
  } finally {
    sqlite.close();
  }
}

/** Reads the sessions whose names have this prefix. */
export function readRecorded(path: string, prefix: string): Recorded {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  try {
    const like = `${prefix}%`;
    const rows = <T>(schema: z.ZodType<T>, sql: string): T[] => z.array(schema).parse(sqlite.prepare(sql).all(like));
    const theirs = "handoff_id IN (SELECT id FROM handoffs WHERE session LIKE ?)";
    return {
      events: rows(
        eventRow,
        `SELECT event_id AS eventId, handoff_id AS handoffId, received_at AS receivedAt FROM events
         WHERE session_id IN (SELECT id FROM sessions WHERE session LIKE ?)`,
      ),
      handoffs: rows(
        handoffRow,
        "SELECT id, session, epoch, token, state, decision FROM handoffs WHERE session LIKE ?",
      ),
      steps: rows(
        stepRow,
        `SELECT handoff_id AS handoffId, position, name, arguments ->> '$.kind' AS kind, state FROM steps WHERE ${theirs}`,
      ),
      attempts: rows(
        attemptRow,
        `SELECT handoff_id AS handoffId, position, sent_at AS sentAt FROM attempts WHERE ${theirs} ORDER BY sent_at`,
      ),
      health: String(sqlite.pragma("quick_check", { simple: true })),
    };
  } finally {
    sqlite.close();
  }
}
