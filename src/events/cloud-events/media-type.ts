/** Media types by which CloudEvents come over HTTP, and of the data that they carry. */
import { ok, type Result } from "../../result.ts";
import { isRecord } from "../reading/scalars.ts";

export const REQUIRED = ["specversion", "type", "source", "id"] as const;
const REQUIRED_HEADERS = REQUIRED.map((name) => `ce-${name}`);
export const CLOUD_EVENT_FORMATS = "application/cloudevents+json or application/cloudevents-batch+json";

const DECLARED = /^\s*application\/cloudevents(?:-batch)?\b(?:\+([\w.-]+))?/i;
const JSON_TYPE = /[/+]json\b/i;
const TEXT_TYPE = /^\s*text\/(?!(?:xml|html)\b)/i;

/** Stands for data that is neither JSON nor a text. */
export const UNREAD = Symbol("data in a format that is not read");

/** Tells whether a body says that it is a CloudEvent in Avro, Protobuf, XML or another format. */
export function isUnreadFormat(headers: Headers): boolean {
  const [, format] = DECLARED.exec(headers.get("content-type") ?? "") ?? [];
  return format !== undefined && format.toLowerCase() !== "json";
}

/** Tells whether the attributes are headers and the body is the data. */
export const isBinaryMode = (headers: Headers): boolean =>
  !DECLARED.test(headers.get("content-type") ?? "") && REQUIRED_HEADERS.every((name) => headers.has(name));

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * The data of an event, by its media type: JSON, a text, or `UNREAD`. Some senders say `text/plain` of JSON. Only what is
 * said to be JSON and is not cannot be read.
 */
export function readData(
  bytes: Uint8Array,
  contentType: string | null,
  parse: (bytes: Uint8Array) => Result<unknown, string>,
): Result<unknown, string> {
  if (bytes.byteLength === 0) return ok({});
  const parsed = parse(bytes);
  if (contentType === null || contentType.trim() === "" || JSON_TYPE.test(contentType)) return parsed;
  if (parsed.ok && (isRecord(parsed.value) || Array.isArray(parsed.value))) return parsed;
  if (!TEXT_TYPE.test(contentType)) return ok(UNREAD);
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return ok(UNREAD);
  }
}
