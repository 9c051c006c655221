import { z } from "zod";
import { secretsOfBots } from "./bot-secrets.ts";
import { Failure, printFields, printJson } from "./print.ts";
import { serviceUrl } from "./service-url.ts";

const shownSessionSchema = z.object({
  bot: z.string(),
  session: z.string(),
  control: z.string(),
  conversationId: z.string().nullable(),
  handoff: z.object({ id: z.string(), state: z.string(), reason: z.string() }).nullable(),
});

interface SessionOptions {
  url?: string;
  json?: boolean;
}

/** Who has the customer of a session, as its bot would be told. */
export async function showSession(bot: string, session: string, { url = serviceUrl(), json }: SessionOptions) {
  const secret = secretsOfBots().get(bot)?.[0];
  if (secret === undefined) throw new Failure(`BOT_SECRETS has no secret of bot '${bot}'.`, 2);
  const path = `/v1/bots/${encodeURIComponent(bot)}/sessions/${encodeURIComponent(session)}`;
  let answer: Response;
  try {
    answer = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${secret}` } });
  } catch {
    throw new Failure(`No Baton answers at ${url}. Start it, or name another with --url.`);
  }
  if (answer.status === 401) throw new Failure(`The service refuses the secret of bot '${bot}'.`);
  if (answer.status === 404) throw new Failure(`Bot '${bot}' has no session '${session}'.`);
  if (!answer.ok) throw new Failure(`The service answered ${answer.status}.`);
  const body: unknown = await answer.json();
  if (json) return printJson(body);
  const shown = shownSessionSchema.parse(body);
  const { handoff } = shown;
  printFields({
    bot: shown.bot,
    session: shown.session,
    control: shown.control,
    conversation: shown.conversationId,
    handoff: handoff === null ? null : `${handoff.id}, ${handoff.state}, because ${handoff.reason}`,
  });
}
