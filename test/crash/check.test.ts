import { expect, it } from "vitest";
import type { RecordedCall } from "../../src/emulator/api/call-log.ts";
import type { Conversation } from "../../src/emulator/state/state.ts";
import { type Evidence, violationsIn } from "./check.ts";
import { deliveriesOf } from "./sender.ts";

const TOKEN = "ho-1";

function call(operation: RecordedCall["operation"], at: number, fields: Partial<RecordedCall> = {}): RecordedCall {
  const path = "/ccaas/1/conversations/C1/route";
  const rest = { body: null, status: 200, answer: null, effect: true, fault: null, requestId: "r" };
  return { n: at, at, ms: 1, operation, method: "POST", path, ...rest, ...fields };
}

const conversation = (id: string): Conversation => ({
  id,
  channel: "WHATSAPP",
  topic: null,
  summary: `customer-asked [${TOKEN}]`,
  status: "OPEN",
  priority: "NORMAL",
  queueId: "Q",
  agentId: null,
  createdAt: 0,
  updatedAt: 0,
  closedAt: null,
  tags: ["bot_handoff"],
  notes: [],
  messages: [],
  metadata: { baton_session: "s1" },
  shortId: "1",
  customer: null,
  routes: 1,
});

/** One session without a fault. */
function evidence(): Evidence {
  const deliveries = deliveriesOf("s1", 0);
  for (const delivery of deliveries) delivery.answers.push({ handoffId: delivery.asksForPerson ? "1" : null });
  const step = (position: number, name: string, kind: string) => ({
    handoffId: "1",
    position,
    name,
    kind,
    state: "done",
  });
  return {
    deliveries,
    calls: [
      call("createConversation", 11, { path: "/ccaas/1/conversations", body: { summary: `[${TOKEN}]` } }),
      call("addTag", 21, { path: "/ccaas/1/conversations/C1/tags" }),
      call("route", 31),
    ],
    conversations: [conversation("C1")],
    recorded: {
      events: deliveries.map(({ eventId, asksForPerson }) => {
        return { eventId, handoffId: asksForPerson ? "1" : null, receivedAt: 1 };
      }),
      handoffs: [
        { id: "1", session: "s1", epoch: 1, token: TOKEN, state: "routed", decision: { tags: ["bot_handoff"] } },
      ],
      steps: [step(0, "conversation", "conversation"), step(1, "tag:bot_handoff", "tag"), step(2, "route", "route")],
      attempts: [0, 1, 2].map((position) => ({ handoffId: "1", position, sentAt: position * 10 + 10 })),
      health: "ok",
    },
  };
}

it("finds nothing wrong where nothing is", () => {
  expect(violationsIn(evidence())).toEqual([]);
});

const changed = (change: (given: Evidence) => object): Evidence => {
  const given = evidence();
  return { ...given, ...change(given) };
};
const recordedWith =
  (change: (recorded: Evidence["recorded"]) => object) =>
  ({ recorded }: Evidence): object => ({ recorded: { ...recorded, ...change(recorded) } });

it.each<[string, (given: Evidence) => object, RegExp]>([
  ["an answered delivery that is not recorded", recordedWith(() => ({ events: [] })), /answered 2xx and is not in/],
  [
    "an event that is recorded twice",
    recordedWith(({ events }) => ({ events: [...events, ...events] })),
    /recorded twice/,
  ],
  [
    "two handoffs of one session",
    recordedWith(({ handoffs }) => ({ handoffs: [...handoffs, ...handoffs] })),
    /two handoffs of s1 in epoch 1/,
  ],
  [
    "a handoff that rests half done",
    recordedWith(({ handoffs }) => ({ handoffs: handoffs.map((it) => ({ ...it, state: "pending" })) })),
    /neither routed nor parked/,
  ],
  ["a request without an intent", recordedWith(() => ({ attempts: [] })), /createConversation number 1 left without/],
  ["a damaged file", recordedWith(() => ({ health: "malformed" })), /the file is damaged/],
  ["an effect that no event led to", recordedWith(() => ({ handoffs: [] })), /C1 belongs to no handoff/],
  [
    "two open conversations",
    () => ({ conversations: [conversation("C1"), conversation("C2")] }),
    /has 2 open conversations/,
  ],
  ["a second route", ({ calls }) => ({ calls: [...calls, call("route", 41)] }), /routed 2 times/],
  ["no route", ({ calls }) => ({ calls: calls.slice(0, 2) }), /was never routed/],
  [
    "a tag that nobody declared",
    () => ({ conversations: [{ ...conversation("C1"), tags: ["bot_handoff", "vip"] }] }),
    /undeclared tags vip/,
  ],
  ["a missing tag", () => ({ conversations: [{ ...conversation("C1"), tags: [] }] }), /lacks tags bot_handoff/],
  [
    "a note too many",
    () => ({
      conversations: [
        {
          ...conversation("C1"),
          notes: [{ id: "n", agentId: null, type: "INTERNAL", content: "x", createdAt: 0, updatedAt: 0 }],
        },
      ],
    }),
    /has 1 notes instead of 0/,
  ],
  ["a delivery without an answer", () => ({ deliveries: deliveriesOf("s1", 0) }), /never answered 2xx/],
])("finds %s", (_, change, expected) => {
  expect(violationsIn(changed(change)).join("\n")).toMatch(expected);
});
