import { expect, it } from "vitest";
import { createWorld, SECRET } from "../support/world.ts";
import { createLimitedRecord, type TakenBack } from "./limited-record.ts";

const HEADERS = { authorization: `Bearer ${SECRET}`, prefer: "respond-async" };
const REQUEST = { session: "s1", reason: "stuck", transcript: [{ author: "customer", text: "Where is my order?" }] };
/** Enough for every quiet period and second look. */
const PATIENCE_MS = 180_000;
const STEP_MS = 10_000;

const WAYS = {
  event: { path: "events", headers: HEADERS, body: { id: "e1", type: "handoff.requested", ...REQUEST } },
  keyed: { path: "handoffs", headers: { ...HEADERS, "idempotency-key": "k1" }, body: REQUEST },
};

/** Turns of the event loop after which all work that waits for no clock has ended. */
const TURNS = 40;

/** Delivers one event, with its handoff, on a disk that fills up after `writes` writes and then has room again. */
async function onFullDisk(way: keyof typeof WAYS, takenBack: TakenBack, writes: number) {
  const limited = createLimitedRecord(takenBack);
  const world = createWorld(undefined, { record: limited.record });
  const deliver = async () => {
    const { path, headers, body } = WAYS[way];
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await world.request(`/v1/bots/shop-assistant/${path}`, init);
    const handoffId = response.ok ? ((await response.json()) as { handoffId: string }).handoffId : null;
    return { isTaken: response.ok, handoffId, isRecorded: handoffId !== null && world.handoff(handoffId) !== null };
  };

  // Work that cannot be recorded is recorded later, so this does not wait for rest.
  const pass = async (ms: number): Promise<void> => {
    world.move(ms);
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  };

  limited.takes(writes);
  const answers = [await deliver(), await deliver()];
  await pass(STEP_MS);
  answers.push(await deliver());
  const refused = limited.refused();
  limited.takes(Number.POSITIVE_INFINITY);
  answers.push(await deliver(), await deliver());
  for (let passed = 0; passed < PATIENCE_MS; passed += STEP_MS) await pass(STEP_MS);

  const open = world.conversations().filter(({ status }) => status !== "CLOSED");
  return {
    refused,
    isDeliveredAtLast: answers.slice(-2).every(({ isTaken }) => isTaken),
    falseAnswers: answers.filter(({ isTaken, isRecorded }) => isTaken && !isRecorded),
    handoffs: [...new Set(answers.flatMap(({ handoffId }) => handoffId ?? []))].map((id) => world.handoff(id)?.state),
    open: open.map(({ tags, notes, routes }) => ({ tags: [...tags].sort(), notes: notes.length, routes })),
  };
}

it.each([
  ["event", "statement"],
  ["event", "transaction"],
  ["keyed", "statement"],
  ["keyed", "transaction"],
] as const)(
  "takes nothing it cannot keep and does nothing twice, whichever write of it finds no room (%s, %s taken back)",
  async (way, takenBack) => {
    let writes = 0;
    for (; ; writes += 1) {
      const { refused, ...seen } = await onFullDisk(way, takenBack, writes);
      expect(seen, `no room after ${writes} writes`).toEqual({
        isDeliveredAtLast: true,
        falseAnswers: [],
        handoffs: ["routed"],
        open: [{ tags: ["bot_handoff", "customer_asked"], notes: 1, routes: 1 }],
      });
      if (refused === 0) break;
    }
    // A loop that ended at once would have shown nothing.
    expect(writes).toBeGreaterThan(20);
  },
);
