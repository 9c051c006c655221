import { mkdtempSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { z } from "zod";
import type { OutgoingRequest } from "../../src/callbacks/sender.ts";
import { parseConfig } from "../../src/config.ts";
import { defineFlow } from "../../src/escalation/flow.ts";
import { ledgerViewSchema } from "../../src/http/views/handoff-view.ts";
import { callbackDataSchema } from "../../src/model/callback.ts";
import { startService } from "../../src/node.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { atTheEnd, until } from "../support/process.ts";
import { createWorld, SECRET } from "../support/world.ts";
import { answered } from "./stage.ts";

const DAY = 24 * 3_600_000;

const flowTo = (url: string) =>
  defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    callbacks: { url },
  });

async function add(record: SessionRecord, now: number): Promise<void> {
  await record.commit((t) => {
    const session = t.sessions.find("shop-assistant", "s1") ?? t.sessions.open("shop-assistant", "s1", now);
    const common = { bot: "shop-assistant", handoffId: null };
    const data = { ...common, session: "s1", state: null, control: "bot" as const, reason: null, conversationId: "C1" };
    t.callbacks.add({ ...common, id: "cb-1", sessionId: session.id, type: "handoff.returned", data, now });
  });
}

it("tells the bot over HTTP what an earlier run left in the outbox, where its host is allowed", async () => {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const bot = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    heard.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => bot.listen(0, "127.0.0.1", done));
  atTheEnd(() => bot.close());
  const host = `127.0.0.1:${(bot.address() as AddressInfo).port}`;
  const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
  const before = createSqliteRecord(path);
  await add(before, Date.now());
  await before.close();

  const start = async (allowed: string) => {
    const config = parseConfig({
      PORT: "0",
      DATABASE_PATH: path,
      LOG_LEVEL: "error",
      BOT_SECRETS: JSON.stringify({ "shop-assistant": ["a secret of the bot's"] }),
      CALLBACK_ALLOWED_HOSTS: allowed,
    });
    if (!config.ok) throw new Error(config.error.join());
    return startService(config.value, [flowTo(`http://${host}/callbacks`)]);
  };
  const state = () => {
    const record = createSqliteRecord(path);
    const [callback, attempts] = record.read(
      (t) => [t.callbacks.byId("cb-1"), t.callbacks.attemptsOf("cb-1")] as const,
    );
    return record.close().then(() => ({ callback, attempts }));
  };

  const refusing = await start("");
  await refusing.stop();
  expect(heard).toEqual([]);
  expect((await state()).attempts).toMatchObject([{ outcome: "refused", code: "not-https" }]);

  // The schedule has its next try within 5 s.
  const allowing = await start(host);
  await until(() => heard[0]);
  await allowing.stop();
  expect(heard).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: "" }] = heard;
  const webhook = new Webhook("a secret of the bot's", { format: "raw" });
  const event = webhook.verify(body, {
    "webhook-id": String(headers["webhook-id"]),
    "webhook-timestamp": String(headers["webhook-timestamp"]),
    "webhook-signature": String(headers["webhook-signature"]),
  });
  expect(event).toMatchObject({ specversion: "1.0", id: "cb-1", type: "handoff.returned", subject: "s1" });
  expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
  expect((await state()).callback).toMatchObject({ state: "done", data: null });
});

it("tells a bot of its handoff, and shows every try among the handoff's steps, to the operator and to the bot", async () => {
  const sent: OutgoingRequest[] = [];
  let status = 503;
  const send = async (message: OutgoingRequest) => {
    sent.push(message);
    return answered(status);
  };
  const world = createWorld(undefined, {
    callbacks: { send, botSecrets: new Map([["shop-assistant", [SECRET]]]) },
    flows: [flowTo("https://shop.example/callbacks")],
  });
  const { received } = await world.deliver({ type: "handoff.requested", reason: "refund" });
  const id = received.handoffId ?? "";
  await world.service.callbacks?.idle();
  status = 204;
  await world.pass(5_000);
  await world.service.callbacks?.idle();

  const body = z
    .object({ data: callbackDataSchema })
    .loose()
    .parse(JSON.parse(sent[0]?.body ?? ""));
  expect(body).toMatchObject({ type: "handoff.routed", data: { handoffId: id, state: "routed", control: "queue" } });
  expect(sent.map((it) => it.body)).toEqual([sent[0]?.body, sent[0]?.body]);

  const steps = async (response: Response | Promise<Response>) =>
    ledgerViewSchema.parse(await (await response).json()).steps.filter(({ name }) => name.startsWith("callback"));
  const attempt = { ms: 0, requestId: null };
  const shown = await steps(world.operate(`/handoffs/${id}`, "GET"));
  expect(shown).toMatchObject([
    {
      name: "callback:handoff.routed",
      state: "done",
      attempts: [
        { ...attempt, outcome: "unknown", status: 503, reason: "failed" },
        { ...attempt, outcome: "ok", status: 204, reason: null },
      ],
    },
  ]);
  const headers = { authorization: `Bearer ${SECRET}` };
  expect(await steps(world.request(`/v1/bots/shop-assistant/handoffs/${id}`, { headers }))).toEqual(shown);
});

it("shows an operator what was set aside, and sends it again, in order, when they ask for that", async () => {
  const sent: string[] = [];
  let status = 400;
  const send = async ({ body }: OutgoingRequest) => {
    if (status === 204) sent.push(JSON.parse(body).type);
    return answered(status);
  };
  const world = createWorld(undefined, {
    callbacks: { send, botSecrets: new Map([["shop-assistant", [SECRET]]]) },
    flows: [flowTo("https://shop.example/callbacks")],
  });
  const { received } = await world.deliver({ type: "handoff.requested", reason: "refund" });
  const id = received.handoffId ?? "";
  for (let passed = 0; passed < 10; passed += 1) {
    await world.pass(60_000);
    await world.service.callbacks?.idle();
  }
  const show = async (response: Response | Promise<Response>) => ledgerViewSchema.parse(await (await response).json());
  const shown = await show(world.operate(`/handoffs/${id}`, "GET"));
  const told = shown.steps.filter((step) => "callback" in step);
  const callback = told.find(({ name }) => name === "callback:handoff.routed");
  expect(callback).toMatchObject({ state: "refused", setAsideBecause: "refused" });
  expect(callback?.attempts).toHaveLength(5);

  expect((await world.operate(`/handoffs/${id}/callbacks/nothing/resend`)).status).toBe(404);
  expect((await world.operate("/handoffs/01HXXXX/resend")).status).toBe(404);
  status = 204;
  const resent = await show(world.operate(`/handoffs/${id}/resend`));
  expect(resent.steps.find(({ name }) => name === "callback:handoff.routed")).toMatchObject({
    setAsideBecause: null,
  });
  await world.service.callbacks?.idle();
  expect(sent).toEqual(["handoff.routed"]);

  const again = await world.operate(`/handoffs/${id}/callbacks/${callback?.callback}/resend`);
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ type: "urn:baton:problem:callback-not-resendable", state: "done" });
});

it("forgets callbacks that are over after 35 days", async () => {
  const world = createWorld(undefined, {
    callbacks: { send: async () => answered(204), botSecrets: new Map([["shop-assistant", [SECRET]]]) },
    flows: [flowTo("https://shop.example/callbacks")],
  });
  await add(world.record, world.now());
  await world.service.resume();
  await world.service.callbacks?.idle();
  const state = () => world.record.read((t) => t.callbacks.byId("cb-1"))?.state;
  expect(state()).toBe("done");
  world.move(35 * DAY);
  await world.service.prune();
  expect(state()).toBe("done");
  world.move(1);
  await world.service.prune();
  expect(state()).toBeUndefined();
  await world.service.stop();
});

it("stops once what is on its way has ended", async () => {
  const world = createWorld(undefined, {
    callbacks: { send: async () => answered(204), botSecrets: new Map([["shop-assistant", [SECRET]]]) },
    flows: [flowTo("https://shop.example/callbacks")],
  });
  await add(world.record, world.now());
  await world.service.resume();
  await world.service.stop();
  expect(world.record.read((t) => t.callbacks.byId("cb-1"))?.state).toBe("done");
});
