/** The network between the service and the platform, and a record of its requests. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Clock } from "./clock.ts";
import type { Instance } from "./instance.ts";

export interface Exchange {
  sentAt: number;
  instance: Instance;
  method: string;
  /** Path below `/ccaas/1/`, without the query: `conversations/ID/tags`. */
  path: readonly string[];
  conversationId: string | null;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Time at which the answer, or an error, reached the service; null: neither did, or the service was dead. */
  deliveredAt: number | null;
  status: number | null;
  /** Parsed, if it is JSON. */
  answer: unknown;
  error: string | null;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error && "code" in error.cause
    ? String(error.cause.code)
    : "gave up waiting";

interface NetworkDeps {
  emulator: Pick<Emulator, "fetch">;
  clock: Clock;
  /** Called as a request leaves, before it can have an effect. */
  onRequest: (exchange: Exchange) => void;
  onAnswer: (exchange: Exchange) => void;
}

export function createNetwork({ emulator, clock, onRequest, onAnswer }: NetworkDeps) {
  return async (instance: Instance, request: Request): Promise<Response> => {
    const text = await request.text();
    // The service died before it left.
    if (instance.isDead()) return new Promise(() => undefined);
    // It stood still, and gave up before it left.
    request.signal.throwIfAborted();
    const url = new URL(request.url);
    const path = url.pathname.split("/").slice(3).map(decodeURIComponent);
    const exchange: Exchange = {
      sentAt: clock.now(),
      instance,
      method: request.method,
      path,
      conversationId: path[0] === "conversations" ? (path[1] ?? null) : null,
      query: url.searchParams,
      body: text === "" ? {} : (parse(text) as Record<string, unknown>),
      deliveredAt: null,
      status: null,
      answer: null,
      error: null,
    };
    onRequest(exchange);
    const { method, headers, signal } = request;
    const deliver = (): void => {
      if (instance.isDead()) return;
      exchange.deliveredAt = clock.now();
      onAnswer(exchange);
    };
    try {
      const response = await emulator.fetch(
        new Request(request.url, { method, headers, signal, ...(text !== "" && { body: text }) }),
      );
      const answer = await response.text();
      exchange.status = response.status;
      exchange.answer = parse(answer);
      deliver();
      return new Response(answer === "" ? null : answer, { status: response.status, headers: response.headers });
    } catch (error) {
      exchange.error = codeOf(error);
      deliver();
      throw error;
    }
  };
}
