import { hash } from "node:crypto";

/**
 * SHA-256 of bytes, or of a text as UTF-8. One call whose result is a text takes a fifth of the time of a `Hash` object, or of a
 * call whose result is bytes.
 */
export const sha256 = (data: string | Uint8Array): Buffer => Buffer.from(hash("sha256", data, "hex"), "hex");
