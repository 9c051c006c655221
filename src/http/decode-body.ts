import { type CompressCallback, gunzip, inflate, inflateRaw } from "node:zlib";
import { err, ok, type Result } from "../result.ts";

type UndecodableBody =
  | { kind: "unknown-encoding" }
  | { kind: "body-too-large"; limit: number }
  | { kind: "unreadable-body"; detail: string };

interface Bound {
  /** Most bytes to hold. */
  maxOutputLength: number;
}
type Decode = (bytes: Uint8Array, bound: Bound) => Promise<Uint8Array>;

const toDecode =
  (unpack: (bytes: Uint8Array, bound: Bound, done: CompressCallback) => void): Decode =>
  (bytes, bound) =>
    new Promise((resolve, reject) =>
      unpack(bytes, bound, (error, unpacked) => (error === null ? resolve(unpacked) : reject(error))),
    );
const inflateZlib = toDecode(inflate);
const inflateBare = toDecode(inflateRaw);
/** RFC 9110 means zlib; some clients send the bare stream, which never begins as zlib does. */
const decodeDeflate: Decode = (bytes, bound) => (isZlib(bytes) ? inflateZlib : inflateBare)(bytes, bound);

const isZlib = ([first = 0, second = 0]: Uint8Array): boolean =>
  (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;

const DECODES: Readonly<Record<string, Decode>> = {
  gzip: toDecode(gunzip),
  "x-gzip": toDecode(gunzip),
  deflate: decodeDeflate,
};
/** Codings that the answer to an unknown one offers. */
export const READ_CODINGS = "gzip, deflate";
/** Nobody has a reason to apply more than these. */
const MAX_CODINGS = 3;

const isTooLarge = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE");

/** Removes the codings that `Content-Encoding` names; the last was applied last. */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Result<Uint8Array, UndecodableBody>> {
  if (contentEncoding === undefined) return ok(bytes);
  const names = contentEncoding.split(",").map((name) => name.trim().toLowerCase());
  const codings = names.filter((name) => name !== "" && name !== "identity");
  if (codings.length > MAX_CODINGS) return err({ kind: "unknown-encoding" });
  let decoded = bytes;
  for (const coding of codings.reverse()) {
    const decode = Object.hasOwn(DECODES, coding) ? DECODES[coding] : undefined;
    if (decode === undefined) return err({ kind: "unknown-encoding" });
    try {
      decoded = await decode(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      if (isTooLarge(error)) return err({ kind: "body-too-large", limit: maxBytes });
      return err({ kind: "unreadable-body", detail: "It is not what its Content-Encoding says." });
    }
  }
  return ok(decoded);
}
