import { describe, expect, it } from "vitest";
import { attemptOf, canWait, reportEnd } from "../../../src/handoff/ledger/attempt-end.ts";
import type { Run, StepOutcome } from "../../../src/handoff/ledger/step-attempt.ts";
import { escalation } from "../../escalation/given.ts";
import { NOW, planned, seen, stepOf } from "./given.ts";

const call = { status: 200, requestId: "req", ms: 5 };
const plain: StepOutcome = { kind: "done", result: { kind: "plain" }, call };
const ledger = planned({ escalation: escalation({ tags: ["vip"] }) });
const runOf = (name: string, more: Partial<Run> = {}): Run => ({
  step: { ...stepOf(ledger, name), state: "sent", fence: 2, nextAt: NOW - 5 },
  ...{ conversationId: "c1", mayHaveHappened: false, isLookupOnly: false, isStale: false },
  ...more,
});
const ends: [StepOutcome, string, string | null][] = [
  [plain, "ok", null],
  [{ kind: "human", seen: seen(), call }, "ok", "human"],
  [{ kind: "over", call }, "ok", "over"],
  [{ kind: "refused", refusal: { reason: "closed" }, call }, "refused", "closed"],
  [{ kind: "no-queue", queue: "Returns", call }, "refused", "unknown-queue"],
  [{ kind: "unknown", why: "timeout", call: null }, "unknown", "timeout"],
];

it.each(ends)("records the end of an attempt: %o", (outcome, shown, code) => {
  const answered = outcome.call === null ? { status: null, requestId: null } : { status: 200, requestId: "req" };
  expect(attemptOf({ run: runOf("route"), outcome, at: NOW })).toEqual({
    ...{ position: stepOf(ledger, "route").position, fence: 2, sentAt: NOW - 5, endedAt: NOW },
    ...{ outcome: shown, code, ...answered },
  });
});

it.each(ends)("counts and logs it: %o", (outcome, shown) => {
  const counted: unknown[] = [];
  const lines: [string, object][] = [];
  const line = (level: string) => (fields: object) => void lines.push([level, fields]);
  const log = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  const meter = { count: (name: string, labels: object) => void counted.push([name, labels]) };
  const run = runOf("route", { mayHaveHappened: shown === "unknown" });
  reportEnd({ log, meter } as never, ledger.handoff, run, outcome);
  const labels = { account: "default", kind: "route", outcome: shown };
  expect(counted).toEqual(["steps", ...(shown === "unknown" ? ["reconciliations"] : [])].map((name) => [name, labels]));
  expect(lines).toMatchObject([[shown === "ok" ? "debug" : "warn", { handoff: "h1", step: "route", outcome: shown }]]);
});

describe("canWait", () => {
  it.each([
    ["a tag that is done", "tag:vip", plain, true],
    ["a tag that is refused", "tag:vip", { kind: "refused", refusal: { reason: "closed" }, call }, false],
    ["words that the agent sees", "note", { kind: "done", result: { kind: "on-channel" }, call }, false],
    ["a route", "route", plain, false],
  ] as const)("lets the end of %s be written with later ones: %s", (_, name, outcome, isLater) => {
    expect(canWait(ledger, runOf(name), outcome)).toBe(isLater);
  });
});
