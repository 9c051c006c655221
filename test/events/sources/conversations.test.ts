import { describe, expect, it } from "vitest";
import { toListedMessage, toPushes } from "../../../src/events/sources/conversations.ts";
import { fc } from "../../fuzz/fast-check.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const HUMAN = { id: "A1", name: "Ana Horvat", email: "ana@example.com", role: "AGENT" };

/** A push of the documents: every object is there, and some are empty. */
const push = (type: string, payload: object = {}) => ({
  type,
  timestamp: "2026-11-23T09:59:58.123+0000",
  payload: {
    id: "37B93F4D2BA3C58B58526EAEAA1AB35C",
    shortId: "100",
    status: "OPEN",
    queue: { id: null, name: null },
    priority: "NORMAL",
    channel: "WHATSAPP",
    direction: "INBOUND",
    assignee: { id: null, name: null, email: null, role: null },
    customer: { id: null, name: null, personId: null },
    form: { id: null, name: null },
    tags: [],
    invoker: { type: "SYSTEM", id: null, name: null },
    topic: null,
    summary: null,
    timestamp: "2026-11-23T09:59:58.123+0000",
    ...payload,
  },
});

const read = (payload: unknown) => {
  const pushes = toPushes(payload, { now: NOW });
  return pushes.ok ? pushes.value.map(({ event }) => event) : pushes.error;
};
const common = { conversationId: "37B93F4D2BA3C58B58526EAEAA1AB35C", at: Date.parse("2026-11-23T09:59:58.123Z") };
const byAna = { kind: "human", id: "A1", name: "Ana Horvat" };

describe("a push of Conversations", () => {
  it.each([
    ["an agent", HUMAN, byAna],
    ["a supervisor", { ...HUMAN, role: "SUPERVISOR" }, byAna],
    ["somebody of no role", { id: "A1", name: "Ana Horvat" }, byAna],
    ["a bot", { id: "B1", name: "Shop", role: "BOT" }, { kind: "bot", id: "B1", name: "Shop" }],
    ["nobody", { id: null, role: null }, { kind: "none", id: null, name: null }],
    ["nobody, the object left out", null, { kind: "none", id: null, name: null }],
  ])("says that %s has the conversation", (_, assignee, expected) => {
    expect(read(push("CONVERSATION_ASSIGNMENT_UPDATED", { assignee }))).toEqual([
      { type: "conversation.assigned", ...common, assignee: expected },
    ]);
  });

  it.each([
    ["OPEN", "open"],
    ["WAITING", "open"],
    ["PENDING", "open"],
    ["SOLVED", "solved"],
    ["CLOSED", "closed"],
  ])("says that the status is %s", (status, expected) => {
    expect(read(push("CONVERSATION_STATUS_UPDATED", { status, sentiment: 0.4, formFields: [] }))).toEqual([
      { type: "conversation.status", ...common, status: expected },
    ]);
  });

  it("tells the queue, and that it is out of any", () => {
    expect(read(push("CONVERSATION_QUEUE_UPDATED", { queue: { id: "Q1", name: "Support" } }))).toEqual([
      { type: "conversation.queue", ...common, queueId: "Q1" },
    ]);
    expect(read(push("CONVERSATION_QUEUE_UPDATED"))).toEqual([
      { type: "conversation.queue", ...common, queueId: null },
    ]);
  });

  it("tells of a person who has the conversation, whatever it is about; of a bot or nobody only where that is the news", () => {
    expect(read(push("CONVERSATION_TAG_ADDED", { assignee: HUMAN }))).toEqual([
      { type: "conversation.changed", ...common, assignee: byAna },
    ]);
    expect(read(push("CONVERSATION_TAG_ADDED", { assignee: { id: "B1", role: "BOT" } }))).toEqual([
      { type: "conversation.changed", ...common },
    ]);
  });

  it.each(["INBOUND_MESSAGE", "CONVERSATION_MESSAGE_RECEIVED"])("tells the customer's words (%s)", (type) => {
    expect(read(push(type, { message: { id: "M1", content: { text: "hello" } } }))).toEqual([
      { type: "customer.wrote", ...common, messageId: "M1", text: "hello", contentType: "TEXT" },
    ]);
  });

  it("tells an agent's words from those of a bot or the platform", () => {
    const message = { id: "M1", content: { text: "I am Ana" } };
    const byAgent = push("OUTBOUND_MESSAGE", { message, assignee: HUMAN, invoker: { type: "AGENT", id: "A1" } });
    const said = { messageId: "M1", text: "I am Ana", contentType: "TEXT" };
    const author = { id: "A1", name: "Ana Horvat" };
    expect(read(byAgent)).toEqual([{ type: "agent.wrote", ...common, assignee: byAna, author, ...said }]);
    expect(read(push("OUTBOUND_MESSAGE", { message }))).toEqual([{ type: "conversation.changed", ...common }]);
    expect(read(push("OUTBOUND_MESSAGE", { message, assignee: HUMAN }))).toMatchObject([
      { type: "conversation.changed" },
    ]);
  });

  it.each<[string, { message?: object; [name: string]: unknown }]>([
    [
      "a bot that the platform calls an agent",
      { assignee: { id: "B1", role: "BOT" }, invoker: { type: "AGENT", id: "B1" } },
    ],
    ["a bot, by its author", { assignee: HUMAN, message: { authorType: "BOT", authorId: "B1" } }],
    [
      "the platform, by its author",
      { assignee: HUMAN, invoker: { type: "AGENT", id: "A1" }, message: { authorType: "SYSTEM" } },
    ],
  ])("does not take for an agent's what %s wrote", (_, { message, ...who }) => {
    const written = { id: "M1", content: { text: "Welcome!" }, ...message };
    expect(read(push("OUTBOUND_MESSAGE", { ...who, message: written }))).toMatchObject([
      { type: "conversation.changed" },
    ]);
  });

  it("names the supervisor who wrote into an agent's chat", () => {
    const message = { id: "M1", content: { text: "I help out" } };
    const invoker = { type: "AGENT", id: "S1", name: "Sara Kos" };
    expect(read(push("OUTBOUND_MESSAGE", { message, assignee: HUMAN, invoker }))).toMatchObject([
      { type: "agent.wrote", author: { id: "S1", name: "Sara Kos" }, assignee: byAna },
    ]);
  });

  it("takes an image for a message without words", () => {
    expect(read(push("INBOUND_MESSAGE", { message: { content: { url: "https://x.invalid" } } }))).toEqual([
      { type: "customer.wrote", ...common, url: "https://x.invalid" },
    ]);
  });

  it("knows a message by its id in whatever envelope, and another conversation's, message's or change's from it", () => {
    const message = { id: "M1", content: { text: "I refund 20 euro" } };
    const invoker = { type: "AGENT", id: "A1" };
    const first = push("OUTBOUND_MESSAGE", { message, invoker });
    const idOf = (payload: unknown): string | undefined => {
      const pushes = toPushes(payload, { now: NOW });
      return pushes.ok ? pushes.value[0]?.id : undefined;
    };
    const later = { ...first, timestamp: "2026-11-23T09:59:58.535+0000" };
    expect(idOf(later)).toBe(idOf(first));
    const others = [
      push("OUTBOUND_MESSAGE", { message: { ...message, id: "M2" }, invoker }),
      push("OUTBOUND_MESSAGE", { message, invoker, id: "C2" }),
      push("INBOUND_MESSAGE_UPDATED", { message }),
      push("OUTBOUND_MESSAGE", { message: { content: message.content }, invoker }),
    ];
    expect(new Set([first, ...others].map(idOf)).size).toBe(5);
  });

  it("tells that a conversation is gone", () => {
    expect(read(push("CONVERSATION_DELETED", { formFields: [], sentiment: null }))).toEqual([
      { type: "conversation.deleted", ...common, status: "deleted" },
    ]);
  });

  it.each([
    ["of a type nobody knows", push("CONVERSATION_SANG")],
    ["of an agent's own state", { ...push("CONVERSATION_AGENT_STATUS_CHANGED"), payload: { id: "A1", status: {} } }],
    ["without a payload", { type: "CONVERSATION_STATUS_UPDATED", timestamp: "2026-11-23T09:59:58.123+0000" }],
    ["of no conversation", push("CONVERSATION_STATUS_UPDATED", { id: null })],
    ["of a conversation that would be another address", push("CONVERSATION_STATUS_UPDATED", { id: "../x" })],
    ["of a type that every object has", push("constructor")],
  ])("%s says nothing we use", (_, payload) => {
    expect(read(payload)).toEqual([null]);
  });

  it("counts from now where its time cannot be read", () => {
    const { timestamp: _, ...rest } = push("CONVERSATION_STATUS_UPDATED");
    expect(read(rest)).toMatchObject([{ at: NOW }]);
  });

  it("has an id of its content: the same for the same, another for any other", () => {
    const idOf = (payload: unknown) => {
      const pushes = toPushes(payload, { now: NOW });
      return pushes.ok ? pushes.value[0]?.id : undefined;
    };
    const one = push("CONVERSATION_STATUS_UPDATED");
    const { type, ...rest } = one;
    expect(idOf(one)).toBe(idOf({ ...rest, type }));
    expect(idOf(one)).not.toBe(idOf({ ...one, timestamp: "2026-11-23T09:59:58.124+0000" }));
  });

  it("comes alone or with others, and a bad one does not keep the good ones out", () => {
    expect(read([push("CONVERSATION_CREATED"), 7, push("CONVERSATION_DELETED")])).toMatchObject([
      { type: "conversation.opened" },
      null,
      { type: "conversation.deleted" },
    ]);
    expect(read([])).toEqual([]);
    expect(read([7])).toEqual({ issues: [{ field: "(body)", message: "must be a JSON object" }] });
    expect(read({ payload: {} })).toMatchObject({ issues: [{ field: "type" }] });
  });

  it("is read or refused, never thrown at, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            type: fc.constantFrom("CONVERSATION_ASSIGNMENT_UPDATED", "INBOUND_MESSAGE"),
            payload: fc.jsonValue(),
          }),
          fc.record({
            type: fc.constant("CONVERSATION_STATUS_UPDATED"),
            timestamp: fc.jsonValue(),
            payload: fc.record({ id: fc.jsonValue(), status: fc.jsonValue(), assignee: fc.jsonValue() }),
          }),
        ),
        (payload) => {
          expect(() => toPushes(payload, { now: NOW })).not.toThrow();
        },
      ),
    );
  });
});

describe("a message of the platform's list", () => {
  const listed = {
    id: "M1",
    direction: "OUTBOUND",
    createdAt: "2026-11-23T09:59:58.123+0000",
    contentType: "TEXT",
    content: { text: "Hello" },
  };
  const conversationId = "37B93F4D2BA3C58B58526EAEAA1AB35C";

  it("is the agent's, and the same as its push", () => {
    const message = toListedMessage(conversationId, { ...listed, authorType: "AGENT", authorId: "A1" }, NOW);
    expect(message?.event).toEqual({
      type: "agent.wrote",
      ...common,
      messageId: "M1",
      text: "Hello",
      contentType: "TEXT",
      author: { id: "A1", name: null },
    });
    const pushes = toPushes(push("OUTBOUND_MESSAGE", { message: { ...listed, authorType: "AGENT" } }), {
      now: NOW,
    });
    expect(message?.id).toBe(pushes.ok && pushes.value[0]?.id);
  });

  it.each([
    ["the customer's", { ...listed, direction: "inbound" }],
    ["a bot's", { ...listed, authorType: "BOT" }],
  ])("is none of an agent where it is %s", (_, message) => {
    expect(toListedMessage(conversationId, message, NOW)).toBeNull();
  });

  it("is taken for an agent's where nobody says whose it is", () => {
    expect(toListedMessage(conversationId, listed, NOW)?.event).not.toHaveProperty("author");
  });
});

it("takes at most 2,000 pushes at once", () => {
  expect(toPushes(Array(2_001).fill({}), { now: NOW })).toMatchObject({
    ok: false,
    error: { issues: [{ field: "(body)", message: expect.stringContaining("2000") }] },
  });
});

it.each<[string, object, object]>([
  [
    "says nothing but that somebody types",
    { message: { contentType: "TYPING_INDICATOR", authorType: "AGENT" } },
    { type: "agent.wrote" },
  ],
  [
    "has an agent as its author where a person has the chat",
    { message: { id: "M1", content: "Hi" }, invoker: null, assignee: HUMAN },
    { type: "agent.wrote", text: "Hi" },
  ],
  [
    "names an author whom nothing else names",
    { message: { authorType: "AGENT", authorId: "A9" } },
    { author: { id: "A9", name: null } },
  ],
  ["has no message", { message: null, invoker: null, assignee: HUMAN }, { type: "agent.wrote" }],
])("an outbound message %s", (_, payload, expected) => {
  expect(read(push("OUTBOUND_MESSAGE", payload))).toMatchObject([expected]);
});
