/** A client for bots, over fetch and Web Crypto: for Node, Deno, browsers and Workers. */
import type { Answer, Callback, Event, EventProblem, HandoffRequest, Problem, Session } from "./api.ts";

export type * from "./api.ts";

export interface BatonClientOptions {
  /** URL of Baton, such as `https://baton.example.com`. */
  url: string;
  bot: string;
  /** One of the bot's secrets. */
  secret: string;
  /** Longest time of a call with its repetitions, in milliseconds. Default: 30 s. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
}

export interface WaitOptions {
  /** Longest wait for the route, in seconds; 0 does not wait. Baton's own limit is 25 s. */
  waitSeconds?: number;
}

export interface HandoffOptions extends WaitOptions {
  /** A repeated key gets the answer to the first request. Default: each call has a key of its own. */
  idempotencyKey?: string;
}

/** A callback as your server received it. The body must be the bytes on the wire. */
export interface ReceivedCallback {
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  body: string | Uint8Array<ArrayBuffer>;
}

/** Baton refused a request, or a proxy on the way did: `problem` is null then. */
export class BatonProblem extends Error {
  override readonly name = "BatonProblem";
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem === null ? `The answer was ${status}` : [problem.title, problem.detail].filter(Boolean).join(": "));
    this.status = status;
    this.problem = problem;
  }
}

const TRIES = 3;
const PAUSE_MS = 300;
const PAUSE_MAX_MS = 10_000;
/** Standard Webhooks recommends it. */
const TOLERANCE_SECONDS = 300;
const encoder = new TextEncoder();
/** Runtimes declare the encoder's bytes in different ways. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(encoder.encode(text));

const isRepeatable = (status: number): boolean => [409, 429, 502, 503, 504].includes(status);
const withId = (event: Event): Event => (event.id == null ? { ...event, id: crypto.randomUUID() } : event);
const preferring = ({ waitSeconds }: WaitOptions): Record<string, string> =>
  waitSeconds === undefined ? {} : { prefer: waitSeconds > 0 ? `wait=${Math.ceil(waitSeconds)}` : "respond-async" };

function pauseBefore(next: number, retryAfter: string | null): Promise<void> {
  const asked = Number(retryAfter ?? Number.NaN) * 1_000;
  const ms = Number.isFinite(asked) ? Math.min(asked, PAUSE_MAX_MS) : PAUSE_MS * 2 ** next;
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const toProblem = (body: unknown): Problem | null =>
  typeof body === "object" && body !== null && "type" in body && "title" in body ? (body as Problem) : null;

function headerOf({ headers }: ReceivedCallback, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === "string" ? value : (value?.[0] ?? "");
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith("whsec_")) return bytesOf(secret);
  return Uint8Array.from(atob(secret.slice("whsec_".length)), (character) => character.charCodeAt(0));
}

async function isSigned(received: ReceivedCallback, body: Uint8Array<ArrayBuffer>, secret: string): Promise<boolean> {
  const [id, timestamp] = [headerOf(received, "webhook-id"), headerOf(received, "webhook-timestamp")];
  if (id === "" || !(Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const before = bytesOf(`${id}.${timestamp}.`);
  const signed = new Uint8Array(before.length + body.length);
  signed.set(before);
  signed.set(body, before.length);
  const key = await crypto.subtle.importKey("raw", keyOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const signature of headerOf(received, "webhook-signature").split(" ").slice(0, 20)) {
    if (!/^v1,[A-Za-z0-9+/]{43}=$/.test(signature)) continue;
    const bytes = Uint8Array.from(atob(signature.slice("v1,".length)), (character) => character.charCodeAt(0));
    if (await crypto.subtle.verify("HMAC", key, bytes, signed)) return true;
  }
  return false;
}

export function createBatonClient(options: BatonClientOptions) {
  const { url, bot, secret, timeoutMs = 30_000, fetch: ask = globalThis.fetch } = options;
  const base = `${url.replace(/\/+$/, "")}/v1/bots/${encodeURIComponent(bot)}`;

  /** Every request may be repeated: Baton recognises a repeated event, and a request with a key. */
  async function post(path: string, body: unknown, more: Record<string, string> = {}): Promise<unknown> {
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", ...more };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(timeoutMs) };
    for (let tries = 1; ; tries += 1) {
      const response = await ask.call(globalThis, `${base}${path}`, init).catch((error: unknown) => {
        if (tries === TRIES || init.signal.aborted) throw error;
        return null;
      });
      const answer = response === null ? null : parseJson(await response.text());
      if (response?.ok) return answer;
      const isLast = tries === TRIES || (response !== null && !isRepeatable(response.status));
      if (response !== null && isLast) throw new BatonProblem(response.status, toProblem(answer));
      await pauseBefore(tries, response?.headers.get("retry-after") ?? null);
    }
  }

  /** Reports an event, or up to 100 of them. The answers to several are in their order. */
  async function send(event: Event, options?: WaitOptions): Promise<Answer>;
  async function send(events: readonly Event[], options?: WaitOptions): Promise<(Answer | EventProblem)[]>;
  async function send(given: Event | readonly Event[], options: WaitOptions = {}): Promise<unknown> {
    const events = "type" in given ? withId(given) : given.map(withId);
    return post("/events", events, preferring(options));
  }

  return {
    send,

    /** Requests a handoff now. */
    async handoff(request: HandoffRequest, options: HandoffOptions = {}): Promise<Answer> {
      const { idempotencyKey = crypto.randomUUID() } = options;
      const headers = { "idempotency-key": idempotencyKey, ...preferring(options) };
      return (await post("/handoffs", request, headers)) as Answer;
    },

    /** Returns the session. The bot stays silent while `control` is not `bot`. Null: Baton never saw the session. */
    async session(name: string): Promise<Session | null> {
      try {
        return (await post("/sessions/query", { session: name })) as Session;
      } catch (error) {
        if (error instanceof BatonProblem && error.problem !== null && error.status === 404) return null;
        throw error;
      }
    },

    /** Reads a callback that Baton sent. Null: the bot's secret did not sign it, or it is older than five minutes. */
    async verifyCallback(received: Request | ReceivedCallback): Promise<Callback | null> {
      const callback =
        received instanceof Request
          ? { headers: received.headers, body: new Uint8Array(await received.arrayBuffer()) }
          : received;
      const body = typeof callback.body === "string" ? bytesOf(callback.body) : callback.body;
      if (!(await isSigned(callback, body, secret))) return null;
      return JSON.parse(new TextDecoder().decode(body)) as Callback;
    },
  };
}

export type BatonClient = ReturnType<typeof createBatonClient>;
