/** Reads the record of a session: from a running service, or from a database file. */
import { existsSync } from "node:fs";
import type { SessionHistory } from "../../../escalation/past/history.ts";
import { firstFound, sessionNamesOf } from "../../../events/reading/session-name.ts";
import { historyIn, historyViewSchema } from "../../../http/views/history-view.ts";
import { readSessionHistory } from "../../../store/sqlite/recorded-chats.ts";
import { ask, type ServiceOptions } from "../../support/operator.ts";
import { Failure } from "../../support/print.ts";

export interface HistoryOptions extends ServiceOptions {
  /** File to read instead of asking a service. */
  database?: string;
}

async function readFile(path: string, bot: string, session: string): Promise<SessionHistory> {
  if (!existsSync(path)) throw new Failure(`${path} is not there. --database says which file has the session.`, 2);
  const found = await firstFound(sessionNamesOf(session), (name) => readSessionHistory(path, bot, name));
  if (found === null) throw new Failure(`${path} has no session '${session}' of bot '${bot}'.`);
  return found;
}

export async function historyOf(bot: string, session: string, options: HistoryOptions): Promise<SessionHistory> {
  if (options.database !== undefined) return readFile(options.database, bot, session);
  const path = `/v1/bots/${encodeURIComponent(bot)}/sessions/${encodeURIComponent(session)}/history`;
  const absent = `The service has no session '${session}' of bot '${bot}'.`;
  return historyIn(historyViewSchema.parse(await ask(path, options, {}, absent)));
}
