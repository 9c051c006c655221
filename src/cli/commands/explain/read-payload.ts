/** Reads a payload as the service reads its body. */
import { buffer } from "node:stream/consumers";
import { type Item, parseBatch } from "../../../events/batch.ts";
import type { ParsedEvent, PayloadProblem, Source } from "../../../events/source.ts";
import { baton, toHandoffRequest } from "../../../events/sources/baton.ts";
import { sources } from "../../../events/sources.ts";
import { parseBody, parsePastedBody } from "../../../http/body.ts";
import { readTextFile } from "../../../replay/read-text-file.ts";
import { ok, type Result } from "../../../result.ts";
import { Failure } from "../../support/print.ts";

/** `-` is standard input. */
async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return file === "-" ? await buffer(process.stdin) : new TextEncoder().encode(readTextFile(file));
  } catch {
    const isPayload = /^\s*[[{]/.test(file);
    throw new Failure(
      isPayload
        ? "The payload is read from a file, or with - from standard input: echo '{…}' | baton flows explain <bot> -"
        : `${file} cannot be read.`,
      2,
    );
  }
}

async function readBody(file: string, source: Source): Promise<unknown> {
  const bytes = await readBytes(file);
  const pasted = source.isPasted ? parsePastedBody(bytes, source.limits?.depth) : null;
  const body = pasted ?? parseBody(bytes, source.limits?.depth);
  const named = file === "-" ? "standard input" : file;
  if (!body.ok) throw new Failure(`${named} cannot be read. ${body.error}`, 2);
  return pasted?.ok ? pasted.value.value : body.value;
}

/** Source of the bodies of `POST /v1/bots/{bot}/handoffs`. */
const REQUESTS = "handoffs";

async function readItems(file: string, name: string, now: number): Promise<Result<Item[], PayloadProblem>> {
  const source = name === REQUESTS ? baton : sources.get(name);
  if (source === undefined) {
    throw new Failure(`There is no source '${name}'. Sources: ${[...sources.keys(), REQUESTS].join(", ")}.`, 2);
  }
  const payload = await readBody(file, source);
  if (name !== REQUESTS) return parseBatch(source, payload, { now });
  const request = toHandoffRequest(payload, { now });
  return request.ok ? ok([request]) : request;
}

/** Returns the events of a payload, and prints what is wrong with the others. */
export async function readEvents(file: string, source: string, now: number): Promise<ParsedEvent[]> {
  const items = await readItems(file, source, now);
  const problems = items.ok ? items.value.flatMap((item) => (item.ok ? [] : item.error.issues)) : items.error.issues;
  const issues = problems.map(({ field, message }) => `${field}: ${message}`).join("\n");
  if (!items.ok) throw new Failure(issues);
  if (issues !== "") console.error(issues);
  return items.value.flatMap((item) => (item.ok ? [item.value] : []));
}
