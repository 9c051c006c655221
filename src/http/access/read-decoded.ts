/** Reads an operator's body, without its content coding. */
import type { Context } from "hono";
import type { Result } from "../../result.ts";
import type { Env } from "../answer.ts";
import { decodeBody } from "../decode-body.ts";
import type { Problem } from "../problem.ts";
import type { ReadBody } from "./read-body.ts";

export async function readDecoded(c: Context<Env>, readBody: ReadBody): Promise<Result<Uint8Array, Problem>> {
  const sent = await readBody(c, true);
  return sent.ok ? decodeBody(sent.value, c.req.header("content-encoding"), c.get("maxBodyBytes")) : sent;
}
