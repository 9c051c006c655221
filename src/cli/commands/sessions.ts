import { z } from "zod";
import { erasedViewSchema, exportViewSchema, sessionViewSchema } from "../../http/views/session-view.ts";
import { secretsOfBots } from "../support/bot-secrets.ts";
import { ask, type ServiceOptions } from "../support/operator.ts";
import { Failure, printFields, printJson } from "../support/print.ts";
import { trustedUrl } from "../support/service-url.ts";

const pathOf = (bot: string, session: string): string =>
  `/v1/bots/${encodeURIComponent(bot)}/sessions/${encodeURIComponent(session)}`;

/** Shows the control of a session, as its bot sees it. */
export async function showSession(bot: string, session: string, { url: given, json }: ServiceOptions) {
  const url = trustedUrl(given);
  const secret = secretsOfBots().get(bot)?.[0];
  if (secret === undefined) throw new Failure(`BOT_SECRETS has no secret of bot '${bot}'.`, 2);
  const path = pathOf(bot, session);
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
  const shown = sessionViewSchema.parse(body);
  const { handoff } = shown;
  printFields({
    bot: shown.bot,
    session: shown.session,
    control: shown.control,
    conversation: shown.conversationId,
    handoff: handoff === null ? null : `${handoff.id}, ${handoff.state}, because ${handoff.reason}`,
  });
}

/** An export is printed as it came: a newer service may have more to say. */
const exportSchema = z.looseObject({ events: z.array(z.unknown()), next: exportViewSchema.shape.next });

/** Prints everything recorded of a session as JSON, with the pages of its events joined. */
export async function exportSession(bot: string, session: string, options: ServiceOptions): Promise<void> {
  const page = async (after: number) =>
    exportSchema.parse(await ask(`${pathOf(bot, session)}/export?after=${after}`, options));
  const first = await page(0);
  const events = [...first.events];
  for (let { next } = first; next !== null; ) {
    const more = await page(next);
    events.push(...more.events);
    next = more.next;
  }
  const { next: _, ...rest } = first;
  printJson({ ...rest, events });
}

/** Erases a person's data for good, and names the data that stays at the platform. */
export async function eraseSession(bot: string, session: string, options: ServiceOptions): Promise<void> {
  const body = await ask(pathOf(bot, session), options, { method: "DELETE" });
  if (options.json) return printJson(body);
  const { erased, atPlatform } = erasedViewSchema.parse(body);
  console.log("Erased. The same events, sent again, are still known as duplicates.");
  printFields({
    events: String(erased.events),
    handoffs: String(erased.handoffs),
    callbacks: String(erased.callbacks),
    "at the platform": atPlatform.conversations.join(", "),
  });
  console.log(atPlatform.detail);
}
