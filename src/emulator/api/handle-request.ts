import { connectionError, unlessAborted } from "../faults/connection.ts";
import { planOf } from "../faults/fault-plan.ts";
import type { FaultQueue } from "../faults/faults.ts";
import type { Api, OperationName } from "../settings/operations.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import { type Answer, jsonAnswer, type Refusal, refusalAnswer } from "../state/errors.ts";
import type { Store } from "../state/store.ts";
import { refusalFor } from "./authorize.ts";
import type { CallLog } from "./call-log.ts";
import type { Handler } from "./handler.ts";
import { parseJson, readText } from "./request-body.ts";
import { createThrottle } from "./throttle.ts";

export interface ExchangeDeps {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  store: Store;
  settings: EmulatorSettings;
  faults: FaultQueue;
  calls: CallLog;
}

interface Incoming {
  request: Request;
  api: Api;
  /** Null: the path is unknown. */
  operation: OperationName | null;
  handler: Handler;
  /** The status of a success. */
  success?: number | undefined;
  param: (name: string) => string;
}

interface Body {
  /** Null: the body is too large. */
  text: string | null;
  json: unknown;
}

/** Handles a request from arrival to answer, with the faults and delays meant for it. Its effect happens at one instant. */
export function createExchange({ now, sleep, random, store, settings, faults, calls }: ExchangeDeps) {
  const isWithinLimit = createThrottle({ now, settings });

  function latencyMs(): number {
    const latency = settings.latencyMs;
    return typeof latency === "number" ? latency : latency.min + random() * (latency.max - latency.min);
  }

  function perform(incoming: Incoming, query: URLSearchParams, body: Body): Answer {
    const { request, api, operation, handler, success = 200, param } = incoming;
    const refused = (refusal: Refusal): Answer => refusalAnswer(refusal, settings);
    const refusal = refusalFor(request.headers.get("authorization"), request.method, api, settings);
    if (refusal !== null) return refused(refusal);
    if (operation !== null && !isWithinLimit(operation)) return refused({ reason: "throttled" });
    if (body.text === null) return refused({ reason: "too-large" });
    const result = handler({ param, query, header: (name) => request.headers.get(name), body: body.json });
    return result.ok ? jsonAnswer(success, result.value) : refused(result.error);
  }

  return async (incoming: Incoming): Promise<Response> => {
    const { request, operation } = incoming;
    const at = now();
    const fault = faults.take(operation);
    const plan = planOf(fault, settings);
    const text = await readText(request, settings.maxBodyBytes);
    const body: Body = { text, json: text === null ? undefined : parseJson(text) };
    const url = new URL(request.url);
    const traceparent = request.headers.get("traceparent");

    const record = (answer: Answer | null, effect: boolean) =>
      calls.record(
        {
          at,
          ms: now() - at,
          operation,
          method: request.method,
          path: url.pathname + url.search,
          ...(traceparent !== null && { traceparent }),
          body: body.json ?? (text === "" ? null : text),
          status: answer?.status ?? null,
          answer: answer?.shown ?? null,
          effect,
          fault: fault?.kind ?? null,
        },
        (text?.length ?? 0) + (plan.answer === null ? (answer?.text.length ?? 0) : 0),
      );

    async function run(waitMs: number): Promise<Response> {
      if (waitMs > 0) await sleep(waitMs);
      const version = store.version();
      const own = plan.happens ? perform(incoming, url.searchParams, body) : null;
      const answer = plan.lost ? null : (plan.answer ?? own);
      const { requestId } = record(answer, store.version() !== version);
      if (plan.stallMs > 0) await sleep(plan.stallMs);
      if (answer === null) throw connectionError("ECONNRESET");
      const headers = { ...answer.headers, "x-request-id": requestId };
      return new Response(answer.text === "" ? null : answer.text, { status: answer.status, headers });
    }

    if (plan.refused) {
      record(null, false);
      throw connectionError("ECONNREFUSED");
    }
    const waitMs = latencyMs() + plan.waitMs;
    const work = run(waitMs);
    return waitMs + plan.stallMs > 0 ? unlessAborted(work, request.signal) : work;
  };
}
