/** Reads the payload of a bot's authenticated request. */
import type { Context } from "hono";
import { isBinaryMode, isUnreadFormat, readData } from "../../events/cloud-events/media-type.ts";
import type { Source } from "../../events/source.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { parseBody, parseFormBody, parsePastedBody } from "../body.ts";
import { decodeBody } from "../decode-body.ts";
import type { Problem } from "../problem.ts";
import { type Admitted, createAdmit } from "./admit.ts";
import type { Payload } from "./payload.ts";

export type ReadPayloadDeps = Pick<
  AppDeps,
  "authenticate" | "flows" | "tails" | "quota" | "isWithinQuota" | "refusals" | "readBody" | "log"
>;

/** Paths that a sample may post to. */
const TAILED = /\/(events|handoffs|webhooks\/[^/]+)$/;
const FORM = /^application\/x-www-form-urlencoded\b/i;

const unreadable = (detail: string): Result<never, Problem> => err({ kind: "unreadable-body", detail });

export function createReadPayload(deps: ReadPayloadDeps) {
  const { flows, isWithinQuota, log } = deps;
  /** Number of mended bodies since the start. */
  let mended = 0;
  const admit = createAdmit({
    surface: "bot",
    authenticate: deps.authenticate,
    isConfigured: (bot) => flows.has(bot),
    readBody: deps.readBody,
    refusals: deps.refusals,
  });

  /** Admits a request of the bot that it names, before its body is parsed. */
  async function admitBot(c: Context<Env>, bot: string): Promise<Result<Admitted, Problem>> {
    const admitted = await admit(c, bot);
    if (!admitted.ok || isWithinQuota === undefined || (await isWithinQuota(bot))) return admitted;
    return err({ kind: "quota-exceeded", retryAfterSeconds: deps.quota.policy.seconds });
  }

  /** Each body of a flow is a customer: a mended one is counted, an unreadable one is an alert. */
  function pastedBody(c: Context<Env>, bot: string, source: Source, bytes: Uint8Array): Result<unknown, string> {
    const form = FORM.test(c.req.header("content-type") ?? "") ? parseFormBody(bytes) : undefined;
    if (form !== undefined) return ok(form);
    const parsed = parsePastedBody(bytes, source.limits?.depth);
    const about = { bot, source: source.name, requestId: c.get("requestId") };
    if (!parsed.ok) {
      log.error({ ...about, reason: parsed.error }, "a body of a flow cannot be read: a customer was not handed over");
      return parsed;
    }
    if (parsed.value.isMended) {
      mended += 1;
      log.info({ ...about, count: mended }, "a body of a flow is no JSON and was mended: turn on its escaping");
    }
    return ok(parsed.value.value);
  }

  const bodyOf = (c: Context<Env>, bot: string, source: Source | undefined, bytes: Uint8Array) =>
    source?.isPasted ? pastedBody(c, bot, source, bytes) : parseBody(bytes, source?.limits?.depth);

  /** Keeps the post until it is answered, while an operator watches. */
  function note(c: Context<Env>, bot: string, parsed: Result<unknown, string>, bytes: Uint8Array): void {
    const [, to] = TAILED.exec(c.req.path) ?? [];
    if (to === undefined || !deps.tails?.isWatched()) return;
    const body = parsed.ok ? { value: parsed.value } : { text: Buffer.from(bytes).toString("utf8") };
    c.set("received", { bot, to, headers: c.req.raw.headers, body });
  }

  return {
    admitBot,
    /** Reads the payload in its source's format. `events`: our own schema, or CloudEvents. */
    async readPayload(c: Context<Env>, bot: string, source?: Source | "events"): Promise<Result<Payload, Problem>> {
      const admitted = await admitBot(c, bot);
      if (!admitted.ok) return admitted;
      const { headers } = c.req.raw;
      if (source === "events" && isUnreadFormat(headers)) return err({ kind: "unknown-format" });
      const { body, deliveryId } = admitted.value;
      const decoded = await decodeBody(body, c.req.header("content-encoding"), c.get("maxBodyBytes"));
      if (!decoded.ok) return decoded;
      const { byteLength: bytes } = decoded.value;
      if (source === "events" && isBinaryMode(headers)) {
        const data = readData(decoded.value, headers.get("content-type"), parseBody);
        note(c, bot, data, decoded.value);
        return data.ok ? ok({ value: data.value, bytes, deliveryId }) : unreadable(data.error);
      }
      const parsed = bodyOf(c, bot, source === "events" ? undefined : source, decoded.value);
      note(c, bot, parsed, decoded.value);
      if (!parsed.ok) return unreadable(parsed.error);
      return ok({ value: parsed.value, bytes, deliveryId });
    },
  };
}
