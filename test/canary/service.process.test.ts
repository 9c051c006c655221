/**
 * A real service is told personal data and secrets, meets failures everywhere, and is asked for everything that it shows. None of it
 * is where it does not belong.
 */
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startEmulator } from "../../src/node.ts";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

const SESSION = "chat-of-nobody-in-particular";
/** What a person says and is. */
const PERSONAL = {
  words: "words-canary-7741",
  further: "further-canary-7742",
  reason: "reason-canary-7743",
  summary: "summary-canary-7744",
  name: "Zvjezdana Canaryć",
  phone: "385915550147",
  email: "zvjezdana@canary-mail.example",
  attribute: "attribute-canary-7745",
  error: "error-canary-7746",
  phoneSession: "385915550148",
};
const SECRETS = {
  bot: "bot-secret-canary-0001",
  apiKey: "api-key-canary-000002",
  operator: "operator-token-canary-3",
  reader: "reader-token-canary-004",
  push: "push-secret-canary-0005",
  alerts: "alert-secret-canary-006",
  wrong: "wrong-secret-canary-007",
};
const foundIn = (text: string, planted: Record<string, string>): string[] =>
  Object.entries(planted)
    .filter(([, it]) => [it, encodeURIComponent(it), JSON.stringify(it).slice(1, -1)].some((as) => text.includes(as)))
    .map(([name]) => name);
const ALL = { ...PERSONAL, ...SECRETS };

it("keeps what a person says, and every secret, out of logs, metrics, problems, alerts and pages of readers", async () => {
  const { url: platform, emulator, stop } = await startEmulator(0);
  atTheEnd(() => void stop());
  const alerts: string[] = [];
  const pager = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    alerts.push(JSON.stringify(request.headers) + body);
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => pager.listen(0, "127.0.0.1", done));
  atTheEnd(() => pager.close());
  const port = await freePort();
  const service = baton(["serve"], {
    DATABASE_PATH: join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db"),
    PORT: String(port),
    INFOBIP_BASE_URL: platform,
    INFOBIP_API_KEY: SECRETS.apiKey,
    INFOBIP_WEBHOOK_SECRETS: JSON.stringify([SECRETS.push]),
    BOT_SECRETS: JSON.stringify({ "shop-assistant": [SECRETS.bot] }),
    OPERATOR_TOKENS: JSON.stringify({ ana: SECRETS.operator, "rita:read": SECRETS.reader }),
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/`,
    ALERT_WEBHOOK_SECRETS: JSON.stringify([SECRETS.alerts]),
    LOG_LEVEL: "debug",
  });
  await until(() => (service.output().includes("Baton is at") ? true : undefined));

  const root = `http://127.0.0.1:${port}`;
  const problems: string[] = [];
  const ask = async (path: string, token: string | null, init: RequestInit = {}) => {
    const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(init.headers as object) };
    const answer = await fetch(root + path, { redirect: "manual", ...init, headers });
    const text = await answer.text();
    if (answer.status >= 400) problems.push(`${JSON.stringify([...answer.headers])}${text}`);
    return { status: answer.status, text, headers: answer.headers };
  };
  const bot = "/v1/bots/shop-assistant";
  const post = (path: string, body: unknown, token: string | null = SECRETS.bot, headers: object = {}) =>
    ask(path, token, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers } as Record<string, string>,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const customer = { name: PERSONAL.name, phone: `+${PERSONAL.phone}`, email: PERSONAL.email };
  const attributes = { note: PERSONAL.attribute };
  const said = { type: "customer.message", session: SESSION, text: PERSONAL.words, customer, attributes };
  const asked = { session: SESSION, reason: PERSONAL.reason, summary: PERSONAL.summary, customer };

  // A chat that goes well, and one whose session is a phone number.
  expect((await post(`${bot}/events`, said)).status).toBe(200);
  const routed = JSON.parse((await post(`${bot}/handoffs`, asked)).text) as { handoffId: string };
  await post(`${bot}/events`, { type: "customer.message", session: SESSION, text: PERSONAL.further });
  await post(`${bot}/events`, { type: "bot.error", session: SESSION, error: PERSONAL.error });
  await post(`${bot}/events`, { ...said, session: `+${PERSONAL.phoneSession}` });
  // Failures of the platform.
  emulator.faults.add({ operation: "createConversation", kind: "status", status: 400, text: "not like this" });
  const parked = JSON.parse((await post(`${bot}/handoffs`, { ...asked, session: "s2" })).text) as { handoffId: string };
  emulator.faults.add({ kind: "status", status: 500, times: 4 });
  await post(`${bot}/handoffs`, { ...asked, session: "s3" }, SECRETS.bot, { prefer: "wait=1" });
  emulator.faults.clear();
  emulator.settings.keys = {};
  await post(`${bot}/handoffs`, { ...asked, session: "s4" }, SECRETS.bot, { prefer: "wait=1" });
  emulator.settings.keys = null;
  // Refused, unreadable and unknown requests.
  for (const token of [SECRETS.wrong, null]) {
    await post(`${bot}/events`, said, token);
    await post(`/v1/infobip/default/events`, { type: PERSONAL.words }, token);
    await ask("/v1/handoffs", token);
    await ask("/metrics", token);
    await ask("/console", token);
  }
  await post(`${bot}/events`, `{"text":"${PERSONAL.words}`);
  await post(`${bot}/events`, { type: PERSONAL.words, session: SESSION });
  await post(`${bot}/events`, { ...said, session: "." });
  await post(`${bot}/events`, said, SECRETS.bot, { "content-encoding": "gzip" });
  await post(`${bot}/webhooks/${PERSONAL.words}`, said);
  await post(`${bot}/webhooks/answers`, `[${PERSONAL.words}`);
  const key = { "idempotency-key": PERSONAL.words };
  await post(`${bot}/handoffs`, { ...asked, session: "s5" }, SECRETS.bot, key);
  await post(`${bot}/handoffs`, { ...asked, session: "s6" }, SECRETS.bot, key);
  await ask(`${bot}/sessions/${encodeURIComponent(PERSONAL.name)}`, SECRETS.bot);
  await ask(`${bot}/handoffs/${PERSONAL.words}`, SECRETS.bot);
  await ask(`/v1/handoffs?state=${PERSONAL.words}`, SECRETS.operator);
  await ask(`/v1${bot.slice(3)}/sessions/${SESSION}/export`, SECRETS.reader);
  await ask(`/v1${bot.slice(3)}/sessions/${SESSION}`, SECRETS.reader, { method: "DELETE" });
  await ask(`/${PERSONAL.words}`, null);
  await until(() => (alerts.some((it) => it.includes(parked.handoffId)) ? true : undefined));

  // Nobody who is not signed in, and no reader, sees it on a page.
  const form = (token: string) => ({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: root },
    body: new URLSearchParams({ token }).toString(),
  });
  const strangers = [
    (await ask("/console", null)).text,
    (await ask(`/console/handoffs/${routed.handoffId}`, null)).text,
    (await ask("/console/sign-in", null, form(SECRETS.wrong))).text,
  ];
  const signIn = async (token: string): Promise<string> =>
    (await ask("/console/sign-in", null, form(token))).headers.get("set-cookie")?.split(";")[0] ?? "";
  const pages = async (cookie: string): Promise<string> => {
    const shown: string[] = [];
    for (const page of [
      ...["", "/handoffs", `/handoffs/${routed.handoffId}`, `/handoffs/${parked.handoffId}`, "/flows", "/faults"],
      ...["/audit", `/sessions?bot=shop-assistant&session=${SESSION}`],
    ]) {
      const { status, text } = await ask(`/console${page}`, null, { headers: { cookie } });
      expect(status, page).toBe(200);
      shown.push(text);
    }
    return shown.join("\n");
  };
  const { phoneSession: _, ...ofPages } = ALL;
  expect(foundIn(strangers.join("\n"), ALL)).toEqual([]);
  expect(foundIn(await pages(await signIn(SECRETS.reader)), ofPages)).toEqual([]);
  // The same pages have the words for who may act: they were looked for in the right place.
  expect(foundIn(await pages(await signIn(SECRETS.operator)), PERSONAL)).toEqual(
    expect.arrayContaining(["words", "reason", "summary"]),
  );
  const reads = [await ask("/metrics", SECRETS.reader), await ask("/v1/handoffs", SECRETS.reader)];
  const ledger = await ask(`/v1/handoffs/${parked.handoffId}`, SECRETS.reader);
  expect([...reads, ledger].map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(foundIn([...reads, ledger].map(({ text }) => text).join("\n"), ofPages)).toEqual([]);

  expect(problems.length).toBeGreaterThan(15);
  expect(foundIn(problems.join("\n"), ALL)).toEqual([]);
  expect(foundIn(alerts.join("\n"), ALL)).toEqual([]);
  service.child.kill("SIGTERM");
  expect(await service.ended).toBe(0);
  expect(service.output().split("\n").length).toBeGreaterThan(10);
  expect(foundIn(service.output(), ALL)).toEqual([]);
});
