import { describe, expect, it } from "vitest";
import { createAccount } from "./create-account.ts";

const DESK = "/emulator/desk";
const WHATSAPP = { from: "385912345678", to: "447860099299", channel: "WHATSAPP" };
const PICTURE = "https://example.com/door.jpg";

describe("an answer of an agent", () => {
  async function taken(options: Parameters<typeof createAccount>[0] = {}) {
    const account = createAccount(options);
    const id = await account.open();
    const ana = account.agentId("Ana Horvat");
    account.emulator.desk.take(id, ana);
    const reply = (body: object) =>
      account.send("POST", `${DESK}/conversations/${id}/reply`, { agentId: ana, ...body });
    return { ...account, id, ana, reply };
  }

  it("is refused in words while no message with a channel is in the conversation", async () => {
    const { reply, call, emulator, id } = await taken();
    const refused = await reply({ text: "Hello" });
    expect([refused.status, refused.body.title]).toEqual([
      409,
      "Nobody can be answered: no message with a channel is in the conversation yet",
    ]);
    expect(emulator.state.conversations.get(id)).toMatchObject({ channel: "NO_CHANNEL", messages: [] });
    const ana = emulator.state.conversations.get(id)?.agentId ?? "";
    const sent = { ...WHATSAPP, contentType: "TEXT", content: { text: "Is the chair for you?" } };
    expect((await call("POST", `/conversations/${id}/messages`, sent, { "x-agent-id": ana })).status).toBe(200);
    expect((await reply({ text: "Hello" })).status).toBe(200);
  });

  it("goes to where the customer wrote from, once they have written", async () => {
    const { reply, send, id } = await taken();
    await send("POST", `${DESK}/conversations/${id}/write`, { text: "Hello?", ...WHATSAPP });
    expect((await reply({ text: "Hello" })).body.messages[1]).toMatchObject({
      from: WHATSAPP.to,
      to: WHATSAPP.from,
      channel: "WHATSAPP",
    });
  });

  it("is taken without a channel where a setting says so", async () => {
    const { reply } = await taken({ settings: { replyWithoutChannel: "accept" } });
    expect((await reply({ text: "Hello" })).body).toMatchObject({
      channel: "NO_CHANNEL",
      canBeAnswered: true,
      messages: [{ from: null, to: null, content: { text: "Hello" } }],
    });
  });

  it.each<[object, string, object]>([
    [{ kind: "text", text: "Hello" }, "TEXT", { text: "Hello" }],
    [{ kind: "image", url: PICTURE, text: "This one?" }, "IMAGE", { url: PICTURE, caption: "This one?" }],
    [
      { kind: "document", url: "https://example.com/return.pdf" },
      "DOCUMENT",
      { url: "https://example.com/return.pdf" },
    ],
    [
      { kind: "location", latitude: 45.8, longitude: 15.97, text: "Our shop" },
      "LOCATION",
      { latitude: 45.8, longitude: 15.97, locationName: "Our shop" },
    ],
    [
      { kind: "other", contentType: "CONTACT", content: { contacts: [{ name: "Ana" }] } },
      "CONTACT",
      { contacts: [{ name: "Ana" }] },
    ],
  ])("may be %j", async (said, contentType, content) => {
    const { reply, emulator, id } = await taken();
    emulator.desk.write(id, { text: "Hello?" });
    expect((await reply(said)).body.messages[1]).toMatchObject({ direction: "OUTBOUND", contentType, content });
  });

  it.each<object>([
    {},
    { text: "" },
    { kind: "image" },
    { kind: "image", url: "door.jpg" },
    { kind: "location", latitude: 91, longitude: 0 },
    { kind: "button", text: "Yes" },
    { kind: "other", contentType: "FOO", content: {} },
    { kind: "text", text: "Hello", txet: "Hello" },
  ])("is never %j", async (said) => {
    const { reply, emulator, id } = await taken();
    emulator.desk.write(id, { text: "Hello?" });
    expect((await reply(said)).status).toBe(400);
  });
});

describe("what a customer writes", () => {
  it.each<[object, string, object]>([
    [
      { kind: "button", text: "Talk to an adviser", payload: "ADVISER" },
      "INTERACTIVE_BUTTON_REPLY",
      { id: "ADVISER", title: "Talk to an adviser" },
    ],
    [{ kind: "image", url: PICTURE, text: "my door" }, "IMAGE", { url: PICTURE, caption: "my door" }],
    [{ kind: "location", latitude: "45.8", longitude: "15.97" }, "LOCATION", { latitude: 45.8, longitude: 15.97 }],
    [
      { kind: "email", subject: "Order 7", text: "Where is it?" },
      "EMAIL",
      { subject: "Order 7", contentText: "Where is it?" },
    ],
  ])("may be %j", async (said, contentType, content) => {
    const { send, open } = createAccount();
    const written = await send("POST", `${DESK}/conversations/${await open()}/write`, { ...said, ...WHATSAPP });
    expect(written.body.messages).toMatchObject([{ direction: "INBOUND", contentType, content, ...WHATSAPP }]);
  });

  it("comes from a channel into the conversation it has there, or into a new one that the bot of the destination has", async () => {
    const { send, call, emulator } = createAccount();
    const bot = { displayName: "WhatsApp bot", destination: WHATSAPP.to, channel: "WHATSAPP" };
    const { id: botId } = (await call("POST", "/bots", bot)).body;
    const write = async (fields: object) =>
      (await send("POST", `${DESK}/messages`, { text: "Hello", ...WHATSAPP, ...fields })).body;
    const first = await write({ name: "Iva" });
    expect(first).toMatchObject({
      agentId: botId,
      channel: "WHATSAPP",
      customer: { name: "Iva" },
      canBeAnswered: true,
    });
    expect((await write({ text: "And?" })).id).toBe(first.id);
    expect((await write({ from: "385999" })).id).not.toBe(first.id);
    expect(await write({ to: "another" })).toMatchObject({ agentId: null });
    emulator.desk.setStatus(first.id, [...emulator.state.agents.values()].at(-1)?.id ?? "", "CLOSED");
    expect((await write({ text: "Again" })).id).not.toBe(first.id);
  });
});
