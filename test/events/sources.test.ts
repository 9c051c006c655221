import { describe, expect, it } from "vitest";
import { eventSchema } from "../../src/events/event.ts";
import { sources } from "../../src/events/sources.ts";
import { fc } from "../fuzz/fast-check.ts";
import { anyJson, now } from "./support/payloads.ts";

/** Bodies that pass the first checks, with any value in the places that a source reads. */
const almost = fc
  .dictionary(
    fc.constantFrom(
      ...["type", "id", "at", "attributes", "customer", "transcript", "tags", "priority", "queue", "reason", "text"],
      ...["lastReceivedMessage", "intent", "confidence", "sentiment", "contentType", "content", "singleSendMessage"],
      ...["from", "channel", "language", "createdAt", "error", "direction", "orderId", "__proto__", "constructor"],
    ),
    fc.oneof(anyJson, fc.constantFrom("customer.message", "bot.error", "0.5", "{{x}}", '{"type":"TEXT"}', "INBOUND")),
  )
  .map((body): unknown =>
    JSON.parse(JSON.stringify({ contentType: "TEXT", ...body, session: "s1", conversationId: "c1" })),
  );

function nested(depth: number): unknown {
  return JSON.parse(`${'{"session":"s1","attributes":'.repeat(depth)}1${"}".repeat(depth)}`);
}

describe.each([...sources])("source %s", (name, source) => {
  it("is listed under its name", () => {
    expect(source.name).toBe(name);
  });

  it("makes only events of our schema, of whatever it is sent, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, almost), (payload) => {
        const result = source.toEvents(payload, { now });
        for (const { event } of result.ok ? result.value : []) {
          expect(eventSchema.safeParse(event)).toEqual({ success: true, data: event });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same events for the same payload", () => {
    fc.assert(
      fc.property(almost, (payload) => {
        expect(source.toEvents(structuredClone(payload), { now })).toEqual(source.toEvents(payload, { now }));
      }),
    );
  });

  it("reads nesting far deeper than the stack", () => {
    expect(() => source.toEvents(nested(50_000), { now })).not.toThrow();
    expect(() => source.toEvents(JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`), { now })).not.toThrow();
  });
});

describe("the free-form sources", () => {
  it.each(["answers", "flow"])("refuse nothing that has a session and says no type that there is not: %s", (name) => {
    const untyped = almost.map((payload) => ({ ...(payload as object), type: undefined }));
    fc.assert(
      fc.property(untyped, (payload) => sources.get(name)?.toEvents(payload, { now }).ok === true),
      { numRuns: 300 },
    );
  });
});
