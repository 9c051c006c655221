/**
 * Middleware of bots' routes. The order is fixed: a request is authenticated over its raw bytes, then its body is parsed, then its
 * events count against the bot's quota.
 */
import type { Context, MiddlewareHandler } from "hono";
import type { Source } from "../../events/source.ts";
import type { Env } from "../answer.ts";
import { problem } from "../problem.ts";
import { createReadPayload, type ReadPayloadDeps } from "./read-payload.ts";

/** The bot in the URL of a request. */
const botOf = (c: Context<Env>): string => c.req.param("bot") ?? "";

export function createBotMiddleware(deps: ReadPayloadDeps) {
  const { policy } = deps.quota;
  const quotaPolicy = `"bot";q=${policy.events};w=${policy.seconds}`;
  const { admitBot, readPayload } = createReadPayload(deps);

  return {
    /** Admits the bot in the URL. */
    authenticateBot: (async (c, next) => {
      const admitted = await admitBot(c, botOf(c));
      if (!admitted.ok) return problem(c, admitted.error);
      return next();
    }) satisfies MiddlewareHandler<Env>,

    /** Admits the bot in the URL, and reads the payload in the format of its source. */
    readBody:
      (sourceOf: (c: Context<Env>) => Source | "events" | undefined): MiddlewareHandler<Env> =>
      async (c, next) => {
        const payload = await readPayload(c, botOf(c), sourceOf(c));
        if (!payload.ok) return problem(c, payload.error);
        c.set("payload", payload.value);
        return next();
      },

    /** Counts events against the bot's quota, and reports the rest in headers. Null: the request counts for nothing. */
    takeQuota:
      (eventsOf: (c: Context<Env>) => number | null): MiddlewareHandler<Env> =>
      async (c, next) => {
        const bot = botOf(c);
        const events = eventsOf(c);
        if (events === null) return next();
        const { remaining, retryAfterSeconds } = deps.quota.take(bot, events, c.get("payload").bytes);
        const resetSeconds = Math.ceil(((policy.events - remaining) * policy.seconds) / policy.events);
        const headers = c.get("headers");
        headers["ratelimit-policy"] = quotaPolicy;
        headers.ratelimit = `"bot";r=${remaining};t=${resetSeconds}`;
        if (retryAfterSeconds === null) return next();
        c.get("meter").count("quotaRefusals", { bot });
        return problem(c, { kind: "quota-exceeded", retryAfterSeconds });
      },
  };
}
