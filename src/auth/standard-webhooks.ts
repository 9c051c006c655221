import { createHmac } from "node:crypto";
import { type Check, headerBytes, isSame, opens } from "./check.ts";

/** The Standard Webhooks specification recommends it, in both directions. */
const TOLERANCE_SECONDS = 300;
/** A sender that rotates its secrets sends two or three. */
const SIGNATURES_MAX = 20;
const TIMESTAMP = /^\d{1,15}$/;
const VERSION = "v1,";

/** `webhook` is the specification's name of the headers; `svix` is the older name, which many senders still use. */
export function createCheckStandardWebhooks(now: () => number, prefixOfHeaders: "webhook" | "svix"): Check {
  return (keys, { headers, body }) => {
    const sent = headers.get(`${prefixOfHeaders}-signature`);
    if (sent === null) return "absent";
    const id = headers.get(`${prefixOfHeaders}-id`) ?? "";
    const timestamp = headers.get(`${prefixOfHeaders}-timestamp`) ?? "";
    // A dot separates the signed parts: with one in the id, two requests could have one signature.
    if (id === "" || id.includes(".") || !TIMESTAMP.test(timestamp)) return "wrong";
    if (Math.abs(Math.floor(now() / 1_000) - Number(timestamp)) > TOLERANCE_SECONDS) return "stale";
    if (body === null) return "body-needed";
    const signatures = sent
      .split(" ", SIGNATURES_MAX)
      .filter((signature) => signature.startsWith(VERSION))
      .map((signature) => headerBytes(signature.slice(VERSION.length)));
    const prefix = headerBytes(`${id}.${timestamp}.`);
    return opens(keys, ({ standardWebhooks }) => {
      const expected = createHmac("sha256", standardWebhooks).update(prefix).update(body).digest("base64");
      return signatures.some((signature) => isSame(signature, Buffer.from(expected)));
    });
  };
}
