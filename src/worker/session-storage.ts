/** Reads a session's object from its storage alone: the core cannot be opened for a bot that is not configured any more. */
import { z } from "zod";
import { KEEP_MS } from "./object-expiry.ts";

const timeRow = z.tuple([z.object({ at: z.number().nullable() })]);
const botRow = z.tuple([z.object({ bot: z.string() })]);
const idRows = z.array(z.object({ id: z.string() }));

export function createSessionStorage({ sql }: Pick<DurableObjectStorage, "sql">) {
  const isThere = (query: string): boolean => sql.exec(query).toArray().length > 0;
  const ids = (query: string): string[] => idRows.parse(sql.exec(query).toArray()).map(({ id }) => id);
  const latest = (query: string): number | null => timeRow.parse(sql.exec(query).toArray())[0].at;

  let wasThere = false;
  function hasTables(): boolean {
    wasThere ||= isThere("SELECT 1 FROM sqlite_schema WHERE name = 'sessions'");
    return wasThere;
  }
  /** Nobody has written here yet, and reading never writes; or the first event came to nothing, or all sessions were erased. */
  const isBlank = (): boolean => !hasTables() || !isThere("SELECT 1 FROM sessions LIMIT 1");

  return {
    isBlank,

    /** An object's sessions may be of several bots of one flow: any of them tells the flow. */
    bot: (): string => botRow.parse(sql.exec("SELECT bot FROM sessions LIMIT 1").toArray())[0].bot,

    /** Until when it is kept: 0 where there is nothing, `Infinity` while a handoff is open. */
    keptUntil(): number {
      if (!hasTables()) return 0;
      if (isThere("SELECT 1 FROM handoffs WHERE state NOT IN ('returned', 'cancelled') LIMIT 1")) {
        return Number.POSITIVE_INFINITY;
      }
      // The events of an erased session stay as long, so that each is known when it comes again.
      const updatedAt =
        latest("SELECT max(updated_at) AS at FROM sessions") ?? latest("SELECT max(received_at) AS at FROM events");
      return updatedAt === null ? 0 : updatedAt + KEEP_MS;
    },

    /** All of it is deleted. */
    forgotten(): void {
      wasThere = false;
    },

    /** The conversations whose objects may know this one. */
    claimed: (): string[] => (hasTables() ? ids("SELECT conversation_id AS id FROM claims") : []),
    /** The accounts that its conversations were of. */
    accounts: (): string[] =>
      hasTables() ? ids("SELECT account AS id FROM handoffs UNION SELECT account FROM conversations") : [],
  };
}
