import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticateWith, bytes, nowSeconds, refused, valid } from "../events/support/credentials.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";

const secret = `whsec_${Buffer.from("a key of thirty-two bytes, or so").toString("base64")}`;
const oldSecret = "an old secret, no base64: žaba";
const authenticate = authenticateWith({ secrets: { ana: [secret, oldSecret] } });

interface Signed {
  id: string;
  timestamp: string;
  signature: string;
  body: Uint8Array;
}

const toHeaders = ({ id, timestamp, signature }: Omit<Signed, "body">) =>
  new Headers({ "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature });

const ask = ({ body, ...headers }: Signed) => authenticate("ana", toHeaders(headers), body);

/** Signs with the package that the specification's authors publish. */
function signed({
  id = "msg_1",
  seconds = nowSeconds,
  text = '{"session":"s1"}',
  by = new Webhook(secret),
} = {}): Signed {
  return { id, timestamp: `${seconds}`, signature: by.sign(id, new Date(seconds * 1_000), text), body: bytes(text) };
}

const accepts = (request: Signed) => expect(ask(request)).toEqual(valid("standard-webhooks"));
const refuses = (request: Signed, reason = "wrong-credentials") => expect(ask(request)).toEqual(refused(reason));

/** An id has no space at its ends, since headers are trimmed, and no dot, since dots join the signed parts. */
const anyId = fc
  .string({ unit: "binary-ascii", minLength: 1 })
  .map((text) => `m${text.replace(/[^\x20-\x7e]|\./g, "")}m`);

describe("a Standard Webhooks signature", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: nowSeconds * 1_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is accepted as the reference signs it, over any id, time and text", () => {
    const anySeconds = fc.integer({ min: nowSeconds - 300, max: nowSeconds + 300 });
    fc.assert(
      fc.property(anyId, anySeconds, anyText(), (id, seconds, text) => {
        accepts(signed({ id, seconds, text }));
      }),
    );
  });

  it("is refused with a dot in its id: what is signed could be parted in two ways", () => {
    refuses(signed({ id: "msg.1" }));
  });

  it("waits for the body, unless its time or its bot makes that useless", () => {
    const early = (it: Omit<Signed, "body">, bot = "ana") => authenticate(bot, toHeaders(it), null);
    expect(early(signed())).toEqual(refused("body-needed"));
    expect(early(signed({ seconds: nowSeconds - 301 }))).toEqual(refused("stale"));
    expect(early(signed(), "nobody")).toEqual(refused("wrong-credentials"));
  });

  it("is accepted with the key's bytes where the secret is not base64", () => {
    accepts(signed({ by: new Webhook(Buffer.from(oldSecret), { format: "raw" }) }));
  });

  it("is accepted under the names that Svix gives its headers, and only when all three have them", () => {
    const { id, timestamp, signature, body } = signed();
    const svix = { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature };
    const answer = (headers: Record<string, string>) => authenticate("ana", new Headers(headers), body);
    expect(answer(svix)).toEqual(valid("standard-webhooks"));
    expect(answer({ ...svix, "webhook-id": "other" })).toEqual(valid("standard-webhooks"));
    expect(answer({ ...svix, "svix-id": "other" })).toEqual(refused("wrong-credentials"));
    expect(answer({ ...svix, "svix-timestamp": `${nowSeconds - 301}` })).toEqual(refused("stale"));
    const mixed = { "svix-id": id, "webhook-timestamp": timestamp, "svix-signature": signature };
    expect(answer(mixed)).toEqual(refused("wrong-credentials"));
  });

  it("is refused once anything is altered, as by the reference", () => {
    const fields = fc.constantFrom("id", "timestamp", "signature", "body");
    fc.assert(
      fc.property(fields, fc.nat(), fc.integer({ min: 0x21, max: 0x7e }), (field, position, code) => {
        const good = signed();
        const before = field === "body" ? Buffer.from(good.body).toString() : good[field];
        const at = position % before.length;
        const after = `${before.slice(0, at)}${String.fromCharCode(code)}${before.slice(at + 1)}`;
        fc.pre(after !== before);
        const altered = { ...good, [field]: field === "body" ? bytes(after) : after };
        const headers = {
          "webhook-id": altered.id,
          "webhook-timestamp": altered.timestamp,
          "webhook-signature": altered.signature,
        };
        const text = Buffer.from(altered.body).toString();
        expect(() => new Webhook(secret).verify(text, headers, { jsonParse: false })).toThrow();
        expect(ask(altered).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each([-300, -299, 0, 299, 300])("is accepted %i s off", (seconds) => {
    accepts(signed({ seconds: nowSeconds + seconds }));
  });

  it.each([-100_000, -301, 301, 100_000])("is stale %i s off", (seconds) => {
    refuses(signed({ seconds: nowSeconds + seconds }), "stale");
  });

  it.each([
    `${nowSeconds}abc`,
    `${nowSeconds}.0`,
    ` ${nowSeconds} 1`,
    `-${nowSeconds}`,
    "",
    "1e9",
    "0x6b49d200",
    "9".repeat(30),
  ])("is refused with the time %j", (timestamp) => {
    refuses({ ...signed(), timestamp });
  });

  it("is refused without an id", () => {
    refuses(signed({ id: "" }));
  });

  it("is refused when cut short, of another version, or without one", () => {
    const { signature } = signed();
    const value = signature.slice("v1,".length);
    const others = [
      signature.slice(0, -1),
      "v1,",
      "",
      `v1a,${value}`,
      `v2,${value}`,
      `V1,${value}`,
      value,
      `v1 ${value}`,
    ];
    for (const other of others) refuses({ ...signed(), signature: other });
  });

  it("is found among several", () => {
    const { signature } = signed();
    accepts({ ...signed(), signature: `v1a,xyz v1,${"A".repeat(44)} ${signature}` });
  });

  it("is looked for among the first twenty", () => {
    const { signature } = signed();
    const others = (count: number) => Array(count).fill(`v1,${"A".repeat(43)}=`);
    accepts({ ...signed(), signature: [...others(19), signature].join(" ") });
    refuses({ ...signed(), signature: [...others(20), signature].join(" ") });
  });

  it("is made with the old secret or the new one while both are active", () => {
    const by = (raw: string) => signed({ by: new Webhook(Buffer.from(raw), { format: "raw" }) });
    accepts(signed());
    accepts(by(oldSecret));
    refuses(by("a retired secret"));
    const { body, ...headers } = by(oldSecret);
    const withoutOld = authenticateWith({ secrets: { ana: [secret] } });
    expect(withoutOld("ana", toHeaders(headers), body)).toEqual(refused("wrong-credentials"));
  });

  it("holds for one body only, also of bytes that are no text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(), (body, position) => {
        const { id, timestamp } = signed();
        const mac = createHmac("sha256", oldSecret).update(`${id}.${timestamp}.`).update(body).digest("base64");
        const good = { id, timestamp, signature: `v1,${mac}`, body };
        accepts(good);
        refuses({ ...good, body: body.map((byte, at) => (at === position % body.length ? byte ^ 1 : byte)) });
      }),
    );
  });

  it("of a replacement character does not hold for the bytes it replaces", () => {
    const replacement = signed({ text: "\ufffd" });
    accepts(replacement);
    refuses({ ...replacement, body: Uint8Array.of(0xff) });
    refuses({ ...replacement, body: Uint8Array.of(0xfe) });
  });
});
