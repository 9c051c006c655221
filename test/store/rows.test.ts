import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventSchema } from "../../src/events/event.ts";
import { factsSchema, noFacts } from "../../src/events/facts.ts";
import { handoffRowSchema, stepSchema } from "../../src/model/handoff.ts";
import { describeColumns } from "../../src/store/rows/columns.ts";
import { createFits, createReader } from "../../src/store/rows/fits.ts";
import { holdRows } from "../../src/store/rows/hold-rows.ts";
import { fc } from "../fuzz/fast-check.ts";
import { tellOfBrokenRows } from "../support/hold-rows.ts";
import { createWorld } from "../support/world.ts";

/** What a handoff and its chat left in the record. */
async function recorded() {
  const world = createWorld();
  await world.service.resume();
  await world.deliver({
    type: "customer.message",
    text: "hi",
    attributes: { plan: "gold" },
    customer: { name: "Ann" },
  });
  await world.deliver({ type: "handoff.requested", reason: "asked", tags: ["vip"] });
  const ledger = world.record.read((t) => t.handoffs.readLedger("01H0001"));
  const session = world.record.read((t) => t.sessions.find("shop-assistant", "s1"));
  if (ledger === null || session === null) throw new Error("nothing is recorded");
  return { ...ledger, session };
}

/** The value with one part, anywhere in it, left out or replaced. */
function withDamage(value: unknown, path: readonly number[], other: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== "object" || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return { ...value, more: other };
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0 && other === undefined) delete copy[key];
  else copy[key] = withDamage(copy[key], rest, other);
  return copy;
}

describe("a value that fits its schema", () => {
  const event = { id: "e1", session: "s", at: "2026-11-23T10:00:00Z", type: "customer.message", text: "hi" };

  it("is read as it is: all that Baton writes does", async () => {
    const { handoff, steps, session } = await recorded();
    for (const [schema, value] of [
      [handoffRowSchema, handoff],
      [z.array(stepSchema), steps],
      [factsSchema, session.facts],
      [eventSchema, event],
    ] as const) {
      expect(createFits(schema)(value)).toBe(true);
      expect(createReader(schema as z.ZodType)(value)).toBe(value);
    }
  });

  it("is one that parsing returns unchanged, whatever is wrong in it", async () => {
    const { handoff, steps } = await recorded();
    const cases = [
      [handoffRowSchema, handoff],
      ...steps.map((step) => [stepSchema, step] as const),
      [factsSchema, noFacts],
      [eventSchema, event],
    ] as const;
    const wrong = fc.constantFrom<unknown>(undefined, null, "", "x", 0, 1.5, -1, Number.NaN, true, [], {}, ["x"], {
      kind: "route",
    });
    const path = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(cases.length - 1), path, wrong, (at, where, other) => {
        const [schema, value] = cases[at] as (typeof cases)[number];
        const damaged = withDamage(value, where, other);
        const parsed = schema.safeParse(damaged);
        if (createFits(schema)(damaged)) expect(parsed).toEqual({ success: true, data: damaged });
        else if (!parsed.success) expect(() => createReader(schema as z.ZodType)(damaged)).toThrow();
      }),
      { numRuns: 1_500 },
    );
  });

  it("is never one that parsing would change", () => {
    const strict = (schema: z.ZodType, value: unknown) => createFits(schema)(value);
    expect(strict(z.string().trim(), " x ")).toBe(false);
    expect(strict(z.object({ a: z.string() }), { a: "x", b: 1 })).toBe(false);
    expect(strict(z.object({ a: z.string().default("x") }), {})).toBe(false);
    expect(strict(z.string().regex(/^a/), "b")).toBe(false);
    expect(
      strict(
        z.string().refine((it) => it !== "x"),
        "x",
      ),
    ).toBe(false);
    expect(strict(z.record(z.string(), z.number()), JSON.parse('{"__proto__":1}'))).toBe(false);
  });
});

describe("columns", () => {
  const schema = z.object({
    id: z.number().int(),
    sentAt: z.number().int().nullable(),
    isDone: z.boolean().nullable(),
    tags: z.object({ all: z.array(z.string()), more: z.string().default("none") }),
  });
  const columns = describeColumns(schema, {
    id: { isFixed: true },
    isDone: { isFlag: true },
    tags: { json: schema.shape.tags },
  });
  const row = (tags: string) => ({ id: 1, sentAt: null, isDone: 1, tags });
  afterEach(() => tellOfBrokenRows(() => undefined));

  it("are selected, written and read by one description", () => {
    expect(columns.select).toBe("id, sent_at AS sentAt, is_done AS isDone, tags");
    const model = { id: 1, sentAt: null, isDone: true, tags: { all: ["a"], more: "b" } };
    expect(columns.valuesOf(model)).toEqual([1, null, 1, '{"all":["a"],"more":"b"}']);
    expect(columns.read(row('{"all":["a"],"more":"b"}'))).toEqual(model);
    expect(columns.changes(model, { ...model, sentAt: 5 })).toEqual([["sent_at", 5]]);
    expect(columns.changes(null, model).map(([column]) => column)).toEqual(["sent_at", "is_done", "tags"]);
  });

  it("fill in what a former version did not write", () => {
    expect(columns.read(row('{"all":[]}'))).toMatchObject({ tags: { all: [], more: "none" } });
  });

  it("throw at JSON that is damaged", () => {
    for (const damaged of ["", "{", "null", "{}", '{"all":[1]}', "[]"])
      expect(() => columns.read(row(damaged))).toThrow();
  });

  it("tell of a row that breaks its schema where that is watched, and only there", () => {
    const broken: string[] = [];
    tellOfBrokenRows((what) => broken.push(what));
    columns.pick(["id"]).read({ id: "one" });
    expect(broken).toHaveLength(1);
    holdRows(null);
    columns.pick(["id"]).read({ id: "one" });
    expect(broken).toHaveLength(1);
  });
});
