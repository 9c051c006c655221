import { expect, it } from "vitest";
import { createAuthenticate } from "../../src/auth/authenticate.ts";
import { hmacSettingsSchema } from "../../src/auth/hmac-header.ts";
import { toCloudEvent, toHeaders } from "../../src/callbacks/envelope.ts";
import { startCallbackReceiver } from "../../src/cli/demo/callback-receiver.ts";
import type { Callback, CallbackData } from "../../src/model/callback.ts";
import { atTheEnd } from "../support/process.ts";

const data: CallbackData = {
  bot: "shop-assistant",
  session: "s1",
  handoffId: "h1",
  state: "assigned",
  control: "agent",
  reason: "asked",
  conversationId: "C1",
};

const callback: Callback = {
  ...{ id: "c1", bot: data.bot, sessionId: 1, handoffId: data.handoffId, type: "agent.joined", data, state: "sent" },
  ...{ setAsideBecause: null, tries: 1, triesSince: null, nextAt: null, fence: 1, createdAt: 0 },
};

it("a receiver of callbacks takes what is signed, and nothing else", async () => {
  const verify = createAuthenticate({
    secrets: new Map([["shop-assistant", ["a secret"]]]),
    hmac: hmacSettingsSchema.parse({}),
    now: Date.now,
  });
  const receiver = await startCallbackReceiver("shop-assistant", () => verify);
  atTheEnd(() => void receiver.stop());
  const body = toCloudEvent(callback, data);
  const post = async (headers: Record<string, string> | null) =>
    (await fetch(receiver.url, { method: "POST", headers: headers ?? {}, body })).status;

  expect(await post({})).toBe(401);
  expect(await post({ authorization: "Bearer a secret" })).toBe(401);
  expect(await post(toHeaders("c1", body, ["another secret"], Date.now()))).toBe(401);
  const next = receiver.next("agent.joined");
  expect(await post(toHeaders("c1", body, ["a secret"], Date.now()))).toBe(204);
  expect(await next).toEqual(JSON.parse(body));
  await receiver.stop();
});
