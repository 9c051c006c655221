import { expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { fc } from "../fuzz/fast-check.ts";
import { createWorld, SECRET } from "../support/world.ts";

const BOT = "shop-assistant";
const flow = (when: "solved" | "closed") =>
  defineFlow({
    name: "circle",
    bots: [BOT],
    conversation: { topic: "Chat {{session}}" },
    tags: ["bot_handoff"],
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    handBack: { when, removeTags: ["bot_handoff"] },
  });

/** Changes at the platform after the route, some in the same moment. */
const happening = fc.record({
  type: fc.constantFrom(
    "CONVERSATION_ASSIGNMENT_UPDATED",
    "CONVERSATION_ASSIGNMENT_UPDATED",
    "CONVERSATION_STATUS_UPDATED",
    "CONVERSATION_STATUS_UPDATED",
    "CONVERSATION_QUEUE_UPDATED",
    "CONVERSATION_TAG_ADDED",
    "CONVERSATION_DELETED",
    "INBOUND_MESSAGE",
    "OUTBOUND_MESSAGE",
    "SOMETHING_NEW",
  ),
  seconds: fc.integer({ min: -3, max: 12 }),
  assignee: fc.constantFrom(
    null,
    { id: "agent-1", name: "Ana", role: "AGENT" },
    { id: "agent-2", name: "Ivo", role: "SUPERVISOR" },
    { id: "bot-1", name: "Bot", role: "BOT" },
  ),
  status: fc.constantFrom("OPEN", "WAITING", "SOLVED", "SOLVED", "CLOSED"),
  queue: fc.constantFrom(null, "q-1", "q-2"),
  number: fc.integer({ min: 1, max: 3 }),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** All pushed changes have happened by then. */
const LATER_MS = 20_000;
const BETWEEN_MS = 100;
/** Most by which clocks may differ. */
const AHEAD_MS = 1_000;

/** `startMs`: time after the route at which the first of them arrives. */
async function after(when: "solved" | "closed", happenings: readonly Happening[], startMs = LATER_MS) {
  const world = createWorld((fetch) => fetch, { flows: [flow(when)] });
  const { received } = await world.deliver({ type: "handoff.requested" });
  const [conversation] = world.conversations();
  const routedAt = world.now();
  world.move(startMs);
  for (const { type, seconds, assignee, status, queue, number } of happenings) {
    // Pushes arrive at any time; each has the time of its change.
    world.move(BETWEEN_MS);
    const response = await world.request("/v1/infobip/default/events", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify({
        type,
        timestamp: new Date(routedAt + seconds * 1_000).toISOString(),
        payload: {
          id: conversation?.id,
          // A snapshot agrees with its report: only these two fields are of the moment.
          status: type === "CONVERSATION_STATUS_UPDATED" ? status : "OPEN",
          assignee: assignee ?? { id: null, name: null },
          queue: { id: queue },
          ...(type.endsWith("MESSAGE") && {
            message: { id: `${type.slice(0, 2)}-${number}`, content: { text: `words ${number}` } },
          }),
        },
      }),
    });
    expect(response.status).toBe(200);
  }
  for (let turn = 0; turn < 3; turn += 1) await world.dispatcher.idle(received.handoffId ?? "");
  const handoff = world.handoff(received.handoffId ?? "");
  const session = world.record.read((t) => t.sessions.find(BOT, "s1"));
  const known = world.record.read((t) => t.conversations.find("default", conversation?.id ?? ""));
  return {
    handoff: handoff && {
      state: handoff.state,
      agentId: handoff.agentId,
      because: handoff.returnedBecause,
      conversationId: handoff.conversationId,
    },
    session: session && {
      control: session.control,
      agentId: session.control === "agent" ? session.agentId : null,
      epoch: session.epoch,
      conversationId: session.conversationId,
    },
    known: known && { ...known, heardAt: 0 },
    routes: conversation && world.emulator.state.conversations.get(conversation.id)?.routes,
  };
}

it("ends the same for the events of a conversation in any order and with any repeats", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("solved" as const, "closed" as const),
      fc.array(happening, { minLength: 1, maxLength: 7 }).chain((happenings) =>
        fc.record({
          happenings: fc.constant(happenings),
          // Each push comes at least once, some several times, in any order.
          shuffled: fc
            .array(fc.constantFrom(...happenings), { maxLength: 5 })
            .chain((more) =>
              fc.shuffledSubarray([...happenings, ...more], { minLength: happenings.length + more.length }),
            ),
        }),
      ),
      async (when, { happenings, shuffled }) => {
        const inOrder = happenings.toSorted((a, b) => a.seconds - b.seconds);
        expect(await after(when, shuffled)).toEqual(await after(when, inOrder));
      },
    ),
    { numRuns: 40 },
  );
});

/** Messages are left out: one message may come in envelopes with several times. */
const ofTheFuture = happening
  .filter(({ type }) => !type.endsWith("MESSAGE"))
  .map((one) => ({ ...one, seconds: Math.abs(one.seconds) * 10 }));

it("takes what comes from the future as of when it first came, in any order and with any repeats", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("solved" as const, "closed" as const),
      fc
        .array(ofTheFuture, { minLength: 1, maxLength: 6 })
        .chain((happenings) =>
          fc.array(fc.constantFrom(...happenings), { maxLength: 4 }).map((more) => [...happenings, ...more]),
        ),
      async (when, happenings) => {
        const firstAt = new Map<string, number>();
        happenings.forEach((one, index) => {
          const key = JSON.stringify(one);
          if (!firstAt.has(key)) firstAt.set(key, (index + 1) * BETWEEN_MS);
        });
        const believed = happenings.map((one) => {
          const arrivedMs = firstAt.get(JSON.stringify(one)) ?? 0;
          return { ...one, seconds: Math.min(one.seconds * 1_000, arrivedMs + AHEAD_MS) / 1_000 };
        });
        const inOrder = believed.toSorted((a, b) => a.seconds - b.seconds);
        expect(await after(when, happenings, 0)).toEqual(await after(when, inOrder));
      },
    ),
    { numRuns: 40 },
  );
});
