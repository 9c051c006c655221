import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { createAuthenticate } from "../../src/auth/authenticate.ts";
import { hmacSettingsSchema } from "../../src/auth/hmac-header.ts";
import { toCloudEvent, toHeaders } from "../../src/callbacks/envelope.ts";
import type { Callback, CallbackData } from "../../src/model/callback.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";

const NOW = Date.parse("2026-11-23T10:00:00.250Z");
const WHSEC = `whsec_${Buffer.from("twenty-four bytes of key").toString("base64")}`;

const data: CallbackData = {
  bot: "shop/assistant",
  session: "chat-1",
  handoffId: "01A",
  state: "assigned",
  control: "agent",
  reason: "customer-asked",
  conversationId: "C1",
  agent: { id: "A1", name: "Ana" },
};
const callback: Callback = {
  id: "01CB",
  bot: "shop/assistant",
  sessionId: 1,
  handoffId: "01A",
  type: "agent.joined",
  data,
  state: "sent",
  setAsideBecause: null,
  tries: 3,
  triesSince: NOW,
  nextAt: NOW,
  fence: 3,
  createdAt: NOW,
};

describe("toCloudEvent", () => {
  it("is CloudEvents 1.0 in structured mode", () => {
    expect(JSON.parse(toCloudEvent(callback, data))).toEqual({
      specversion: "1.0",
      id: "01CB",
      source: "/v1/bots/shop%2Fassistant",
      type: "agent.joined",
      subject: "chat-1",
      time: "2026-11-23T10:00:00.250Z",
      datacontenttype: "application/json",
      data,
    });
  });
});

describe("toHeaders", () => {
  const headersOf = (body: string, secrets: string[], now = Date.now()) => toHeaders("01CB", body, secrets, now) ?? {};

  it("signs so that the library verifies it with each of the active secrets, and with no other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText({ minLength: 1 }), (value, plain) => {
        fc.pre(!plain.startsWith("whsec_") && plain.isWellFormed());
        const body = JSON.stringify(value);
        const headers = headersOf(body, [plain, WHSEC]);
        const old = new Webhook(WHSEC);
        const raw = new Webhook(Buffer.from(plain), { format: "raw" });
        expect(old.verify(body, headers)).toEqual(JSON.parse(body));
        expect(raw.verify(body, headers)).toEqual(JSON.parse(body));
        expect(() => new Webhook(Buffer.from(`${plain}x`), { format: "raw" }).verify(body, headers)).toThrow();
        expect(() => old.verify(`${body} `, headers)).toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it("signs what our own verifying side takes", () => {
    const body = toCloudEvent(callback, data);
    const authenticate = createAuthenticate({
      secrets: new Map([["b", [WHSEC]]]),
      hmac: hmacSettingsSchema.parse({}),
      now: () => NOW,
    });
    const headers = new Headers(headersOf(body, ["another", WHSEC], NOW));
    expect(authenticate("b", headers, Buffer.from(body))).toMatchObject({ ok: true });
  });

  it("keeps the id over tries, and signs each with its own time", () => {
    const [first, second] = [headersOf("{}", ["s"], NOW), headersOf("{}", ["s"], NOW + 5_000)];
    expect(second["webhook-id"]).toBe(first["webhook-id"]);
    expect(Number(second["webhook-timestamp"]) - Number(first["webhook-timestamp"])).toBe(5);
    expect(second["webhook-signature"]).not.toBe(first["webhook-signature"]);
  });

  it("signs with nothing that anybody could sign with", () => {
    expect(toHeaders("01CB", "{}", [], NOW)).toBeNull();
    expect(toHeaders("01CB", "{}", ["whsec_", ""], NOW)).toBeNull();
    expect(headersOf("{}", ["whsec_", "s"])["webhook-signature"]).not.toContain(" ");
  });
});
