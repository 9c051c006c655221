import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Item, parseBatch } from "../events/batch.ts";
import { readCloudEvents } from "../events/cloud-events/read-cloud-events.ts";
import { contentId } from "../events/content-id.ts";
import { withDeliveryId, withDeliveryIds } from "../events/delivery-id.ts";
import { firstFound, sessionNamesOf } from "../events/reading/session-name.ts";
import type { PayloadProblem, Source } from "../events/source.ts";
import { toSourceAnswer } from "../events/source-answer.ts";
import { baton, toHandoffRequest } from "../events/sources/baton.ts";
import type { Answer } from "../handoff/use-cases/event-answer.ts";
import { keyedEventId } from "../handoff/use-cases/repeats/dedupe-key.ts";
import { sha256 } from "../sha256.ts";
import { createBotMiddleware } from "./access/bot-middleware.ts";
import type { ReadPayloadDeps } from "./access/read-payload.ts";
import { createTakeTraced } from "./access/take-traced.ts";
import { type Env, json } from "./answer.ts";
import type { AppDeps } from "./app-deps.ts";
import { createBotTools } from "./mcp.ts";
import { readPrefer } from "./prefer.ts";
import { problem, problemOfEvent } from "./problem.ts";
import { showLedger } from "./views/handoff-view.ts";
import { showSession } from "./views/session-view.ts";

/** An event that opens a handoff is answered once that is routed, at the latest after this. */
const EVENT_WAIT_MS = 3_000;
const HANDOFF_WAIT_MS = 8_000;
export const sessionQuerySchema = z.object({ session: z.union([z.string().trim().min(1), z.number()]) });
const KEY = /^[\x21-\x7e]{1,255}$/;

type BotsDeps = ReadPayloadDeps &
  Pick<AppDeps, "core" | "now" | "newId" | "serveMcp" | "spans"> & { sources: NonNullable<AppDeps["sources"]> };

/** Routes for bots; each authenticates the bot in its URL. */
export function botRoutes(deps: BotsDeps): Hono<Env> {
  const { core, sources } = deps;
  const app = new Hono<Env>();
  const takeTraced = createTakeTraced(deps);
  const { authenticateBot, readBody, takeQuota } = createBotMiddleware(deps);
  const readJson = readBody(() => undefined);
  const takeOne = takeQuota(() => 1);

  /** Longest wait of the answer for the route. A caller that named one gets it confirmed. */
  function preferredWaitMs(c: Context<Env>, otherwise: number): number {
    const { waitMs, applied } = readPrefer(c.req.header("prefer"), otherwise);
    if (applied !== "") c.get("headers")["preference-applied"] = applied;
    return waitMs;
  }

  /** Takes the valid events of a payload, and answers each in its order. */
  async function take(c: Context<Env>, bot: string, source: Source, items: readonly Item[]) {
    const wait = preferredWaitMs(c, EVENT_WAIT_MS);
    const events = items.flatMap((item) => (item.ok ? [item.value] : []));
    const taken = await takeTraced(c, bot, source.name, events, wait);
    const answers = taken.values();
    return items.flatMap((item) => (item.ok ? (answers.next().value ?? []) : problemOfEvent(item.error.issues)));
  }

  const invalid = (c: Context<Env>, { issues }: PayloadProblem) => problem(c, { kind: "invalid-event", issues });

  const partsSent = (c: Context<Env>): number => {
    const { value } = c.get("payload");
    return Array.isArray(value) ? value.length : 1;
  };
  const readEvents = readBody(() => "events");
  app.post("/:bot/events", readEvents, takeQuota(partsSent), async (c) => {
    const bot = c.req.param("bot");
    const { value: received, deliveryId } = c.get("payload");
    const read = readCloudEvents(received, c.req.raw.headers);
    if (!read.ok) return invalid(c, read.error);
    const sent = read.value;
    const events = parseBatch(baton, sent, { now: deps.now() });
    if (!events.ok) return invalid(c, events.error);
    const answers = await take(c, bot, baton, withDeliveryIds(events.value, deliveryId));
    return json(c, Array.isArray(sent) ? answers : answers[0]);
  });

  const readOfSource = readBody((c) => c.get("source"));
  const takeParts = takeQuota((c) => {
    const source = c.get("source");
    return source === undefined ? null : (source.partsOf(c.get("payload").value)?.length ?? 1);
  });
  app.post("/:bot/webhooks/:source", readOfSource, takeParts, async (c) => {
    const bot = c.req.param("bot");
    const source = c.get("source");
    if (source === undefined) return problem(c, { kind: "unknown-source", sources: [...sources.keys()] });
    const { value: sent, deliveryId } = c.get("payload");
    const events = parseBatch(source, sent, { now: deps.now(), headers: c.req.raw.headers });
    if (!events.ok) return invalid(c, events.error);
    const answers = await take(c, bot, source, withDeliveryIds(events.value, deliveryId));
    if (answers.length > 0) return json(c, toSourceAnswer(source, sent, answers));
    const ignored = await core.ignore(bot, source.name, contentId(sent));
    return json(c, toSourceAnswer(source, sent, source.answer === undefined ? [ignored] : []));
  });

  app.post("/:bot/mcp", readJson, takeOne, async (c) => {
    const bot = c.req.param("bot");
    const { value: sent } = c.get("payload");
    const waitMs = preferredWaitMs(c, HANDOFF_WAIT_MS);
    const tools = createBotTools({
      session: core.session,
      take: async (events) => takeTraced(c, bot, baton.name, events, waitMs),
      now: deps.now,
      bot,
    });
    const answer = await deps.serveMcp(c.req.raw, sent, tools);
    const headers = { ...Object.fromEntries(answer.headers), ...c.get("headers") };
    return new Response(answer.body, { status: answer.status, headers });
  });

  app.post("/:bot/handoffs", readJson, takeOne, async (c) => {
    const bot = c.req.param("bot");
    const { value: sent, deliveryId } = c.get("payload");
    const key = c.req.header("idempotency-key")?.replace(/^"(.*)"$/, "$1");
    if (key !== undefined && !KEY.test(key)) {
      const message = "must be 1 to 255 printable ASCII characters without spaces";
      return invalid(c, { issues: [{ field: "Idempotency-Key", message }] });
    }
    // The key alone must lead back to the first request after a crash before the answer.
    const id = key === undefined ? undefined : keyedEventId(key);
    const request = toHandoffRequest(sent, { now: deps.now(), id });
    if (!request.ok) return invalid(c, request.error);
    const asked = withDeliveryId(request.value, deliveryId);

    const run = async (): Promise<Answer> => {
      const [answer] = await takeTraced(c, bot, baton.name, [asked], preferredWaitMs(c, HANDOFF_WAIT_MS));
      if (answer === undefined) throw new Error("an event has an answer");
      return answer;
    };
    return key === undefined ? handoffResponse(c, bot, await run()) : keyed(c, bot, key, sent, run);
  });

  function handoffResponse(c: Context<Env>, bot: string, answer: Answer): Response {
    // The id was that of another event, which requested no handoff.
    if (answer.handoffId === null) return json(c, answer);
    const isRouted = answer.handoffState === "routed" || answer.handoffState === "assigned";
    const location = `/v1/bots/${encodeURIComponent(bot)}/handoffs/${answer.handoffId}`;
    return json(c, answer, isRouted ? 201 : 202, { location });
  }

  /** Runs the first request with a key. The others get its answer, whatever has happened since. */
  async function keyed(c: Context<Env>, bot: string, key: string, body: unknown, run: () => Promise<Answer>) {
    const fingerprint = sha256(contentId(body));
    const claim = await core.claimKey(bot, key, fingerprint);
    switch (claim.kind) {
      case "reused":
        return problem(c, { kind: "key-reused" });
      case "in-use":
        return problem(c, { kind: "key-in-use" });
      case "answered":
        c.get("headers")["idempotency-replayed"] = "true";
        c.get("meter").count("duplicates", { of: "request" });
        return handoffResponse(c, bot, claim.answer);
      case "first": {
        let ran: Answer | null = null;
        let kept: Answer | null = null;
        try {
          ran = await run();
        } finally {
          kept = await core.endKey(bot, key, ran);
        }
        return handoffResponse(c, bot, kept ?? ran);
      }
    }
  }

  app.get("/:bot/handoffs/:id", authenticateBot, async (c) => {
    const ledger = await core.handoff(c.req.param("id"));
    return ledger === null || ledger.handoff.bot !== c.req.param("bot")
      ? problem(c, { kind: "not-found" })
      : json(c, showLedger(ledger));
  });

  async function showNamed(c: Context<Env>, bot: string, session: string): Promise<Response> {
    const view = await firstFound(sessionNamesOf(session), (name) => core.session(bot, name));
    return view === null ? problem(c, { kind: "not-found" }) : json(c, showSession(view));
  }

  app.get("/:bot/sessions/:session", authenticateBot, (c) => showNamed(c, c.req.param("bot"), c.req.param("session")));

  // The same query without the session in the URL, since proxies keep URLs. Its body can be signed.
  app.post("/:bot/sessions/query", readJson, async (c) => {
    const { data } = sessionQuerySchema.safeParse(c.get("payload").value);
    if (data !== undefined) return showNamed(c, c.req.param("bot"), String(data.session));
    return invalid(c, { issues: [{ field: "session", message: "must name the session" }] });
  });

  return app;
}
