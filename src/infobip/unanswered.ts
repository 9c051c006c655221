import type { Outcome, Refusal } from "./outcome.ts";

function refusalInWords(refusal: Refusal): string {
  switch (refusal.reason) {
    case "not-sent":
      return `it could not be reached (${refusal.code})`;
    case "unauthorized":
      return `it refused the API key (${refusal.status})`;
    case "throttled":
      return "it asks for a pause (429)";
    case "unknown-id":
      return "it knows no such id";
    case "error-answer":
    case "invalid":
      return `it answered: ${refusal.text}`;
    case "closed":
    case "unknown-tag":
    case "tag-exists":
    case "too-large":
      return `it answered: ${refusal.reason}`;
  }
}

/** Reason why the platform gave no answer. Completes "could not be read: ...". */
export function unanswered(outcome: Exclude<Outcome<unknown>, { kind: "ok" }>): string {
  if (outcome.kind === "refused") return refusalInWords(outcome.refusal);
  const status = outcome.call.status === null ? "" : ` (${outcome.call.status})`;
  switch (outcome.why) {
    case "timeout":
      return "no answer came in time";
    case "connection-lost":
      return "the connection was lost";
    case "server-error":
    case "unexpected-status":
      return `it failed${status}`;
    case "unreadable":
      return `its answer was not understood: ${outcome.detail ?? "it has another shape"}`;
  }
}
