import { describe, expect, it } from "vitest";
import { createAccount } from "./create-account.ts";

const DESK = "/emulator/desk/conversations";

/** A conversation with everything that an agent can see, routed to Support. */
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
    await send("POST", `${DESK}/${id}/write`, { text: "Hello" });
    const replied = await send("POST", `${DESK}/${id}/reply`, { agentId: ana, text: "How can I help?" });
    expect(replied.body.messages).toMatchObject([
      { direction: "INBOUND" },
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

  it("opens again what is solved, by an agent or by the customer's next words, and nothing that is closed", async () => {
    const { emulator, send, id, ana } = await handedOver();
    emulator.desk.take(id, ana);
    const status = async (path: string, body: object) =>
      (await send("POST", `${DESK}/${id}/${path}`, body)).body.status;
    expect(await status("status", { agentId: ana, status: "SOLVED" })).toBe("SOLVED");
    expect(await status("status", { agentId: ana, status: "OPEN" })).toBe("OPEN");
    await status("status", { agentId: ana, status: "SOLVED" });
    expect(await status("write", { text: "One more thing" })).toBe("OPEN");
    emulator.settings.inboundReopens = false;
    await status("status", { agentId: ana, status: "SOLVED" });
    expect(await status("write", { text: "And another" })).toBe("SOLVED");
    await status("status", { agentId: ana, status: "CLOSED" });
    expect(await status("status", { agentId: ana, status: "OPEN" })).toBe(409);
    expect((await send("POST", `${DESK}/${id}/write`, { text: "Hello?" })).status).toBe(409);
    expect((await send("POST", `${DESK}/X/write`, { text: "Hello?" })).status).toBe(404);
    expect((await send("POST", `${DESK}/${id}/write`, { text: "" })).status).toBe(400);
  });

  it("lets a customer write, whose conversation it is from then on", async () => {
    const { emulator, send, id, ana } = await handedOver();
    const said = { text: "Hello", from: "385", to: "shop", channel: "WHATSAPP", name: "Iva" };
    const written = await send("POST", `${DESK}/${id}/write`, said);
    expect(written.body).toMatchObject({ channel: "WHATSAPP", customer: { name: "Iva" } });
    emulator.desk.take(id, ana);
    emulator.desk.reply(id, ana, "Hi");
    expect(emulator.desk.write(id, { text: "Thanks", name: "Somebody else" })).toMatchObject({
      value: {
        customer: { name: "Iva" },
        messages: [
          { direction: "INBOUND", authorType: "CUSTOMER", from: "385", to: "shop" },
          { direction: "OUTBOUND", from: "shop", to: "385" },
          { direction: "INBOUND", from: "385", to: "shop", channel: "WHATSAPP" },
        ],
      },
    });
  });

  it("passes a conversation on to a bot, to another agent, or back to its queue", async () => {
    const { send, id, ana, agentId, botId, queueId } = await handedOver();
    const assign = (by: string, to: string | null) => send("POST", `${DESK}/${id}/assign`, { agentId: by, to });
    expect((await assign(ana, null)).status).toBe(409);
    await send("POST", `${DESK}/${id}/take`, { agentId: ana });
    expect((await assign(ana, botId("Shop assistant"))).body.agentName).toBe("Shop assistant");
    await send("POST", `${DESK}/${id}/take`, { agentId: ana });
    expect((await assign(ana, agentId("Luka Babic"))).body.agentName).toBe("Luka Babic");
    expect((await assign(agentId("Luka Babic"), null)).body).toMatchObject({
      agentId: null,
      queueId: queueId("Support"),
    });
    expect((await assign(agentId("Marta Silva"), "X")).status).toBe(404);
  });

  it("says whether an agent is there, and deletes a conversation", async () => {
    const { call, send, id, ana } = await handedOver();
    expect((await send("POST", "/emulator/desk/agents/X/status", { status: "AWAY" })).status).toBe(404);
    const away = await send("POST", `/emulator/desk/agents/${ana}/status`, { status: "AWAY" });
    expect(away.body).toMatchObject({ id: ana, status: "AWAY", availability: "AWAY" });
    expect((await call("GET", "/agents?availability=AWAY")).body.pagination.totalItems).toBe(2);
    expect((await send("DELETE", `${DESK}/${id}`)).body).toEqual({ id });
    expect((await send("DELETE", `${DESK}/${id}`)).status).toBe(404);
    expect((await call("GET", `/conversations/${id}`)).status).toBe(400);
  });
});
