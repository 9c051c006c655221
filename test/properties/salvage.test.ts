import { expect, it } from "vitest";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor, type Door } from "../support/door.ts";

/** Values that programs send by mistake. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(null, "", "N/A", "null", "undefined", "[object Object]", "{{x}}", "-", "0") },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom("x".repeat(4_001), "é".repeat(100_001), "\u0000\u202e\ud800", -0, 1e308) },
  { weight: 1, arbitrary: fc.array(fc.string(), { maxLength: 60 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 12 }), fc.string(), { maxKeys: 12 }) },
);

const COMMON = ["id", "at", "conversationId", "channel", "customer", "attributes", "language"];
const OF_A_MESSAGE = ["contentType", "intent", "sentiment", "confidence", "text"];
const OF_A_REQUEST = ["reason", "summary", "transcript", "messages", "tags", "priority", "queue"];
const OF_A_CUSTOMER = ["name", "phone", "email", "externalId"];

const fieldsOf = (...names: string[]) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), anything), { maxLength: 6, selector: ([name]) => name })
    .map((fields): Record<string, unknown> => Object.fromEntries(fields));
const nested = fieldsOf(...OF_A_CUSTOMER).map((customer) => ({ customer }));

const ASYNC = { prefer: "respond-async" };

/** Posts by path; their optional fields may be anything. */
const POSTS: [address: string, fields: fc.Arbitrary<Record<string, unknown>>, post: Post][] = [
  [
    "/handoffs",
    fieldsOf(...COMMON, ...OF_A_REQUEST),
    (door, session, more) => door.post("/handoffs", { ...more, session }, ASYNC),
  ],
  ["/handoffs of a customer", nested, (door, session, more) => door.post("/handoffs", { ...more, session }, ASYNC)],
  [
    "/events of a message",
    fieldsOf(...COMMON, ...OF_A_MESSAGE),
    (door, session, more) => door.post("/events", { ...more, type: "customer.message", session }, ASYNC),
  ],
  [
    "/events of anything else",
    fc
      .record({
        type: fc.constantFrom(
          "bot.message",
          "bot.fallback",
          "bot.error",
          "session.started",
          "session.ended",
          "handoff.requested",
        ),
        more: fieldsOf(...COMMON, "text", "error", ...OF_A_REQUEST),
      })
      .map(({ type, more }) => ({ ...more, type })),
    (door, session, more) => door.post("/events", { ...more, session }, ASYNC),
  ],
  [
    "/webhooks/answers",
    fieldsOf(...COMMON, ...OF_A_MESSAGE, ...OF_A_REQUEST, ...OF_A_CUSTOMER, "lastReceivedMessage", "orderId"),
    (door, session, more) => door.post("/webhooks/answers", { ...more, uniqueSessionId: session }, ASYNC),
  ],
  [
    "/webhooks/flow",
    fieldsOf(...COMMON, ...OF_A_MESSAGE, ...OF_A_REQUEST, ...OF_A_CUSTOMER, "message", "phoneNumber", "orderId"),
    (door, session, more) => door.post("/webhooks/flow", { ...more, session }, ASYNC),
  ],
  [
    "/webhooks/infobip-bot",
    fieldsOf("id", "channel", "from", "to", "contentType", "createdAt", "singleSendMessage"),
    (door, session, more) =>
      door.post("/webhooks/infobip-bot", { content: { text: "hi" }, ...more, conversationId: session }, ASYNC),
  ],
];
type Post = (door: Door, session: string, more: Record<string, unknown>) => ReturnType<Door["post"]>;

it.each(POSTS)("refuses no request with a usable session at %s for what is optional", async (address, fields, post) => {
  const door = createDoor();
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fields, async (more) => {
      n += 1;
      const session = `s-${n}`;
      const reply = await post(door, session, more);
      expect(reply.status, `${reply.text} ${JSON.stringify(more)}`).toBeLessThan(300);
      if (address.startsWith("/handoffs")) expect(reply.body.handoffId, reply.text).toEqual(expect.any(String));
      if (!address.includes("infobip")) expect((await door.session(session)).status).toBe(200);
    }),
    runs(60),
  );
  await door.rest();
});
