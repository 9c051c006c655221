/** CloudEvents 1.0 over HTTP, structured, binary and in batches, as events of our own schema. */
import { err, ok, type Result } from "../../result.ts";
import { eventTypes } from "../event.ts";
import { readEventType } from "../free-form/read-body.ts";
import { parseJson } from "../reading/json.ts";
import { isRecord } from "../reading/scalars.ts";
import type { PayloadProblem } from "../source.ts";
import { decodeHeader } from "./headers.ts";
import { isBinaryMode, REQUIRED, readData, UNREAD } from "./media-type.ts";

type Members = Record<string, unknown>;

const ATTRIBUTES = [...REQUIRED, "subject", "time", "datacontenttype"] as const;

const isCloudEvent = (it: unknown): it is Members =>
  isRecord(it) && typeof it.specversion === "string" && typeof it.source === "string";

/** Some producers put what makes their types unique before it: `com.example.customer.message`. */
function typeIn(type: unknown): unknown {
  if (typeof type !== "string" || readEventType(type) !== undefined) return type;
  return eventTypes.find((known) => type.toLowerCase().endsWith(`.${known}`)) ?? type;
}

function dataOf(event: Members): unknown {
  if (typeof event.data_base64 !== "string") return event.data;
  const type = typeof event.datacontenttype === "string" ? event.datacontenttype : null;
  const data = readData(Buffer.from(event.data_base64, "base64"), type, parseBytes);
  return data.ok ? data.value : UNREAD;
}

function parseBytes(bytes: Uint8Array): Result<unknown, string> {
  const text = Buffer.from(bytes).toString("utf8");
  try {
    return ok(parseJson(text));
  } catch {
    return ok(text);
  }
}

/** A producer makes its ids unique, and repeats them when it sends again: two producers may have the same. */
function toBody(event: Members): Members {
  const data = dataOf(event);
  const said: Members = isRecord(data) ? data : typeof data === "string" ? { text: data } : {};
  if (data === UNREAD) said.data = true;
  const { source, id, subject, time } = event;
  return {
    ...said,
    type: typeIn(event.type),
    session: typeof subject === "string" && subject !== "" ? subject : said.session,
    ...(typeof id === "string" && { id: `${String(source)}|${id}` }),
    ...(typeof time === "string" && { at: time }),
  };
}

const undecodable = (field: string): PayloadProblem => ({
  issues: [{ field, message: "must be percent-encoded UTF-8" }],
});

/** The event of a request whose headers have its attributes and whose body is its data. */
function inHeaders(headers: Headers, data: unknown): Result<Members, PayloadProblem> {
  const event: Members = { data };
  for (const name of ATTRIBUTES) {
    const value = headers.get(`ce-${name}`);
    if (value === null) continue;
    const decoded = decodeHeader(value);
    if (!decoded.ok) return err(undecodable(`ce-${name}`));
    event[name] = decoded.value;
  }
  return ok(event);
}

/** The payload of `/events` in our own schema, whether it came as CloudEvents or as it is. */
export function readCloudEvents(payload: unknown, headers: Headers): Result<unknown, PayloadProblem> {
  if (isBinaryMode(headers)) {
    const event = inHeaders(headers, payload);
    return event.ok ? ok(toBody(event.value)) : event;
  }
  if (Array.isArray(payload)) return ok(payload.map((it) => (isCloudEvent(it) ? toBody(it) : it)));
  return ok(isCloudEvent(payload) ? toBody(payload) : payload);
}
