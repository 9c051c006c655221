/** Reads bodies, and bounds the bytes held at once. */
import type { Context } from "hono";
import { err, ok, type Result } from "../../result.ts";
import type { Env } from "../answer.ts";
import type { Problem } from "../problem.ts";

/** `isKnown`: the caller's credentials were already checked. */
export type ReadBody = (c: Context<Env>, isKnown: boolean) => Promise<Result<Uint8Array, Problem>>;

/** The number of connections bounds bodies up to this size. */
const SMALL_BYTES = 16 * 1024;
/** Bytes for strangers and for authenticated callers each, so that strangers take nobody's place. */
const BYTES_AT_ONCE = 32 * 1024 * 1024;

export function createReadBody(bytesAtOnce = BYTES_AT_ONCE): ReadBody {
  const held = { known: 0, strangers: 0 };

  async function readCounted(body: ReadableStream<Uint8Array>, limit: number, who: keyof typeof held) {
    const reader = body.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    const refuse = (problem: Problem): Result<Uint8Array, Problem> => {
      void reader.cancel().catch(() => undefined);
      return err(problem);
    };
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        size += read.value.byteLength;
        held[who] += read.value.byteLength;
        if (size > limit) return refuse({ kind: "body-too-large", limit });
        if (held[who] > bytesAtOnce) return refuse({ kind: "too-many-bodies" });
        chunks.push(read.value);
      }
      return ok(new Uint8Array(Buffer.concat(chunks)));
    } finally {
      held[who] -= size;
    }
  }

  return async (c, isKnown) => {
    const { method } = c.req;
    if (method === "GET" || method === "HEAD") return ok(new Uint8Array());
    c.env?.proceed?.();
    const declared = c.req.header("content-length");
    if (declared !== undefined && Number(declared) <= SMALL_BYTES) return ok(new Uint8Array(await c.req.arrayBuffer()));
    const { body } = c.req.raw;
    if (body === null) return ok(new Uint8Array());
    return readCounted(body, c.get("maxBodyBytes"), isKnown ? "known" : "strangers");
  };
}
