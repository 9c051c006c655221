import { describe, expect, it } from "vitest";
import { infobipBot } from "../../src/events/sources/infobip-bot.ts";
import { createAccount } from "./create-account.ts";

const WHATSAPP = { from: "385912345678", to: "447860099299", channel: "WHATSAPP" };
const WEBHOOK = "https://bot.example.com/infobip";

interface Got {
  url: string;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into pushes of every shape
  body: any;
}

async function connected(fields: object = {}, settings: object = {}) {
  const got: Got[] = [];
  const account = createAccount({
    settings,
    deliver: async (request) => {
      got.push({ url: request.url, headers: request.headers, body: await request.json() });
      return new Response();
    },
  });
  const bot = await account.call("POST", "/bots", {
    displayName: "WhatsApp bot",
    destination: WHATSAPP.to,
    channel: "WHATSAPP",
    webhookUrl: WEBHOOK,
    webhookHeaders: { Authorization: "Bearer of-the-bot" },
    ...fields,
  });
  const { desk, pushes } = account.emulator;
  const write = async (text: string) => {
    const written = desk.receive({ text, ...WHATSAPP });
    await pushes.idle();
    if (!written.ok) throw new Error(written.error.reason);
    return written.value;
  };
  return { ...account, got, write, botId: bot.body.id as string };
}

describe("a bot's own webhook", () => {
  it("gets what the customer writes, bare, with the bot's headers", async () => {
    const { got, write } = await connected();
    const { id, messages } = await write("Where is my parcel?");
    expect(got).toHaveLength(1);
    expect([got[0]?.url, got[0]?.headers.get("authorization"), got[0]?.headers.get("content-type")]).toEqual([
      WEBHOOK,
      "Bearer of-the-bot",
      "application/json",
    ]);
    expect(got[0]?.body).toEqual({
      id: messages[0]?.id,
      ...WHATSAPP,
      direction: "INBOUND",
      conversationId: id,
      createdAt: "2026-03-02T10:00:00.000+00:00",
      updatedAt: "2026-03-02T10:00:00.000+00:00",
      content: { text: "Where is my parcel?" },
      singleSendMessage: {
        from: { phoneNumber: WHATSAPP.from, type: "PHONE_NUMBER" },
        to: { phoneNumber: WHATSAPP.to, type: "PHONE_NUMBER" },
        content: { text: "Where is my parcel?", type: "TEXT" },
        channel: "WHATSAPP",
        direction: "INBOUND",
      },
      contentType: "TEXT",
    });
    expect(infobipBot.toEvents(got[0]?.body, { now: 0 })).toMatchObject({
      ok: true,
      value: [{ event: { session: id, text: "Where is my parcel?", customer: { phone: WHATSAPP.from } } }],
    });
  });

  it("gets it in order, one a request, and nothing while somebody else has the conversation", async () => {
    const { got, write, emulator, agentId } = await connected({}, { pushBatch: 10 });
    const { id } = await write("one");
    emulator.desk.receive({ said: { kind: "button", text: "two" }, ...WHATSAPP });
    await write("three");
    expect(got.map(({ body }) => body.content.text ?? body.content.title)).toEqual(["one", "two", "three"]);
    emulator.desk.take(id, agentId("Ana Horvat"));
    await write("four");
    emulator.desk.reply(id, agentId("Ana Horvat"), "Hello");
    await emulator.pushes.idle();
    expect(got).toHaveLength(3);
    expect(emulator.pushes.log.map(({ subscriptionId, outcome }) => [subscriptionId.split(":")[0], outcome])).toEqual(
      Array(3).fill(["bot", "accepted"]),
    );
  });

  it.each([
    ["it has no address", { webhookUrl: null }],
    ["the bot is off", { enabled: false }],
  ])("gets nothing where %s", async (_, fields) => {
    const { got, write } = await connected(fields);
    await write("Hello?");
    expect(got).toEqual([]);
  });
});

describe("a bot's session", () => {
  it("ends in the time it was given after the customer's last word, with the conversation", async () => {
    const { write, emulator, clock, call } = await connected({ sessionTimeoutInSec: 60 });
    const { id } = await write("Hello?");
    clock.now += 59_000;
    await write("Anybody?");
    clock.now += 59_999;
    expect((await call("GET", `/conversations/${id}`)).body.status).toBe("OPEN");
    clock.now += 1;
    emulator.closeSilent();
    expect(emulator.state.conversations.get(id)?.status).toBe("CLOSED");
    expect((await write("Hello again")).id).not.toBe(id);
  });

  it("has no end once an agent has the conversation, or where a setting says so", async () => {
    const { write, emulator, clock, agentId } = await connected({ sessionTimeoutInSec: 60 });
    const { id } = await write("Hello?");
    emulator.desk.take(id, agentId("Ana Horvat"));
    const endless = await connected({ sessionTimeoutInSec: 60 }, { botSessions: "endless" });
    const other = await endless.write("Hello?");
    clock.now += 3_600_000;
    endless.clock.now += 3_600_000;
    emulator.closeSilent();
    endless.emulator.closeSilent();
    expect(emulator.state.conversations.get(id)?.status).toBe("OPEN");
    expect(endless.emulator.state.conversations.get(other.id)?.status).toBe("OPEN");
  });
});
