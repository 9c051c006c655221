import { describe, expect, it } from "vitest";
import { parseBatch } from "../../src/events/batch.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { sources } from "../../src/events/sources.ts";
import { ok } from "../../src/result.ts";
import { anyJson, now } from "../events/support/payloads.ts";
import { fc } from "./fast-check.ts";
import { mutated } from "./mutations.ts";
import { realistic } from "./payloads.ts";
import { runs } from "./runs.ts";

/** Our own words, which a problem may say whether they were received or not. */
const OURS = /^[a-z.]*$/i;

/** Every string in a payload that can be recognised. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string" && value.trim().length >= 8 && !OURS.test(value)) yield value;
  if (typeof value === "object" && value !== null) for (const member of Object.values(value)) yield* stringsIn(member);
}

describe.each([...sources.values()])("$name", (source) => {
  const { name } = source;
  /** Returns every event of a payload, or the first problem. */
  function toEvents(payload: unknown, context: { now: number }) {
    const items = parseBatch(source, payload, context);
    const wrong = items.ok ? items.value.find((item) => !item.ok) : items;
    return wrong === undefined && items.ok
      ? ok(items.value.flatMap((item) => (item.ok ? [item.value] : [])))
      : (wrong ?? ok([]));
  }

  const payloads = realistic[name] ?? [];

  it("has realistic payloads, which are taken", () => {
    expect(payloads.length).toBeGreaterThan(0);
    for (const payload of payloads) expect(toEvents(payload, { now })).toMatchObject({ ok: true });
  });

  it.each<[string, fc.Arbitrary<unknown>, number]>([
    ["anything", anyJson, 400],
    ["a payload with mistakes in it", mutated(payloads), 800],
  ])("makes of %s events that are valid, or says what is wrong without repeating it", (_, payload, slice) => {
    fc.assert(
      fc.property(payload, (given) => {
        const read = toEvents(given, { now });
        expect(toEvents(structuredClone(given), { now })).toEqual(read);
        if (read.ok) {
          for (const { event } of read.value) expect<Event>(eventSchema.parse(event)).toStrictEqual(event);
          return;
        }
        expect(read.error.issues.length).toBeGreaterThan(0);
        const said = read.error.issues.map(({ message }) => message).join("\n");
        for (const text of stringsIn(given)) expect(said).not.toContain(text);
      }),
      runs(slice),
    );
  });
});
