/** Serves the tools of a language model over the core. */

import { firstFound, readSession, sessionNamesOf } from "../events/reading/session-name.ts";
import type { ParsedEvent, PayloadProblem } from "../events/source.ts";
import { noSession, toModelRequest } from "../events/sources/baton.ts";
import type { HandoffApi, SessionView } from "../handoff/api.ts";
import type { Answer } from "../handoff/use-cases/event-answer.ts";
import { err, ok, type Result } from "../result.ts";

export interface BotTools {
  handOver(request: Record<string, unknown>): Promise<Result<Answer, PayloadProblem>>;
  /** Null: a session never seen. */
  session(name: unknown): Promise<Result<SessionView | null, PayloadProblem>>;
}

/** Answers a request of the Model Context Protocol; `body` is its parsed body. */
export type ServeMcp = (request: Request, body: unknown, tools: BotTools) => Promise<Response>;

interface ToolsDeps {
  session: HandoffApi["session"];
  take: (events: readonly ParsedEvent[]) => Promise<Answer[]>;
  now: () => number;
  bot: string;
}

export const createBotTools = ({ session, take, now, bot }: ToolsDeps): BotTools => ({
  async handOver(request) {
    const read = toModelRequest(request, { now: now() });
    if (!read.ok) return read;
    const [answer] = await take([read.value]);
    if (answer === undefined) throw new Error("an event has an answer");
    return ok(answer);
  },
  async session(name) {
    if (readSession(name) === undefined) return err(noSession);
    return ok(await firstFound(sessionNamesOf(String(name)), (known) => session(bot, known)));
  },
});
