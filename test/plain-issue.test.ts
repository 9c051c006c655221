import { expect, it } from "vitest";
import { z } from "zod";
import { plainIssue } from "../src/plain-issue.ts";

const said = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) => plainIssue(issue));

it.each([
  [z.number().max(99), 200, "must be at most 99"],
  [z.number().min(1), 0, "must be at least 1"],
  [z.number().positive(), 0, "must be more than 0"],
  [z.number().int(), 1.5, "must be a whole number"],
  [z.string().max(3), "long", "must have at most 3 characters"],
  [z.string().min(1), "", "must not be empty"],
  [z.array(z.string()).min(1), [], "must not be empty"],
  [z.array(z.string()).max(1), ["a", "b"], "must have at most 1 entries"],
  [z.object({ a: z.string() }), {}, "is missing"],
  [z.string(), 7, "must be text"],
  [z.enum(["queue", "defer"]), "wait", "must be 'queue' or 'defer'"],
  [z.strictObject({}), { sentimentBelow: 4 }, "has no field 'sentimentBelow'"],
  [z.union([z.string(), z.array(z.string())]), 7, "must be text, or must be a list"],
  [z.number().max(99, "counts no more than 99"), 200, "counts no more than 99"],
])("says of %o what is wrong with %o: %s", (schema, value, says) => {
  expect(said(schema, value)).toEqual([says]);
});
