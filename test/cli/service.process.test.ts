import { mkdtempSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { expect, it } from "vitest";
import { createEmulator } from "../../src/emulator/app.ts";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

it("shows a chat going to an agent and back, and a second time to an agent, and ends with 0", async () => {
  const demo = baton(["demo", "--once"]);
  expect(await demo.ended, demo.output()).toBe(0);
  const told = [
    /handoff, because customer-asked: routed; in control: bot → queue/,
    /Horvat of queue Support sees[\s\S]*Order A-1042[\s\S]*My card was \[card number\][\s\S]*takes the chat/,
    /callback agent\.joined \(Ana Horvat\), signature verified; in control: queue → agent/,
    /answers on WhatsApp\s+customer reads\s+Hello Iva/,
    /callback agent\.message, signature verified; in control: agent/,
    /callback handoff\.returned \(closed\), signature verified; in control: agent → bot/,
    /routed; in control: bot → queue[\s\S]*linked to the one before[\s\S]*continues …[0-9A-F]{4} \[ho-/,
  ];
  let rest = demo.output();
  for (const line of told) {
    expect(rest).toMatch(line);
    rest = rest.slice(rest.search(line) + 1);
  }
});

it("does not start on a configuration that would accept nobody or everybody, and says what is missing", async () => {
  const refused = baton(["serve"], { INFOBIP_BASE_URL: "https://x.api.infobip.com", INFOBIP_API_KEY: "k" });
  expect(await refused.ended).toBe(2);
  expect(refused.output()).toMatch(/BOT_SECRETS is missing[\s\S]*OPERATOR_TOKEN is missing/);
});

it("says in one line why it does not start, and ends with 2", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  atTheEnd(() => taken.close());
  const address = await until(() => taken.address() ?? undefined);
  const port = String((address as AddressInfo).port);
  const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
  const good = { DATABASE_PATH: path, PORT: "0" };
  const refused: [Record<string, string>, string][] = [
    [{ ...good, PORT: port }, `PORT ${port} is in use. Stop the other process or set PORT.`],
    [{ ...good, DATABASE_PATH: "/proc/nope/b.db" }, "/proc/nope/b.db cannot be opened as the record"],
    [{ ...good, BOT_SECRETS_FILE: "/nope.json" }, "BOT_SECRETS_FILE names /nope.json, which is not there."],
  ];
  for (const [env, line] of refused) {
    const service = baton(["serve"], env);
    expect(await service.ended, line).toBe(2);
    expect(service.output()).toContain(`Baton cannot start:\n  - ${line}`);
    expect(service.output()).not.toMatch(/^\s+at /m);
  }
});

it("completes after kill -9 what was answered 2xx before it", async () => {
  let ids = 0;
  const emulator = createEmulator({
    now: Date.now,
    newId: () => {
      ids += 1;
      return ids.toString(16).padStart(32, "A");
    },
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  emulator.settings.latencyMs = 300;
  const platform = serve({ fetch: emulator.fetch, hostname: "127.0.0.1", port: 0 });
  atTheEnd(() => platform.close());
  await until(() => platform.address() ?? undefined);
  const port = await freePort();
  const env = {
    PORT: String(port),
    DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"),
    INFOBIP_BASE_URL: `http://127.0.0.1:${(platform.address() as AddressInfo).port}`,
    INFOBIP_API_KEY: "k",
    BOT_SECRETS: '{"shop-assistant":["a secret of the tests"]}',
    OPERATOR_TOKEN: "a token of the tests",
  };
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/readyz`)
      .then((response) => response.ok || undefined)
      .catch(() => undefined);

  const first = baton(["serve"], env);
  await until(isReady);
  const sessions = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const answers = await Promise.all(
    sessions.map((session) =>
      fetch(`${url}/v1/bots/shop-assistant/handoffs`, {
        method: "POST",
        headers: { authorization: "Bearer a secret of the tests", prefer: "respond-async" },
        body: JSON.stringify({ session }),
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(sessions.map(() => 202));
  first.child.kill("SIGKILL");
  await first.ended;

  const second = baton(["serve"], env);
  await until(isReady);
  const routes = () => emulator.calls.filter(({ operation, status }) => operation === "route" && status === 200);
  await until(() => routes().length >= sessions.length || undefined);
  const conversations = [...emulator.state.conversations.values()].filter(({ status }) => status !== "CLOSED");
  expect(conversations).toHaveLength(sessions.length);
  expect(new Set(conversations.map(({ metadata }) => metadata?.baton_session))).toEqual(new Set(sessions));
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  expect(routes()).toHaveLength(sessions.length);
  expect(emulator.calls.filter(({ operation }) => operation === null)).toEqual([]);
});

it("stops at once where a request waits for a handoff that cannot be done now, and the request is answered", async () => {
  const port = await freePort();
  const env = {
    PORT: String(port),
    DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"),
    INFOBIP_BASE_URL: `http://127.0.0.1:${await freePort()}`,
    INFOBIP_API_KEY: "k",
    BOT_SECRETS: '{"shop-assistant":["a secret of the tests"]}',
    OPERATOR_TOKEN: "a token of the tests",
  };
  const url = `http://127.0.0.1:${port}`;
  const service = baton(["serve"], env);
  await until(() =>
    fetch(`${url}/readyz`).then(
      (response) => response.ok || undefined,
      () => undefined,
    ),
  );
  const headers = { authorization: "Bearer a secret of the tests", prefer: "wait=25" };
  const waiting = fetch(`${url}/v1/bots/shop-assistant/handoffs`, {
    method: "POST",
    headers,
    body: '{"session":"s1"}',
  });
  const operator = { headers: { authorization: "Bearer a token of the tests" } };
  await until(async () => {
    const listed = (await (await fetch(`${url}/v1/handoffs`, operator)).json()) as { handoffs: object[] };
    return listed.handoffs[0];
  });
  service.child.kill("SIGTERM");
  const answer = await waiting;
  expect([answer.status, await answer.json()]).toMatchObject([202, { handoffState: "pending" }]);
  expect(await service.ended).toBe(0);
});
