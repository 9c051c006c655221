import type { EmulatorSettings } from "../settings/settings.ts";
import { type Answer, errorAnswer, jsonAnswer, standardError } from "../state/errors.ts";
import type { Fault } from "./faults.ts";

/** Plan for a call: its delay, its effect and its answer. */
export interface Plan {
  /** The request never arrives. */
  refused: boolean;
  waitMs: number;
  /** The operation takes place. */
  happens: boolean;
  /** Milliseconds between the effect and the answer. */
  stallMs: number;
  /** Replaces the operation's own answer. */
  answer: Answer | null;
  /** The connection breaks instead of an answer. */
  lost: boolean;
}

const UNDISTURBED: Plan = { refused: false, waitMs: 0, happens: true, stallMs: 0, answer: null, lost: false };

/** Statuses that a proxy gives before it reaches the platform. */
const FROM_PROXY: Record<number, string> = {
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

const JSON_TYPE = { "content-type": "application/json" };
const HTML_TYPE = { "content-type": "text/html" };

const rawAnswer = (status: number, text: string, headers: Record<string, string>, shown: unknown = text): Answer => ({
  status,
  text,
  headers,
  shown,
});

function statusAnswer(fault: Extract<Fault, { kind: "status" }>, settings: EmulatorSettings): Answer {
  const { status, retryAfter, messageId, text } = fault;
  const title = FROM_PROXY[status];
  const page = `<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`;
  const said = { ...standardError(status), ...(messageId && { messageId }), ...(text && { text }) };
  const answer = title === undefined ? errorAnswer(said, settings) : rawAnswer(status, page, HTML_TYPE);
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, "retry-after": retryAfter } };
}

export function planOf(fault: Fault | null, settings: EmulatorSettings): Plan {
  if (fault === null) return UNDISTURBED;
  const isBefore = fault.when === "before";
  const answered = (answer: Answer): Plan => ({ ...UNDISTURBED, happens: !isBefore, answer });

  switch (fault.kind) {
    case "status":
      return answered(statusAnswer(fault, settings));
    case "error-answer":
      return answered(jsonAnswer(200, { statusCode: "ERROR", message: fault.text }));
    case "malformed":
      return answered(rawAnswer(200, '{"id":"', JSON_TYPE));
    case "wrong-shape":
      return answered(jsonAnswer(200, { id: 7, conversations: "none", status: ["unexpected"] }));
    case "empty":
      return answered(jsonAnswer(200, undefined));
    case "huge":
      return answered(rawAnswer(200, `{"padding":"${"x".repeat(fault.bytes)}"}`, JSON_TYPE, `${fault.bytes} bytes`));
    case "redirect":
      return answered(rawAnswer(302, "", { location: fault.location }));
    case "reset":
      return { ...UNDISTURBED, happens: !isBefore, lost: true };
    case "refuse":
      return { ...UNDISTURBED, happens: false, refused: true };
    case "late":
      return { ...UNDISTURBED, [isBefore ? "waitMs" : "stallMs"]: fault.delayMs };
  }
}
