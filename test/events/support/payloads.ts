import { expect } from "vitest";
import type { Event } from "../../../src/events/event.ts";
import type { ParsedEvent, PayloadProblem, Source } from "../../../src/events/source.ts";
import { fc } from "../../fuzz/fast-check.ts";

export const now = Date.parse("2026-01-02T03:04:05.678Z");
export const nowText = "2026-01-02T03:04:05.678Z";

/** Returns the event that a payload of one event is read as. */
export function reportedFrom(source: Source, payload: unknown): ParsedEvent {
  const result = source.toEvents(payload, { now });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  const [reported, ...others] = result.value;
  if (reported === undefined || others.length > 0) throw new Error(`${result.value.length} events`);
  return reported;
}

export const eventFrom = (source: Source, payload: unknown): Event => reportedFrom(source, payload).event;

export function problemFrom(source: Source, payload: unknown): PayloadProblem {
  const result = source.toEvents(payload, { now });
  if (result.ok) throw new Error(`accepted as ${result.value.length} events`);
  expect(result.error.issues.length).toBeGreaterThan(0);
  return result.error;
}

/** Any JSON value, as `JSON.parse` returns it: `__proto__` is a key like any other. */
export const anyJson = fc
  .oneof(
    fc.json({ maxDepth: 5 }),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  )
  .map((text): unknown => JSON.parse(text));

/** Parses the value, since a literal would set the prototype. */
export const withProto = (text: string): unknown => JSON.parse(text);
