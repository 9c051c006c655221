import type { Context } from "hono";
import type { ReadBody } from "../http/access/read-body.ts";
import type { Env } from "../http/answer.ts";

/** The fields of a form. What cannot be read has none. `isKnown`: its sender is signed in. */
export async function readForm(readBody: ReadBody, outer: Context<Env>, isKnown = true): Promise<URLSearchParams> {
  const body = await readBody(outer, isKnown);
  return new URLSearchParams(body.ok ? new TextDecoder().decode(body.value) : "");
}
