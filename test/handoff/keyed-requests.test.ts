import { expect, it } from "vitest";
import type { Answer } from "../../src/handoff/use-cases/event-answer.ts";
import { createKeyedRequests } from "../../src/handoff/use-cases/repeats/idempotency.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";

const answer: Answer = {
  outcome: "accepted",
  control: "queue",
  handoffId: "01A",
  handoffState: "routed",
  reason: "asked",
  conversationId: "c1",
  message: null,
};
const body = new Uint8Array([1, 2, 3]);

function createKeys() {
  const clock = { at: 1_000_000 };
  const keys = createKeyedRequests({ record: createSqliteRecord(":memory:"), now: () => clock.at });
  return { clock, keys };
}

it("gives a key to one, and its answer to the others, unless they bring another body", async () => {
  const { keys } = createKeys();
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "in-use" });
  expect(keys.claim("other", "k", body)).toEqual({ kind: "first" });
  await keys.end("bot", "k", answer);
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "answered", answer });
  expect(keys.claim("bot", "k", new Uint8Array([9]))).toEqual({ kind: "reused" });
});

it("gives it to the next when the first came to no answer, or is not heard of any more", async () => {
  const { keys, clock } = createKeys();
  keys.claim("bot", "k", body);
  await keys.end("bot", "k", null);
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
  clock.at += 59_999;
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "in-use" });
  clock.at += 1;
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
});

it("answers alike when the first took so long that another ran beside it", async () => {
  const { keys, clock } = createKeys();
  keys.claim("bot", "k", body);
  clock.at += 60_000;
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
  const late: Answer = { ...answer, outcome: "duplicate" };
  expect(await keys.end("bot", "k", answer)).toEqual(answer);
  expect(await keys.end("bot", "k", late)).toEqual(answer);
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "answered", answer });
});

it("fails the request whose key could not be kept, and lets the next one try", async () => {
  const record = createSqliteRecord(":memory:");
  let isFull = true;
  const keys = createKeyedRequests({
    record: {
      read: record.read,
      commit: (work) => (isFull ? Promise.reject(new Error("disk full")) : record.commit(work)),
    },
    now: () => 1_000_000,
  });
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
  isFull = false;
  await expect(keys.end("bot", "k", answer)).rejects.toThrow("disk full");
  expect(keys.claim("bot", "k", body)).toEqual({ kind: "first" });
  expect(await keys.end("bot", "k", answer)).toEqual(answer);
});
