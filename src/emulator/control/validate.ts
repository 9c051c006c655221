import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import type { z } from "zod";
import { err, ok, type Result } from "../../result.ts";
import { parseJson, readText } from "../api/request-body.ts";

const MAX_BYTES = 1_048_576;

/** Problem of the emulator's own routes: a status and a title, and nothing from the request. */
export function problem(
  c: Context,
  status: 400 | 403 | 404 | 409 | 413,
  title: string,
  issues: string[] = [],
): Response {
  return c.json({ title, status, ...(issues.length > 0 && { issues }) }, status, {
    "content-type": "application/problem+json",
  });
}

const notUnderstood = (c: Context, { issues }: Pick<z.core.$ZodError, "issues">): Response =>
  problem(
    c,
    400,
    "Not understood",
    issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")),
  );

export function parsed<T>(c: Context, schema: z.ZodType<T>, value: unknown): Result<T, Response> {
  const result = schema.safeParse(value);
  return result.success ? ok(result.data) : err(notUnderstood(c, result.error));
}

/** Reads a query. */
export const readQuery = <Schema extends z.ZodObject>(schema: Schema) =>
  zValidator("query", schema, (result, c) => (result.success ? undefined : notUnderstood(c, result.error)));

/** Returns the parsed body, or the answer that says why it is invalid. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<Result<T, Response>> {
  const text = await readText(c.req.raw, MAX_BYTES);
  return text === null ? err(problem(c, 413, "Too large")) : parsed(c, schema, parseJson(text));
}
