/** Plays a sample on a service and reads the outcome, over HTTP alone: any service will do. */
import { z } from "zod";
import { parseBatch } from "../events/batch.ts";
import { baton } from "../events/sources/baton.ts";
import { sources } from "../events/sources.ts";
import { ledgerViewSchema } from "../http/views/handoff-view.ts";
import { sessionViewSchema } from "../http/views/session-view.ts";
import type { ConversationsClient } from "../infobip/client.ts";
import type { Outcome } from "../infobip/outcome.ts";
import { createNaming, mapStrings, type Naming } from "./naming.ts";
import { postsOf, type Sample } from "./sample.ts";
import type { Action, Post } from "./sample-step.ts";

/** Default pause before each turn but the first, so that no two turns happen at one time. */
const TURN_SECONDS = 1;

export interface Target {
  /** Sends a request to a path of the service. */
  request(path: string, init: RequestInit): Promise<Response>;
  secret: string;
  /** The platform, for the preconditions of a sample; null: the sample has none. */
  client: ConversationsClient | null;
  /** Sets up the preconditions of the sample. */
  begin(): Promise<void>;
  /** Performs an action of people or the platform in a conversation. Returns its result to show. */
  act(deed: Action, conversationId: string): Promise<object>;
  /** Lets time pass. */
  pause(seconds: number): Promise<void>;
  /** Resolves once nothing more can be done now for these handoffs. */
  settled(handoffIds: Iterable<string>): Promise<void>;
  /** Suffix of session and event ids that keeps a run apart from the last one; empty: they stay as written. */
  suffix: string;
}

/** Leaves out everything that differs from run to run: times, attempts and their requests. */
const handoffSchema = ledgerViewSchema
  .omit({
    bot: true,
    account: true,
    message: true,
    parkedFor: true,
    nextAttemptAt: true,
    createdAt: true,
    routedAt: true,
  })
  .transform(({ steps, ...handoff }) => ({
    ...handoff,
    // Delivery to a bot depends on the place of the bot.
    steps: Object.fromEntries(
      steps.filter(({ name }) => !name.startsWith("callback:")).map(({ name, state }) => [name, state]),
    ),
  }));
const jsonObject = z.record(z.string(), z.unknown());
const bodySchema = z.union([z.array(jsonObject), jsonObject]);
/** Outcome of a sample, with names in place of ids. */
export interface SampleRun {
  /** One for each turn: the answer to a post, else the sessions after it. */
  answers: unknown[];
  sessions: unknown[];
  handoffs: unknown[];
  /** Rewrites any other value with the same names. */
  named: (value: unknown) => unknown;
}

async function value<T>(pending: Promise<Outcome<T>>): Promise<T> {
  const outcome = await pending;
  if (outcome.kind === "ok") return outcome.value;
  throw new Error(`the platform did not do what the sample takes for given: ${JSON.stringify(outcome)}`);
}

/** Creates the conversations of the preconditions; ids by name. Their agents keep the platform's names. */
async function prepare(
  client: ConversationsClient,
  given: Sample["given"],
  naming: Naming,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const agents = await value(client.agents());
  for (const { id, displayName } of agents) if (displayName != null) naming.set(id, displayName);
  for (const [name, { assignee, status, queue }] of Object.entries(given.conversations)) {
    const people = assignee === "bot" ? await value(client.bots()) : agents;
    const agentId = assignee === undefined ? undefined : people[0]?.id;
    const queueId = queue === undefined ? undefined : (await value(client.queues(queue)))[0]?.id;
    const fields = { ...(agentId && { agentId }), ...(queueId && { queueId }) };
    const { id } = await value(client.create({ topic: `Sample ${name}`, ...fields }));
    if (status !== "OPEN") await value(client.update(id, { status }));
    ids.set(name, id);
    naming.set(id, name);
  }
  return ids;
}

/** Finds the sessions and ids in a post, as its source reads them. */
function idsOf({ to, headers, body: sent }: Post): { sessions: string[]; ids: string[] } {
  const source = sources.get(to.replace("webhooks/", "")) ?? baton;
  const isForm = typeof sent === "string" && /form-urlencoded/i.test(headers["content-type"] ?? "");
  const body = isForm ? Object.fromEntries(new URLSearchParams(sent)) : sent;
  const payload = to === "handoffs" ? { id: "sample", type: "handoff.requested", ...(body as object) } : body;
  const items = parseBatch(source, payload, { now: 0 });
  const events = items.ok ? items.value.flatMap((item) => (item.ok ? [item.value] : [])) : [];
  const own = events.filter((reported) => reported.hasSenderId && reported.event.id !== "sample");
  return { sessions: events.map(({ event }) => event.session), ids: own.map(({ event }) => event.id) };
}

export async function runSample(sample: Sample, stage: Target): Promise<SampleRun> {
  const bot = `/v1/bots/${encodeURIComponent(sample.bot)}`;
  const authorization = `Bearer ${stage.secret}`;
  /** Null: not found. */
  const get = async (path: string): Promise<unknown> => {
    const answer = await stage.request(`${bot}${path}`, { headers: { authorization } });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}`);
    return answer.json();
  };

  const naming = createNaming();
  const actual = stage.client === null ? new Map<string, string>() : await prepare(stage.client, sample.given, naming);
  const posts = postsOf(sample);
  const sessions = [...new Set(posts.flatMap((post) => idsOf(post).sessions))];
  if (stage.suffix !== "") {
    for (const id of [...sessions, ...posts.flatMap((post) => idsOf(post).ids)]) {
      if (actual.has(id)) continue;
      actual.set(id, `${id}-${stage.suffix}`);
      naming.set(`${id}-${stage.suffix}`, id);
    }
  }
  /** Also replaces a name that is a part of a path: `projects/p/sessions/chat-1`. */
  const toActual = (text: string): string =>
    actual.get(text) ??
    text
      .split("/")
      .map((part) => actual.get(part) ?? part)
      .join("/");
  /** Does the same in a form, or any other text of a sample. */
  const inText = (text: string): string => text.replace(/[\w.~-]+/g, (word) => actual.get(word) ?? word);
  const handoffIds = new Set<string>();
  /** Conversation of the last handoff; before one, the last of the preconditions. */
  let newest = actual.get(Object.keys(sample.given.conversations).at(-1) ?? "") ?? "";

  async function post({ to, headers, body }: Post): Promise<unknown> {
    const key = headers["idempotency-key"];
    const answer = await stage.request(`${bot}/${to}`, {
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/json",
        ...headers,
        ...(key !== undefined && { "idempotency-key": `${key}${stage.suffix}` }),
      },
      body: typeof body === "string" ? inText(body) : JSON.stringify(mapStrings(body, toActual)),
    });
    const said = bodySchema.parse(await answer.json());
    for (const one of Array.isArray(said) ? said : [said]) {
      delete one.requestId;
      if (typeof one.handoffId === "string") handoffIds.add(one.handoffId);
    }
    return { status: answer.status, body: said };
  }

  /** Reads the sessions by name, and names their new handoffs. */
  async function look() {
    const shown = new Map<string, z.infer<typeof sessionViewSchema>>();
    for (const session of sessions) {
      const found = await get(`/sessions/${encodeURIComponent(toActual(session))}`);
      if (found === null) continue;
      const known = sessionViewSchema.parse(found);
      shown.set(session, known);
      if (known.handoff !== null) handoffIds.add(known.handoff.id);
    }
    const handoffs: z.infer<typeof handoffSchema>[] = [];
    for (const id of handoffIds) {
      naming.number(id, "handoff");
      handoffs.push(handoffSchema.parse(await get(`/handoffs/${id}`)));
    }
    for (const { replaces, conversationId } of handoffs) {
      for (const id of [...replaces, conversationId]) {
        if (id === null) continue;
        const name = naming.number(id, "conversation");
        if (!actual.has(name)) actual.set(name, id);
        newest = id;
      }
    }
    return { sessions: shown, handoffs };
  }

  await stage.begin();
  const answers: unknown[] = [];
  for (const [index, turn] of sample.script.entries()) {
    if (index > 0 || turn.afterSeconds !== undefined) await stage.pause(turn.afterSeconds ?? TURN_SECONDS);
    if (turn.kind === "post") {
      answers.push(await post(turn));
      await stage.settled(handoffIds);
      await look();
      continue;
    }
    const conversation = "conversation" in turn ? turn.conversation : undefined;
    const deed = turn.kind === "push" ? { ...turn, push: mapStrings(turn.push, toActual) as typeof turn.push } : turn;
    const told =
      deed.kind === "time" ? {} : await stage.act(deed, conversation === undefined ? newest : toActual(conversation));
    await stage.settled(handoffIds);
    const { sessions: standing } = await look();
    const now = [...standing].map(([session, { control, handoff }]) => [
      session,
      { control, handoff: handoff?.id ?? null, state: handoff?.state ?? null },
    ]);
    answers.push({ ...told, sessions: Object.fromEntries(now) });
  }

  const last = await look();
  return {
    ...(naming.named({ answers, sessions: [...last.sessions.values()], handoffs: last.handoffs }) as Omit<
      SampleRun,
      "named"
    >),
    named: naming.named,
  };
}
