import { createHmac } from "node:crypto";
import { z } from "zod";
import { type Check, headerBytes, isSame, opens } from "./check.ts";

/** Names of algorithms: the platform writes `HMAC_SHA_256`, everybody else `SHA-256`. */
const algorithmSchema = z.preprocess(
  (value) => (typeof value === "string" ? value.toLowerCase().replace(/^hmac|[\s_-]/g, "") : value),
  z.enum(["sha256", "sha1", "sha224", "sha384", "sha512"]),
);

/** The platform documents neither the header's name nor the encoding of a push's signature, so both are settings. */
export const hmacSettingsSchema = z.strictObject({
  header: z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, "must be the name of a header")
    .default("X-Hub-Signature"),
  /** Prefix of the signature, in either case; may be empty. */
  prefix: z.string().max(100).default("SHA256="),
  encoding: z.enum(["hex", "base64"]).default("hex"),
  algorithm: algorithmSchema.default("sha256"),
});
export type HmacSettings = z.infer<typeof hmacSettingsSchema>;

export function createCheckHmacHeader({ header, prefix, encoding, algorithm }: HmacSettings): Check {
  return (keys, { headers, body }) => {
    const value = headers.get(header);
    if (value === null) return "absent";
    if (body === null) return "body-needed";
    // An empty body has the same signature in every request, for ever.
    if (body.length === 0) return "absent";
    if (value.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return "wrong";
    const sent = value.slice(prefix.length).trim();
    const signature = headerBytes(encoding === "hex" ? sent.toLowerCase() : sent);
    return opens(keys, (key) =>
      isSame(signature, Buffer.from(createHmac(algorithm, key.hmac).update(body).digest(encoding))),
    );
  };
}
