/** Reads the query of an operator's request. What it cannot be is refused with a problem. */
import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { z } from "zod";
import type { Env } from "./answer.ts";
import { problem } from "./problem.ts";

type Refuse = (
  result: { success: true } | { success: false; error: z.core.$ZodError },
  c: Context<Env>,
) => Response | undefined;

const refuse: Refuse = (result, c) => {
  if (result.success) return undefined;
  const issues = result.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  return problem(c, { kind: "invalid-event", issues });
};

export const readQuery = <Schema extends z.ZodObject>(schema: Schema) =>
  zValidator<Schema, "query", Env, string, Refuse>("query", schema, refuse);

const NEXT = "must be what the page before told as next";
/** Start of a page. */
export const afterSchema = z.coerce.number(NEXT).int(NEXT).min(0, NEXT).default(0);
