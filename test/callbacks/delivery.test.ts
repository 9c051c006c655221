import { Hono } from "hono";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { z } from "zod";
import type { OutgoingRequest } from "../../src/callbacks/sender.ts";
import { callbackDataSchema } from "../../src/model/callback.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { Tables } from "../../src/store/store.ts";
import { createBreakableRecord } from "../support/broken-storage.ts";
import { answered, createHeld, createStage, SECRETS, START, settle } from "./stage.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const hostOf = ({ url }: OutgoingRequest) => new URL(url).host;

it("tells the bot once, in a CloudEvent that it can verify with any of its secrets", async () => {
  const heard: unknown[] = [];
  const bot = new Hono().post("/callbacks", async (c) => {
    const body = await c.req.text();
    // The library reads the real clock, and this test has its own.
    const headers = Object.fromEntries(c.req.raw.headers);
    const signatures = SECRETS.map((secret) => {
      const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
      return webhook.sign(headers["webhook-id"] ?? "", new Date(START), body);
    });
    expect(headers["webhook-signature"]).toBe(signatures.join(" "));
    expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
    heard.push(JSON.parse(body));
    return c.body(null, 204);
  });
  const stage = createStage({
    network: async ({ url, headers, body }) => {
      const response = await bot.request(url, { method: "POST", headers, body });
      return answered(response.status, response.headers.get("retry-after"));
    },
  });
  const id = await stage.add("chat-1", "shop-bot", "agent.joined", { agent: { id: "A1", name: "Ana" } });
  await stage.wake();
  await stage.pass(24 * HOUR);

  expect(heard).toHaveLength(1);
  const event = z.looseObject({ id: z.string(), data: callbackDataSchema }).parse(heard[0]);
  expect(event).toMatchObject({ id, type: "agent.joined", subject: "chat-1", source: "/v1/bots/shop-bot" });
  expect(event.data).toMatchObject({ control: "agent", agent: { id: "A1", name: "Ana" } });
  expect(stage.callback(id)).toMatchObject({ state: "done", tries: 1, data: null });
  expect(stage.attempts(id)).toMatchObject([{ outcome: "ok", status: 204, sentAt: START, endedAt: START }]);
});

it("tries again by the schedule under the same id, and sets aside with an alert after ten tries", async () => {
  const stage = createStage({ network: () => ({ kind: "unanswered", code: "timeout" }) });
  const id = await stage.add("chat-1");
  await stage.wake();
  for (const seconds of [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000]) await stage.pass(seconds * 1_000);
  expect(stage.sent).toHaveLength(9);
  expect(stage.callback(id)).toMatchObject({ state: "ready", tries: 9, triesSince: START });
  expect(stage.callback(id)?.data).not.toBeNull();

  await stage.pass(86_400_000);
  expect(stage.sent).toHaveLength(10);
  expect(new Set(stage.sent.map((it) => it.id))).toEqual(new Set([id]));
  expect(new Set(stage.sent.map((it) => it.headers["webhook-timestamp"])).size).toBe(10);
  expect(new Set(stage.sent.map((it) => it.body)).size).toBe(1);
  expect(stage.callback(id)).toMatchObject({ state: "refused", setAsideBecause: "timeout", nextAt: null });
  expect(stage.lines.filter(({ level }) => level === "error")).toMatchObject([
    { fields: { callback: id, bot: "shop-bot", reason: "timeout", count: 10 } },
  ]);
  await stage.pass(100 * HOUR);
  expect(stage.sent).toHaveLength(10);
});

it("keeps the order of a session, whatever fails, and holds up no other session", async () => {
  let isDown = true;
  const stage = createStage({ network: ({ body }) => answered(isDown && body.includes('"chat-1"') ? 503 : 200) });
  const ids = [await stage.add("chat-1"), await stage.add("chat-1"), await stage.add("chat-1")];
  const other = await stage.add("chat-2");
  await stage.wake();
  expect(stage.sent.map(({ id }) => id)).toEqual([ids[0], other]);
  await stage.pass(5_000);
  isDown = false;
  await stage.pass(5 * MINUTE);
  expect(stage.sent.map(({ id }) => id)).toEqual([ids[0], other, ids[0], ids[0], ids[1], ids[2]]);
});

it("goes on with a session whose callback is set aside", async () => {
  const stage = createStage({ network: ({ headers }) => answered(headers["webhook-id"] === "cb-1" ? 410 : 200) });
  const [first, second] = [await stage.add("chat-1"), await stage.add("chat-1")];
  await stage.wake();
  expect(stage.callback(first)).toMatchObject({ state: "refused", tries: 1, setAsideBecause: "gone" });
  expect(stage.attempts(first)).toMatchObject([{ outcome: "refused", status: 410, code: "gone" }]);
  expect(stage.callback(second)).toMatchObject({ state: "done" });
});

it("leaves a host alone as long as its 429 asks, for at most ten minutes on account of one callback", async () => {
  let answer = answered(429, "7200");
  const stage = createStage({ network: () => answer });
  const first = await stage.add("chat-1");
  await stage.wake();
  answer = answered(200);
  const second = await stage.add("chat-2");
  await stage.wake();
  await stage.pass(9 * MINUTE);
  expect(stage.sent.map(({ id }) => id)).toEqual([first]);
  await stage.pass(1 * MINUTE);
  expect(stage.sent.map(({ id }) => id)).toEqual([first, second]);
  await stage.pass(110 * MINUTE);
  expect(stage.sent.map(({ id }) => id)).toEqual([first, second, first]);
});

it("alerts at the first answer that only a person can change, once a bot, and says when it is over", async () => {
  let status = 401;
  const stage = createStage({ network: () => answered(status) });
  const first = await stage.add("chat-1");
  await stage.add("chat-2");
  await stage.wake();
  await stage.pass(5_000);
  const errors = () => stage.lines.filter(({ level }) => level === "error");
  expect(errors()).toMatchObject([{ fields: { bot: "shop-bot", status: 401, count: 1 } }]);
  status = 200;
  await stage.pass(5 * MINUTE);
  expect(stage.callback(first)).toMatchObject({ state: "done", tries: 3 });
  expect(errors()).toHaveLength(1);
  expect(stage.lines.filter(({ level }) => level === "info")).toMatchObject([{ fields: { bot: "shop-bot" } }]);
});

it("sends again, under the same id, what a process had on its way when it died, and the dead one's answer changes nothing", async () => {
  const held = createHeld();
  let network: () => ReturnType<typeof held.network> | ReturnType<typeof answered> = held.network;
  const stage = createStage({ network: () => network() });
  const id = await stage.add("chat-1");
  stage.delivery.wake();
  await settle();
  expect(stage.attempts(id)).toMatchObject([{ fence: 1, outcome: null }]);

  network = () => answered(503);
  const next = stage.start();
  await next.begin();
  await next.idle();
  expect(stage.sent.map((it) => it.id)).toEqual([id, id]);
  held.letGo(answered(200));
  await stage.delivery.idle();
  expect(stage.callback(id)).toMatchObject({ state: "ready", tries: 2 });
  expect(stage.attempts(id)).toMatchObject([
    { fence: 1, outcome: "ok" },
    { fence: 2, outcome: "unknown", status: 503 },
  ]);
});

it("commits the intent before the request leaves", async () => {
  const stage = createStage({
    network: ({ headers }) => {
      expect(stage.callback(headers["webhook-id"] ?? "")).toMatchObject({ state: "sent", tries: 1 });
      return answered(200);
    },
  });
  const id = await stage.add("chat-1");
  await stage.wake();
  expect(stage.callback(id)?.state).toBe("done");
});

it("sends nothing twice at once, however long a request takes and wherever the clock jumps", async () => {
  const held = createHeld();
  const stage = createStage({ network: held.network });
  await stage.add("chat-1");
  stage.delivery.wake();
  await settle();
  const passing = stage.pass(60_000);
  await settle();
  expect(held.count()).toBe(1);
  held.letGo();
  await passing;
  expect(stage.sent).toHaveLength(1);
});

it("has eight places a host, which its bots share in turns, and a slow host takes none of another's", async () => {
  const held = createHeld();
  const urls = {
    crowd: "https://slow.example/a",
    single: "https://slow.example/b",
    quick: "https://quick.example/callbacks",
  };
  const stage = createStage({
    urls,
    network: (message) => (hostOf(message) === "slow.example" ? held.network() : answered(200)),
  });
  for (let n = 0; n < 30; n += 1) await stage.add(`chat-${n}`, "crowd");
  await stage.add("chat", "single");
  await stage.add("one", "quick");
  await stage.add("two", "quick");
  stage.delivery.wake();
  await settle();
  const to = (url: string) => stage.sent.filter((it) => it.url === url).length;
  expect([to(urls.crowd), to(urls.single), to(urls.quick)]).toEqual([7, 1, 2]);

  await stage.add("later", "quick");
  stage.delivery.wake();
  await settle();
  expect([to(urls.crowd) + to(urls.single), to(urls.quick)]).toEqual([8, 3]);
  while (held.count() > 0) {
    held.letGo();
    await settle();
  }
  await stage.delivery.idle();
  expect([to(urls.crowd), to(urls.single)]).toEqual([30, 1]);
});

it("lets the bots of a host take turns, so that one's crowd does not keep the other's waiting", async () => {
  const held = createHeld();
  const urls = { crowd: "https://slow.example/a", other: "https://slow.example/b" };
  const stage = createStage({ urls, network: held.network });
  for (let n = 0; n < 20; n += 1) await stage.add(`chat-${n}`, "crowd");
  stage.delivery.wake();
  await settle();
  await stage.add("chat", "other");
  held.letGo();
  await settle();
  expect(stage.sent.slice(8, 16).filter((it) => it.url === urls.other)).toHaveLength(1);
  while (held.count() > 0) {
    held.letGo();
    await settle();
  }
  await stage.delivery.idle();
});

it("ends what is on its way when it is stopped, and sends nothing more", async () => {
  const held = createHeld();
  const stage = createStage({ network: held.network });
  const [first, second] = [await stage.add("chat-1"), await stage.add("chat-1")];
  stage.delivery.wake();
  await settle();
  let isStopped = false;
  const stopping = stage.delivery.stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect(isStopped).toBe(false);
  held.letGo();
  await stopping;
  stage.delivery.wake();
  await stage.pass(24 * HOUR);
  expect(stage.sent).toHaveLength(1);
  expect(stage.callback(first)?.state).toBe("done");
  expect(stage.callback(second)?.state).toBe("ready");
});

it("keeps what it has no address or no secret for, says so, and sends it once it has", async () => {
  const without = createStage({ urls: { "shop-bot": null } });
  const id = await without.add("chat-1");
  await without.wake();
  expect(without.sent).toEqual([]);
  expect(without.attempts(id)).toMatchObject([{ outcome: "refused", code: "no-address" }]);
  expect(without.lines.map(({ level }) => level)).toEqual(["error"]);

  const unsigned = createStage({ record: without.record, secrets: new Map() });
  await unsigned.pass(5_000);
  await unsigned.wake();
  expect(unsigned.sent).toEqual([]);
  expect(unsigned.attempts(id)[1]).toMatchObject({ outcome: "refused", code: "no-secret" });

  const complete = createStage({ record: without.record });
  await complete.pass(5 * MINUTE + 5_000);
  await complete.wake();
  expect(complete.callback(id)).toMatchObject({ state: "done", tries: 3 });
});

it("sends what the full disk kept it from claiming, and what it kept it from recording, once there is space", async () => {
  const { record, lock, unlock } = createBreakableRecord();
  let isFailing = false;
  const stage = createStage({
    record,
    network: () => {
      if (isFailing) lock();
      return answered(200);
    },
  });
  const id = await stage.add("chat-1");
  lock();
  await stage.wake();
  expect(stage.sent).toEqual([]);
  unlock();
  isFailing = true;
  await stage.pass(1_000);
  await stage.pass(1_000);
  expect(stage.sent).toHaveLength(1);
  unlock();
  isFailing = false;
  await stage.pass(1_000);
  await stage.pass(2_000);
  expect(stage.sent.map((it) => it.id)).toEqual([id, id]);
  expect(stage.callback(id)?.state).toBe("done");
});

it("sets aside what it fails at itself, and goes on with the session", async () => {
  const stage = createStage({
    network: ({ headers }) => {
      if (headers["webhook-id"] === "cb-1") throw new Error("a bug of the sender");
      return answered(200);
    },
  });
  const [bad, later] = [await stage.add("chat-1"), await stage.add("chat-1")];
  await stage.wake();
  for (let tries = 0; tries < 20; tries += 1) await stage.pass(12 * HOUR);
  expect(stage.callback(bad)).toMatchObject({ state: "refused", setAsideBecause: "internal", tries: 10 });
  expect(stage.callback(later)?.state).toBe("done");
});

it("sets aside one that cannot be read, and holds up no other", async () => {
  const record = createSqliteRecord(":memory:");
  const over = (tables: Tables): Tables => ({
    ...tables,
    callbacks: {
      ...tables.callbacks,
      claim: (...given) => {
        if (given[0] === "cb-1") throw new Error("a row that cannot be read");
        return tables.callbacks.claim(...given);
      },
    },
  });
  const stage = createStage({
    record: {
      read: (work) => record.read((tables) => work(over(tables))),
      commit: (work) => record.commit((tables) => work(over(tables))),
    },
  });
  const [bad, other] = [await stage.add("chat-1"), await stage.add("chat-2")];
  await stage.wake();
  expect(stage.callback(other)?.state).toBe("done");
  const errors = () => stage.lines.filter(({ level }) => level === "error").length;
  for (let seconds = 0; seconds < 60; seconds += 1) await stage.pass(1_000);
  // Tries after 0, 1, 3, 7, 15 and 31 seconds.
  expect(errors()).toBe(6);
  for (let minutes = 0; minutes < 20; minutes += 1) await stage.pass(MINUTE);
  expect(stage.callback(bad)).toMatchObject({ state: "refused", setAsideBecause: "internal" });
});

it("wakes no more often than something comes due", async () => {
  const stage = createStage({ network: () => answered(503) });
  await stage.add("chat-1");
  await stage.wake();
  await stage.pass(5_000);
  await stage.pass(5 * MINUTE);
  const before = stage.armed();
  for (let minutes = 0; minutes < 29; minutes += 1) await stage.pass(MINUTE);
  expect(stage.sent).toHaveLength(3);
  expect(stage.armed() - before).toBe(29);
});

it("logs nothing of what is told, to whom, or where it goes", async () => {
  const PRIVATE = [
    "planted-session",
    "planted words",
    "planted message",
    "planted agent",
    "planted-path",
    "planted-key",
  ];
  const statuses = [500, 401, 302, 429, 200];
  const stage = createStage({
    urls: { "shop-bot": "https://shop.example/planted-path?key=planted-key" },
    network: () => answered(statuses.shift() ?? 410),
  });
  const words = { text: "planted words", message: "planted message", agent: { id: "a", name: "planted agent" } };
  await stage.add("planted-session", "shop-bot", "agent.message", words);
  await stage.add("planted-session", "shop-bot", "agent.message", words);
  await stage.wake();
  for (let tries = 0; tries < 6; tries += 1) await stage.pass(3 * HOUR);
  expect(stage.sent).toHaveLength(6);
  expect(stage.lines.length).toBeGreaterThan(5);
  const logged = JSON.stringify(stage.lines);
  for (const planted of [...PRIVATE, ...SECRETS]) expect(logged).not.toContain(planted);
});
