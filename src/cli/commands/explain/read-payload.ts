/** Reads a payload's file as the service reads its body. */
import { type Item, toItems } from "../../../events/batch.ts";
import type { PayloadProblem, Reported, Source } from "../../../events/source.ts";
import { baton, toHandoffRequest } from "../../../events/sources/baton.ts";
import { sources } from "../../../events/sources.ts";
import { parseBody, parsePastedBody } from "../../../http/body.ts";
import { readTextFile } from "../../../replay/read-text-file.ts";
import { ok, type Result } from "../../../result.ts";
import { Failure } from "../../support/print.ts";

function readBody(file: string, source: Source): unknown {
  let bytes: Uint8Array;
  try {
    bytes = new TextEncoder().encode(readTextFile(file));
  } catch {
    throw new Failure(`${file} cannot be read.`, 2);
  }
  const pasted = source.isPasted ? parsePastedBody(bytes, source.limits?.depth) : null;
  const body = pasted ?? parseBody(bytes, source.limits?.depth);
  if (!body.ok) throw new Failure(`${file} cannot be read. ${body.error}`, 2);
  return pasted?.ok ? pasted.value.value : body.value;
}

/** Source of the bodies of `POST /v1/bots/{bot}/handoffs`. */
const REQUESTS = "handoffs";

function readItems(file: string, name: string, now: number): Result<Item[], PayloadProblem> {
  const source = name === REQUESTS ? baton : sources.get(name);
  if (source === undefined) {
    throw new Failure(`There is no source '${name}'. Sources: ${[...sources.keys(), REQUESTS].join(", ")}.`, 2);
  }
  const payload = readBody(file, source);
  if (name !== REQUESTS) return toItems(source, payload, { now });
  const request = toHandoffRequest(payload, { now });
  return request.ok ? ok([request]) : request;
}

/** Returns the events of a payload, and prints what is wrong with the others. */
export function readEvents(file: string, source: string, now: number): Reported[] {
  const items = readItems(file, source, now);
  const problems = items.ok ? items.value.flatMap((item) => (item.ok ? [] : item.error.issues)) : items.error.issues;
  const issues = problems.map(({ field, message }) => `${field}: ${message}`).join("\n");
  if (!items.ok) throw new Failure(issues);
  if (issues !== "") console.error(issues);
  return items.value.flatMap((item) => (item.ok ? [item.value] : []));
}
