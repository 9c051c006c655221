import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { type Item, toItems } from "../events/batch.ts";
import { contentId } from "../events/content-id.ts";
import type { PayloadProblem, Source } from "../events/source.ts";
import { baton, toHandoffRequest } from "../events/sources/baton.ts";
import { sources } from "../events/sources.ts";
import type { Answer, Received } from "../handoff/receive.ts";
import { err, ok, type Result } from "../result.ts";
import { type Env, json } from "./answer.ts";
import type { AppDeps } from "./app.ts";
import { parseBody } from "./body.ts";
import { waitMs } from "./prefer.ts";
import { type Problem, problem, problemOfEvent } from "./problem.ts";
import { attemptsOf, showLedger, showSession } from "./show.ts";

/** An event that opens a handoff is answered when that is routed, at the latest after this. */
const EVENT_WAIT_MS = 3_000;
const HANDOFF_WAIT_MS = 8_000;
/** How long a key is remembered; as long as an event's id. */
const KEY_TTL_MS = 35 * 24 * 3_600_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

type BotsDeps = Pick<
  AppDeps,
  "record" | "receive" | "dispatcher" | "authenticate" | "now" | "newId" | "log" | "flows" | "quota"
>;

/** An event among others is answered as things stand after all of them. */
const among = ({ left: _, ...received }: Received): Received => received;

/** Routes for bots, each authenticated as the bot it names. */
export function botRoutes(deps: BotsDeps): Hono<Env> {
  const { record, receive, dispatcher } = deps;
  const app = new Hono<Env>();
  /** Keys whose first request is not answered yet. */
  const inProgress = new Set<string>();
  const { policy } = deps.quota;
  const quotaPolicy = `"bot";q=${policy.events};w=${policy.seconds}`;

  /** The raw body of a request that comes from the bot it names, read before anything is parsed. */
  async function authentic(c: Context<Env>, bot: string): Promise<Result<Uint8Array, Problem>> {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const verified = deps.authenticate(bot, c.req.raw.headers, body);
    if (!verified.ok) {
      deps.log.warn({ reason: verified.error.reason, requestId: c.get("requestId") }, "a bot was refused");
      return err({ kind: "unauthenticated" });
    }
    return deps.flows.has(bot) ? ok(body) : err({ kind: "not-found" });
  }

  async function payload(c: Context<Env>, bot: string): Promise<Result<unknown, Problem>> {
    const body = await authentic(c, bot);
    if (!body.ok) return body;
    const parsed = parseBody(body.value);
    return parsed.ok ? parsed : err({ kind: "unreadable-body", detail: parsed.error });
  }

  function settled(received: Received, ms: number): Answer | Promise<Answer> {
    const answer = receive.answer(received);
    const isWaiting = answer.handoffId !== null && answer.handoffState === "pending" && ms > 0;
    if (!isWaiting || received.handoffId === null) return answer;
    return dispatcher.settled(received.handoffId, ms).then(() => receive.answer(received));
  }

  /** Takes what is good of a payload, and answers for each event in its order. */
  async function take(c: Context<Env>, bot: string, source: Source, items: readonly Item[]) {
    const wait = waitMs(c.req.header("prefer"), EVENT_WAIT_MS);
    return Promise.all(
      items.map(async (item) => {
        if (!item.ok) return problemOfEvent(item.error.issues);
        const received = await receive.receive(bot, source.name, item.value);
        return settled(items.length === 1 ? received : among(received), wait);
      }),
    );
  }

  /** Null: the bot is within its quota, and told so. */
  function overQuota(c: Context<Env>, bot: string, events: number): Response | null {
    const { remaining, retryAfterSeconds } = deps.quota.take(bot, events);
    const resetSeconds = Math.ceil(((policy.events - remaining) * policy.seconds) / policy.events);
    const headers = c.get("headers");
    headers["ratelimit-policy"] = quotaPolicy;
    headers.ratelimit = `"bot";r=${remaining};t=${resetSeconds}`;
    return retryAfterSeconds === null ? null : problem(c, { kind: "quota-exceeded", retryAfterSeconds });
  }

  const invalid = (c: Context<Env>, { issues }: PayloadProblem) => problem(c, { kind: "invalid-event", issues });

  app.post("/:bot/events", async (c) => {
    const bot = c.req.param("bot");
    const body = await payload(c, bot);
    if (!body.ok) return problem(c, body.error);
    const over = overQuota(c, bot, Array.isArray(body.value) ? body.value.length : 1);
    if (over !== null) return over;
    const events = toItems(baton, body.value, { now: deps.now() });
    if (!events.ok) return invalid(c, events.error);
    const answers = await take(c, bot, baton, events.value);
    return json(c, Array.isArray(body.value) ? answers : answers[0]);
  });

  app.post("/:bot/webhooks/:source", async (c) => {
    const bot = c.req.param("bot");
    const body = await payload(c, bot);
    if (!body.ok) return problem(c, body.error);
    const source = sources.get(c.req.param("source"));
    if (source === undefined) return problem(c, { kind: "unknown-source", sources: [...sources.keys()] });
    const over = overQuota(c, bot, Array.isArray(body.value) ? body.value.length : 1);
    if (over !== null) return over;
    const events = toItems(source, body.value, { now: deps.now() });
    if (!events.ok) return invalid(c, events.error);
    const answers = await take(c, bot, source, events.value);
    if (answers.length > 1) return json(c, answers);
    return json(c, answers[0] ?? receive.answer(await receive.ignore(bot, source.name, contentId(body.value))));
  });

  app.post("/:bot/handoffs", async (c) => {
    const bot = c.req.param("bot");
    const body = await payload(c, bot);
    if (!body.ok) return problem(c, body.error);
    const over = overQuota(c, bot, 1);
    if (over !== null) return over;
    const key = c.req.header("idempotency-key")?.replace(/^"(.*)"$/, "$1");
    if (key !== undefined && !KEY.test(key)) {
      const message = "must be 1 to 255 printable ASCII characters without spaces";
      return invalid(c, { issues: [{ field: "Idempotency-Key", message }] });
    }
    // After a crash before the answer, the key alone must lead back to the first request.
    const id = key === undefined ? deps.newId() : `key-${createHash("sha256").update(key).digest("base64url")}`;
    const request = toHandoffRequest(body.value, { now: deps.now(), id });
    if (!request.ok) return invalid(c, request.error);

    const run = async (): Promise<Response> => {
      const received = await receive.receive(bot, baton.name, { event: request.value, hasOwnId: true });
      const answer = await settled(received, waitMs(c.req.header("prefer"), HANDOFF_WAIT_MS));
      return handedOver(c, bot, answer);
    };
    return key === undefined ? run() : keyed(c, bot, key, body.value, run);
  });

  function handedOver(c: Context<Env>, bot: string, answer: Answer): Response {
    // The id was that of another event, which asked for no handoff.
    if (answer.handoffId === null) return json(c, answer);
    const isRouted = answer.handoffState === "routed" || answer.handoffState === "assigned";
    const location = `/v1/bots/${encodeURIComponent(bot)}/handoffs/${answer.handoffId}`;
    return json(c, answer, isRouted ? 201 : 202, { location });
  }

  /** The first request with a key runs; the others get its answer, whatever has happened since. */
  async function keyed(c: Context<Env>, bot: string, key: string, body: unknown, run: () => Promise<Response>) {
    const fingerprint = createHash("sha256").update(contentId(body)).digest();
    const name = `${bot}\n${key}`;
    const known = record.read((tables) => tables.idempotency.find(bot, key, deps.now()));
    if (known !== null && !fingerprint.equals(known.fingerprint)) return problem(c, { kind: "key-reused" });
    if (inProgress.has(name)) return problem(c, { kind: "key-in-use" });
    if (known?.answer) {
      const answer = JSON.parse(known.answer) as Answer;
      c.get("headers")["idempotency-replayed"] = "true";
      return handedOver(c, bot, answer);
    }
    inProgress.add(name);
    try {
      await record.commit((tables) => tables.idempotency.add(bot, key, fingerprint, null, deps.now() + KEY_TTL_MS));
      const response = await run();
      const text = await response.clone().text();
      await record.commit((tables) => tables.idempotency.answered(bot, key, text));
      return response;
    } finally {
      inProgress.delete(name);
    }
  }

  app.get("/:bot/handoffs/:id", async (c) => {
    const bot = c.req.param("bot");
    const body = await authentic(c, bot);
    if (!body.ok) return problem(c, body.error);
    const ledger = record.read((tables) => tables.handoffs.ledger(c.req.param("id")));
    if (ledger === null || ledger.handoff.bot !== bot) return problem(c, { kind: "not-found" });
    return json(
      c,
      showLedger(
        ledger,
        record.read((tables) => attemptsOf(tables, ledger.handoff.id)),
      ),
    );
  });

  app.get("/:bot/sessions/:session", async (c) => {
    const bot = c.req.param("bot");
    const body = await authentic(c, bot);
    if (!body.ok) return problem(c, body.error);
    const shown = record.read((tables) => {
      const session = tables.sessions.find(bot, c.req.param("session"));
      return session === null ? null : showSession(session, tables.handoffs.lastOf(session.id));
    });
    return shown === null ? problem(c, { kind: "not-found" }) : json(c, shown);
  });

  return app;
}
