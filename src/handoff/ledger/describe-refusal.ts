import type { Refusal } from "../../infobip/outcome.ts";

/** Reason for parking a handoff, in words for an operator. It may quote the platform: for the record, never for a log. */
export const describeRefusal = (refusal: Refusal): string => {
  switch (refusal.reason) {
    case "unauthorized":
      return `the platform answered ${refusal.status}: check the account's API key and its scope conversations:manage`;
    case "invalid":
      return `the platform refused the request (${refusal.status ?? "not sent"}): ${refusal.text}`;
    case "error-answer":
      return `the platform answered ERROR: ${refusal.text}`;
    case "not-sent":
      return `the platform could not be reached (${refusal.code}): check the account's base URL and the network`;
    case "throttled":
      return "the platform kept answering 429 (too many requests)";
    case "closed":
    case "unknown-tag":
    case "tag-exists":
    case "unknown-id":
    case "too-large":
      return `the platform refused the request: ${refusal.reason}`;
  }
};
