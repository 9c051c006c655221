import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hmacSettingsSchema } from "../../src/auth/hmac-header.ts";
import { authenticateWith, body, refused, valid } from "../events/support/credentials.ts";

const digest = (algorithm: string, encoding: "hex" | "base64", secret = "new-secret") =>
  createHmac(algorithm, secret).update(body).digest(encoding);

const ask = (headers: Record<string, string>, hmac = {}, sent = body) =>
  authenticateWith({ hmac })("ana", new Headers(headers), sent);

describe("an HMAC header", () => {
  it.each([
    ["SHA256=", (hex: string) => hex],
    ["sha256=", (hex: string) => hex],
    ["Sha256=", (hex: string) => hex.toUpperCase()],
    ["SHA256= ", (hex: string) => hex],
  ])("is accepted with the prefix %s", (prefix, write) => {
    expect(ask({ "X-Hub-Signature": `${prefix}${write(digest("sha256", "hex"))}` })).toEqual(valid("hmac"));
  });

  it.each([
    ["no prefix", digest("sha256", "hex")],
    ["another prefix", `SHA512=${digest("sha256", "hex")}`],
    ["another algorithm", `SHA256=${digest("sha512", "hex")}`],
    ["another encoding", `SHA256=${digest("sha256", "base64")}`],
    ["the signature cut short", `SHA256=${digest("sha256", "hex").slice(0, -2)}`],
    ["more behind it", `SHA256=${digest("sha256", "hex")}00`],
    ["nothing behind the prefix", "SHA256="],
    ["nothing", ""],
  ])("is refused with %s", (_, value) => {
    expect(ask({ "X-Hub-Signature": value })).toEqual(refused("wrong-credentials"));
  });

  it("is refused for another body, also one that decodes to the same text", () => {
    const signature = createHmac("sha256", "new-secret").update(Uint8Array.of(0xff)).digest("hex");
    const headers = { "X-Hub-Signature": `SHA256=${signature}` };
    expect(ask(headers, {}, Uint8Array.of(0xff))).toEqual(valid("hmac"));
    expect(ask(headers, {}, Uint8Array.of(0xfe))).toEqual(refused("wrong-credentials"));
  });

  it("takes the secret as it is written, base64 or not", () => {
    const secret = "whsec_bmV3LXNlY3JldA==";
    const authenticate = authenticateWith({ secrets: { ana: [secret] } });
    const headers = new Headers({ "X-Hub-Signature": `SHA256=${digest("sha256", "hex", secret)}` });
    expect(authenticate("ana", headers, body)).toEqual(valid("hmac"));
  });

  it("has a name, a prefix, an encoding and an algorithm that can be set", () => {
    const settings = { header: "X-Ib-Hmac-Signature", prefix: "", encoding: "base64", algorithm: "HMAC_SHA_512" };
    expect(ask({ "x-ib-hmac-signature": digest("sha512", "base64") }, settings)).toEqual(valid("hmac"));
    expect(ask({ "x-ib-hmac-signature": digest("sha512", "base64").toLowerCase() }, settings).ok).toBe(false);
    expect(ask({ "X-Hub-Signature": `SHA256=${digest("sha256", "hex")}` }, settings)).toEqual(
      refused("no-credentials"),
    );
  });
});

it("proves no request without a body: its signature would be one for all, for ever", () => {
  const ofNothing = createHmac("sha256", "new-secret").update("").digest("hex");
  const headers = new Headers({ "x-hub-signature": `SHA256=${ofNothing}` });
  expect(authenticateWith()("ana", headers, new Uint8Array())).toEqual(refused("no-credentials"));
});

describe("the settings of the HMAC header", () => {
  it("default to what a push was seen to carry", () => {
    expect(hmacSettingsSchema.parse({})).toEqual({
      header: "X-Hub-Signature",
      prefix: "SHA256=",
      encoding: "hex",
      algorithm: "sha256",
    });
  });

  it.each([
    ["SHA-256", "sha256"],
    ["HMAC_SHA_1", "sha1"],
    ["hmac-sha384", "sha384"],
  ])("read the algorithm %s", (algorithm, expected) => {
    expect(hmacSettingsSchema.parse({ algorithm }).algorithm).toBe(expected);
  });

  it.each([
    { algorithm: "none" },
    { algorithm: 256 },
    { encoding: "utf8" },
    { header: "no header" },
    { header: "" },
    { name: "x" },
  ])("refuse %j", (settings) => {
    expect(hmacSettingsSchema.safeParse(settings).success).toBe(false);
  });
});
