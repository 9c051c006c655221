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

export function parsed<T>(c: Context, schema: z.ZodType<T>, value: unknown): Result<T, Response> {
  const result = schema.safeParse(value);
  if (result.success) return ok(result.data);
  const issues = result.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  return err(problem(c, 400, "Not understood", issues));
}

/** Returns the parsed body, or the answer that says why it is invalid. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<Result<T, Response>> {
  const text = await readText(c.req.raw, MAX_BYTES);
  return text === null ? err(problem(c, 413, "Too large")) : parsed(c, schema, parseJson(text));
}
