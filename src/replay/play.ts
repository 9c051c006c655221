/** Posts what a sample says to a service and reads what came of it, over HTTP alone: any service will do. */
import { z } from "zod";
import type { ConversationsClient } from "../conversations/client.ts";
import type { Outcome } from "../conversations/outcome.ts";
import { sources } from "../events/sources.ts";
import { shownLedgerSchema } from "../http/shown-handoff.ts";
import { createNaming, mapStrings } from "./naming.ts";
import type { Post, Sample } from "./sample.ts";

export interface Stage {
  /** A request to a path of the service. */
  request(path: string, init: RequestInit): Promise<Response>;
  secret: string;
  /** The platform, for the conversations that a sample takes for given; null for a sample without. */
  client: ConversationsClient | null;
  /** Lets time pass. */
  pause(seconds: number): Promise<void>;
  /** Resolves when a handoff has nothing more to do now. */
  settled(handoffId: string): Promise<void>;
  /** Ends session and event ids, where a run must not meet the last one's; empty: they stay as written. */
  suffix: string;
}

/** Without what differs from run to run: times, attempts and their requests. */
const handoffSchema = shownLedgerSchema
  .omit({ bot: true, nextAttemptAt: true, createdAt: true, routedAt: true })
  .transform(({ steps, ...handoff }) => ({
    ...handoff,
    steps: Object.fromEntries(steps.map(({ name, state }) => [name, state])),
  }));
const jsonObject = z.record(z.string(), z.unknown());
const bodySchema = z.union([z.array(jsonObject), jsonObject]);
const sessionSchema = z.looseObject({ handoff: z.looseObject({ id: z.string() }).nullable() });

/** What a sample led to, ids by their names. */
export interface Played {
  answers: unknown[];
  sessions: unknown[];
  handoffs: unknown[];
  /** For whatever else is to be told in the same names. */
  named: (value: unknown) => unknown;
}

async function value<T>(pending: Promise<Outcome<T>>): Promise<T> {
  const outcome = await pending;
  if (outcome.kind === "ok") return outcome.value;
  throw new Error(`the platform did not do what the sample takes for given: ${JSON.stringify(outcome)}`);
}

async function prepare(client: ConversationsClient, given: Sample["given"]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [name, { assignee, status }] of Object.entries(given.conversations)) {
    const people = assignee === "bot" ? await value(client.bots()) : await value(client.agents());
    const agentId = assignee === undefined ? undefined : people[0]?.id;
    const { id } = await value(client.create({ topic: `Sample ${name}`, ...(agentId && { agentId }) }));
    if (status !== "OPEN") await value(client.update(id, { status }));
    ids.set(name, id);
  }
  return ids;
}

/** The sessions and the ids that a post speaks of, as its source reads them. */
function idsOf({ to, body }: Post): { sessions: string[]; ids: string[] } {
  const source = sources.get(to.replace("webhooks/", "")) ?? sources.get("baton");
  const payload = to === "handoffs" ? { id: "sample", type: "handoff.requested", ...(body as object) } : body;
  const events = source?.toEvents(payload, { now: 0 });
  if (!events?.ok) return { sessions: [], ids: [] };
  const own = events.value.filter((reported) => reported.hasOwnId && reported.event.id !== "sample");
  return { sessions: events.value.map(({ event }) => event.session), ids: own.map(({ event }) => event.id) };
}

export async function play(sample: Sample, stage: Stage): Promise<Played> {
  const bot = `/v1/bots/${encodeURIComponent(sample.bot)}`;
  const authorization = `Bearer ${stage.secret}`;
  /** Null: there is no such thing. */
  const get = async (path: string): Promise<unknown> => {
    const answer = await stage.request(`${bot}${path}`, { headers: { authorization } });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}`);
    return answer.json();
  };

  const actual = stage.client === null ? new Map<string, string>() : await prepare(stage.client, sample.given);
  const naming = createNaming();
  for (const [name, id] of actual) naming.set(id, name);
  const sessions = [...new Set(sample.posts.flatMap((post) => idsOf(post).sessions))];
  if (stage.suffix !== "") {
    for (const id of [...sessions, ...sample.posts.flatMap((post) => idsOf(post).ids)]) {
      if (actual.has(id)) continue;
      actual.set(id, `${id}-${stage.suffix}`);
      naming.set(`${id}-${stage.suffix}`, id);
    }
  }
  const toActual = (text: string): string => actual.get(text) ?? text;

  const answers: unknown[] = [];
  const handoffIds = new Set<string>();
  for (const { to, headers, afterSeconds, body } of sample.posts) {
    if (afterSeconds !== undefined) await stage.pause(afterSeconds);
    const key = headers["idempotency-key"];
    const answer = await stage.request(`${bot}/${to}`, {
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/json",
        ...headers,
        ...(key !== undefined && { "idempotency-key": `${key}${stage.suffix}` }),
      },
      body: typeof body === "string" ? body : JSON.stringify(mapStrings(body, toActual)),
    });
    const said = bodySchema.parse(await answer.json());
    for (const one of Array.isArray(said) ? said : [said]) {
      delete one.requestId;
      const { handoffId } = one;
      if (typeof handoffId !== "string") continue;
      naming.number(handoffId, "handoff");
      handoffIds.add(handoffId);
      await stage.settled(handoffId);
    }
    answers.push({ status: answer.status, body: said });
  }

  const shownSessions: unknown[] = [];
  for (const session of sessions) {
    const shown = await get(`/sessions/${encodeURIComponent(toActual(session))}`);
    if (shown === null) continue;
    const { handoff } = sessionSchema.parse(shown);
    if (handoff !== null) handoffIds.add(handoff.id);
    shownSessions.push(shown);
  }
  const handoffs: z.infer<typeof handoffSchema>[] = [];
  for (const id of handoffIds) {
    naming.number(id, "handoff");
    handoffs.push(handoffSchema.parse(await get(`/handoffs/${id}`)));
  }
  for (const { replaces, conversationId } of handoffs) {
    for (const id of [...replaces, conversationId]) if (id !== null) naming.number(id, "conversation");
  }
  return {
    ...(naming.named({ answers, sessions: shownSessions, handoffs }) as Omit<Played, "named">),
    named: naming.named,
  };
}
