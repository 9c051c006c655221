import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { authenticateWith, basic, body, nowSeconds, refused, valid } from "../events/support/credentials.ts";
import { fc } from "../fuzz/fast-check.ts";

const authenticate = authenticateWith();
const ask = (bot: string, headers: Record<string, string>) => authenticate(bot, new Headers(headers), body);
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const hmac = (secret: string) => ({
  "x-hub-signature": `SHA256=${createHmac("sha256", secret).update(body).digest("hex")}`,
});
const webhook = (secret: string, seconds = nowSeconds) => ({
  "webhook-id": "m1",
  "webhook-timestamp": `${seconds}`,
  "webhook-signature": new Webhook(secret, { format: "raw" }).sign("m1", new Date(seconds * 1_000), body.toString()),
});

const methods = [
  ["bearer", bearer],
  ["basic", (secret: string, bot: string) => basic(bot, secret)],
  ["standard-webhooks", (secret: string) => webhook(secret)],
  ["hmac", hmac],
] as const;

describe.each(methods)("authenticate by %s", (method, credentials) => {
  it("accepts each active secret of the bot", () => {
    expect(ask("ana", credentials("new-secret", "ana"))).toEqual(valid(method));
    expect(ask("ana", credentials("old-secret", "ana"))).toEqual(valid(method));
  });

  it("refuses another bot's secret, and any for a bot without one", () => {
    expect(ask("bruno", credentials("new-secret", "bruno"))).toEqual(refused("wrong-credentials"));
    expect(ask("cora", credentials("new-secret", "cora"))).toEqual(refused("wrong-credentials"));
  });

  it("answers for an unknown bot as for a wrong secret", () => {
    for (const bot of ["nobody", "__proto__", "constructor", ""]) {
      expect(ask(bot, credentials("new-secret", bot))).toEqual(ask("ana", credentials("guess", "ana")));
    }
  });

  it("accepts nothing but the whole secret", () => {
    const guesses = fc.oneof(
      fc.string({ unit: "binary-ascii", minLength: 1 }),
      fc.constantFrom("new-secre", "new-secret1"),
    );
    fc.assert(
      fc.property(guesses, (guess) => {
        const printable = guess.replace(/[^\x21-\x7e]/g, "x");
        expect(ask("ana", credentials(printable, "ana"))).toEqual(refused("wrong-credentials"));
      }),
    );
  });
});

describe("authenticate", () => {
  it("says when there are no credentials that it knows", () => {
    expect(ask("ana", {})).toEqual(refused("no-credentials"));
    expect(ask("ana", { authorization: "App new-secret" })).toEqual(refused("no-credentials"));
    expect(ask("nobody", {})).toEqual(refused("no-credentials"));
  });

  it("accepts a request of which any credentials are valid", () => {
    expect(ask("ana", { ...bearer("guess"), ...hmac("new-secret") })).toEqual(valid("hmac"));
    expect(ask("ana", { ...webhook("new-secret", 1), ...bearer("new-secret") })).toEqual(valid("bearer"));
    expect(ask("ana", { ...webhook("new-secret", 1), ...hmac("new-secret") })).toEqual(valid("hmac"));
  });

  it("refuses one of which none are", () => {
    expect(ask("ana", { ...bearer("guess"), ...hmac("guess"), ...webhook("guess") })).toEqual(
      refused("wrong-credentials"),
    );
  });

  it("accepts no empty secret and nothing signed with an empty key", () => {
    const careless = authenticateWith({ secrets: { ana: [""], bruno: ["whsec_"] } });
    const signature = createHmac("sha256", "").update(`m1.${nowSeconds}.`).update(body).digest("base64");
    const signed = { ...webhook("any"), "webhook-signature": `v1,${signature}` };
    for (const headers of [signed, hmac(""), bearer(""), basic("ana", ""), basic("bruno", ""), basic("", "")]) {
      expect(careless("ana", new Headers(headers), body).ok).toBe(false);
      expect(careless("bruno", new Headers(headers), body).ok).toBe(false);
      expect(careless("nobody", new Headers(headers), body).ok).toBe(false);
    }
  });
});

describe.each(methods)("the use of a secret by %s", (_, credentials) => {
  it("is told by its place, and only where a request is accepted", () => {
    const uses: unknown[] = [];
    const watched = authenticateWith({ onUse: (bot, place) => uses.push([bot, place]) });
    for (const [bot, secret] of [
      ["ana", "old-secret"],
      ["ana", "guess"],
      ["nobody", "old-secret"],
      ["ana", "new-secret"],
    ] as const) {
      watched(bot, new Headers(credentials(secret, bot)), body);
    }
    expect(uses).toEqual([
      ["ana", 1],
      ["ana", 0],
    ]);
  });
});
