import { expect, it } from "vitest";
import { describeRefusal } from "../../../src/handoff/ledger/describe-refusal.ts";
import type { Refusal } from "../../../src/infobip/outcome.ts";

it.each<[Refusal, string]>([
  [{ reason: "unauthorized", status: 403 }, "answered 403: check the account's API key and its scope"],
  [{ reason: "invalid", status: 400, messageId: "BAD", text: "topic" }, "refused the request (400): topic"],
  [{ reason: "invalid", status: null, messageId: "BAD", text: "topic" }, "refused the request (not sent): topic"],
  [{ reason: "error-answer", text: "later" }, "answered ERROR: later"],
  [{ reason: "not-sent", code: "ENOTFOUND" }, "could not be reached (ENOTFOUND)"],
  [{ reason: "throttled", retryAfterMs: null }, "kept answering 429"],
  [{ reason: "closed" }, "refused the request: closed"],
  [{ reason: "unknown-tag" }, "refused the request: unknown-tag"],
  [{ reason: "tag-exists" }, "refused the request: tag-exists"],
  [{ reason: "unknown-id", id: null }, "refused the request: unknown-id"],
  [{ reason: "too-large" }, "refused the request: too-large"],
])("says to an operator why: %o", (refusal, text) => {
  expect(describeRefusal(refusal)).toContain(text);
});
