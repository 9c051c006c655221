/** Serves the tools of a language model over the core. */

import { firstFound, sessionNamesOf } from "../events/reading/session-name.ts";
import type { PayloadProblem, Reported } from "../events/source.ts";
import { toHandoffRequest } from "../events/sources/baton.ts";
import type { Core, SessionView } from "../handoff/api.ts";
import type { Answer } from "../handoff/use-cases/event-answer.ts";
import type { Result } from "../result.ts";

export interface BotTools {
  handOver(request: object): Promise<Result<Answer, PayloadProblem>>;
  session(name: string): Promise<SessionView | null>;
}

/** Answers a request of the Model Context Protocol; `body` is its parsed body. */
export type ServeMcp = (request: Request, body: unknown, tools: BotTools) => Promise<Response>;

interface ToolsDeps {
  session: Core["session"];
  take: (events: readonly Reported[]) => Promise<Answer[]>;
  now: () => number;
  bot: string;
}

export const createBotTools = ({ session, take, now, bot }: ToolsDeps): BotTools => ({
  async handOver(request) {
    const read: Result<Reported, PayloadProblem> = toHandoffRequest(request, { now: now() });
    if (!read.ok) return read;
    const [answer] = await take([read.value]);
    if (answer === undefined) throw new Error("an event has an answer");
    return { ok: true, value: answer };
  },
  session: (name) => firstFound(sessionNamesOf(name), (known) => session(bot, known)),
});
