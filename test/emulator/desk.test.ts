import { describe, expect, it } from "vitest";
import { createAccount } from "./create-account.ts";

const DESK = "/emulator/desk/conversations";

/** A conversation with all an agent can see, routed to Support. */
async function handedOver() {
  const account = createAccount();
  const { call, open } = account;
  const id = await open({ topic: "Order 7" });
  await call("POST", `/conversations/${id}/tags`, { tagName: "customer_asked" });
  await call("POST", `/conversations/${id}/notes`, { content: "Asked for a person" });
  await call("PATCH", `/conversations/${id}/metadata`, { session: "s-1" });
  await call("POST", `/conversations/${id}/route`);
  return { ...account, id, ana: account.agentId("Ana Horvat"), marta: account.agentId("Marta Silva") };
}

describe("the desk", () => {
  it("shows a conversation with all that belongs to it", async () => {
    const { send, id } = await handedOver();
    expect((await send("GET", `${DESK}/${id}`)).body).toMatchObject({
      id,
      topic: "Order 7",
      queueName: "Support",
      priority: "HIGH",
      agentName: null,
      tags: ["customer_asked"],
      notes: [{ content: "Asked for a person" }],
      metadata: { session: "s-1" },
      messages: [],
    });
    expect((await send("GET", `${DESK}/X`)).status).toBe(404);
  });

  it("lists what an agent sees: the queues they serve and what they have, newest first, closed ones on request", async () => {
    const { send, open, id, agentId, queueId } = await handedOver();
    const grace = agentId("Grace Okoye");
    const vip = await open({ queueId: queueId("VIP") });
    const own = await open({ agentId: grace });
    const closed = await open({ queueId: queueId("Support"), status: "CLOSED" });
    const list = async (query: string) =>
      (await send("GET", `${DESK}?${query}`)).body.conversations.map((one: { id: string }) => one.id);
    expect(await list("")).toEqual([own, vip, id]);
    expect(await list(`agentId=${grace}`)).toEqual([own, id]);
    expect(await list(`queueId=${queueId("VIP")}`)).toEqual([vip]);
    expect(await list(`agentId=${grace}&status=CLOSED`)).toEqual([closed]);
    expect((await send("GET", `${DESK}?status=GONE`)).status).toBe(400);
  });

  it("lets an agent take, answer and close a conversation", async () => {
    const { send, call, id, ana } = await handedOver();
    const taken = await send("POST", `${DESK}/${id}/take`, { agentId: ana });
    expect(taken.body).toMatchObject({ agentId: ana, agentName: "Ana Horvat" });
    const replied = await send("POST", `${DESK}/${id}/reply`, { agentId: ana, text: "How can I help?" });
    expect(replied.body.messages).toMatchObject([
      { direction: "OUTBOUND", authorType: "AGENT", authorId: ana, content: { text: "How can I help?" } },
    ]);
    for (const status of ["SOLVED", "CLOSED"]) {
      const set = await send("POST", `${DESK}/${id}/status`, { agentId: ana, status });
      expect(set.body.status).toBe(status);
    }
    expect((await call("GET", `/conversations/${id}`)).body).toMatchObject({ status: "CLOSED", agentId: ana });
    expect((await send("POST", `${DESK}/${id}/reply`, { agentId: ana, text: "Bye" })).status).toBe(409);
  });

  it("takes from a bot, but from another agent only for a supervisor", async () => {
    const { emulator, open, ana, marta, agentId, botId } = await handedOver();
    const id = await open({ agentId: botId("Shop assistant") });
    expect(emulator.desk.take(id, ana)).toMatchObject({ ok: true });
    expect(emulator.desk.take(id, agentId("Luka Babic"))).toEqual({ ok: false, error: { reason: "taken" } });
    expect(emulator.desk.take(id, marta)).toMatchObject({ ok: true, value: { agentId: marta } });
  });

  it("takes only from an agent's own queues where asked to", async () => {
    const { emulator, send, open, id, queueId, ana } = await handedOver();
    const complaint = await open({ queueId: queueId("Complaints") });
    const refused = await send("POST", `${DESK}/${complaint}/take`, { agentId: ana, ownQueuesOnly: true });
    expect(refused.status).toBe(409);
    expect(emulator.desk.take(await open(), ana, { ownQueuesOnly: true })).toMatchObject({
      error: { reason: "not-in-queue" },
    });
    expect(emulator.desk.take(id, ana, { ownQueuesOnly: true })).toMatchObject({ ok: true });
  });

  it("refuses whoever does not have the conversation, and who or what is unknown", async () => {
    const { emulator, send, id, ana, marta } = await handedOver();
    expect(emulator.desk.reply(id, ana, "Hi")).toEqual({ ok: false, error: { reason: "not-assigned" } });
    expect(emulator.desk.setStatus(id, ana, "CLOSED")).toEqual({ ok: false, error: { reason: "not-assigned" } });
    expect(emulator.desk.setStatus(id, marta, "PENDING")).toMatchObject({ value: { status: "PENDING" } });
    expect((await send("POST", `${DESK}/${id}/take`, { agentId: "A" })).status).toBe(404);
    expect((await send("POST", `${DESK}/X/take`, { agentId: ana })).status).toBe(404);
    expect((await send("POST", `${DESK}/${id}/take`, {})).status).toBe(400);
  });

  it("answers to where the last message came from", async () => {
    const { call, emulator, open, ana } = await handedOver();
    const id = await open();
    const message = { from: "shop", to: "385", channel: "WHATSAPP", contentType: "TEXT", content: { text: "hi" } };
    await call("POST", `/conversations/${id}/messages`, message);
    emulator.desk.take(id, ana);
    expect(emulator.desk.reply(id, ana, "Hello")).toMatchObject({
      value: { messages: [{}, { from: "shop", to: "385", channel: "WHATSAPP" }] },
    });
  });
});
