import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it } from "vitest";
import { TOLD_BOT } from "./flows.ts";
import { alarmAt, ask, createEvent, OPERATOR, request, sqlOf, stubFor } from "./objects.ts";

const network = globalThis.fetch;
const told: { type: string; data: { text?: string } }[] = [];
let status = 200;

beforeAll(async () => {
  expect((await request("/readyz")).status).toBe(200);
  // The bot's own endpoint.
  globalThis.fetch = async (input, init) => {
    const sent = new Request(input, init);
    if (new URL(sent.url).host !== "bot.example") return network(sent);
    if (status === 200) told.push(await sent.json());
    return new Response(null, { status });
  };
  return () => {
    globalThis.fetch = network;
  };
});
afterEach(() => {
  status = 200;
});

const stubOf = (session: string) => stubFor(TOLD_BOT, session);
const take = async (session: string, given: object, waitMs = 20_000) => {
  const [answer] = await stubOf(session).take(
    TOLD_BOT,
    "baton",
    [{ event: createEvent(session, given), hasSenderId: true }],
    waitMs,
  );
  if (answer === undefined) throw new Error("an event has an answer");
  return { id: answer.handoffId ?? "", conversationId: answer.conversationId ?? "" };
};
const post = async (path: string, body: object, method = "POST") => {
  const answer = await request(path, { method, headers: OPERATOR, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const agentId = async () => {
  const { agents } = (await (await request("/emulator/state")).json()) as { agents: { id: string }[] };
  return agents[0]?.id;
};
const typesTold = () => told.map(({ type }) => type);

it("reads soon what an agent wrote that no push told, since the session's object says that an agent has it", async () => {
  const account = env.ACCOUNTS.getByName("default");
  const { conversationId } = await take("read", ask);
  const before = Date.now();
  await post(`/emulator/desk/conversations/${conversationId}/take`, { agentId: await agentId() });
  await expect.poll(typesTold).toContainEqual(expect.stringContaining("agent.joined"));
  await expect.poll(async () => ((await alarmAt(account)) ?? Number.POSITIVE_INFINITY) - before).toBeLessThan(5_000);

  await post("/emulator/settings", { pushDropRate: 1 }, "PATCH");
  const said = { from: "385912345678", to: "385911111111", channel: "WHATSAPP", text: "hello?" };
  await post(`/emulator/desk/conversations/${conversationId}/write`, said);
  const reply = { agentId: await agentId(), text: "Ana here" };
  const replied = await post(`/emulator/desk/conversations/${conversationId}/reply`, reply);
  expect(replied.status).toBe(200);
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(account);
        return told.filter(({ data }) => data.text === "Ana here").length;
      },
      { interval: 250 },
    )
    .toBe(1);
  await post("/emulator/settings", { pushDropRate: 0 }, "PATCH");
});

it("sends a callback that was set aside again, also by an instance that came later", async () => {
  status = 410;
  const { id } = await take("aside", ask);
  const callbacks = () => sqlOf(stubOf("aside"), "SELECT id, type, state FROM callbacks ORDER BY seq");
  await expect.poll(async () => (await callbacks()).map(({ state }) => state)).toEqual(["refused"]);
  status = 200;
  // Nothing of the request keeps the object in memory.
  const over = Date.now();
  await evictDurableObject(stubOf("aside"));
  expect(Date.now() - over).toBeLessThan(5_000);
  const before = told.length;
  const resent = await post(`/v1/handoffs/${id}/resend`, {});
  expect(resent.status).toBe(200);
  await expect.poll(() => told.length - before).toBe(1);
  await expect.poll(async () => (await callbacks()).map(({ state }) => state)).toEqual(["done"]);
  const [row] = await callbacks();
  expect((await post(`/v1/handoffs/${id}/callbacks/${row?.id}/resend`, {})).status).toBe(409);
  expect((await post("/v1/handoffs/01A/resend", {})).status).toBe(404);
});

it("wakes by its alarm to tell the agent what was said since", async () => {
  const { id, conversationId } = await take("said", ask);
  const { toldUntil } = (await stubOf("said").handoff(id))?.handoff ?? {};
  expect(toldUntil).not.toBeNull();
  const before = Date.now();
  await take("said", { text: "and it is urgent" }, 0);
  const due = (await alarmAt(stubOf("said"))) ?? Number.POSITIVE_INFINITY;
  // The time of the note, and the time that the instance has until its alarm takes over.
  expect(due - before).toBeLessThanOrEqual(5_000);
  // The instance ends before it is due.
  await runInDurableObject(stubOf("said"), (_, state) => state.abort("ended")).catch(() => undefined);
  const notes = async () => {
    const answer = await request(`/emulator/desk/conversations/${conversationId}`);
    return JSON.stringify(await answer.json());
  };
  expect(await notes()).not.toContain("and it is urgent");
  await expect
    .poll(
      async () => {
        await runDurableObjectAlarm(stubOf("said"));
        return notes();
      },
      { interval: 500 },
    )
    .toContain("and it is urgent");
});
