import { describe, expect, it } from "vitest";
import { BAD_BODY, createAccount, noSuchId, refusal } from "./create-account.ts";

const message = { from: "447", to: "385", channel: "SMS", contentType: "TEXT", content: { text: "Hello" } };
const badRequest = (fields: Record<string, string[]>) => refusal("BAD_REQUEST", "Bad request", fields);

describe("a message", () => {
  it("is sent, outbound, and gives the conversation its channel", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    const sent = await call("POST", `/conversations/${id}/messages`, message);
    expect(sent.status).toBe(200);
    expect(sent.body).toMatchObject({ ...message, conversationId: id, direction: "OUTBOUND", authorType: "SYSTEM" });
    expect(emulator.state.conversations.get(id)?.channel).toBe("SMS");
    await call("POST", `/conversations/${id}/messages`, { ...message, channel: "WHATSAPP" });
    expect(emulator.state.conversations.get(id)?.channel).toBe("MULTICHANNEL");
  });

  it.each([
    [{ ...message, to: "" }, badRequest({ to: ["must not be blank"] })],
    [{ ...message, from: undefined }, badRequest({ from: ["must not be blank"] })],
    [{ ...message, content: null }, badRequest({ content: ["must not be blank"] })],
    [{ ...message, content: { text: "" } }, badRequest({ content: ["must not be blank"] })],
    [
      { ...message, content: { text: "x".repeat(4_097) } },
      badRequest({ content: ["size cannot be longer than 4096 characters."] }),
    ],
    [{ ...message, channel: "NO_CHANNEL" }, BAD_BODY],
    [{}, BAD_BODY],
  ])("is refused as %j", async (body, expected) => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    const refused = await call("POST", `/conversations/${id}/messages`, body);
    expect([refused.status, refused.body]).toEqual([400, expected]);
    expect(emulator.state.conversations.get(id)?.messages).toEqual([]);
  });

  it("is listed by id, channel, direction and date", async () => {
    const { call, clock, open } = createAccount();
    const path = `/conversations/${await open()}/messages`;
    const first = (await call("POST", path, message)).body.id;
    clock.now += 1_000;
    const second = (await call("POST", path, { ...message, channel: "VIBER" })).body.id;
    const list = async (query: string) =>
      (await call("GET", `${path}?${query}`)).body.messages.map(({ id }: { id: string }) => id);
    expect(await list("direction=OUTBOUND&orderBy=createdAt:desc&limit=1")).toEqual([second]);
    expect(await list("direction=INBOUND")).toEqual([]);
    expect(await list(`messageIds=${first}&messageIds=X`)).toEqual([first]);
    expect(await list("channel=VIBER")).toEqual([second]);
    expect(await list("createdBefore=2026-03-02T10:00:01.000%2B0000")).toEqual([first]);
    expect((await call("GET", "/conversations/X/messages")).body).toEqual(noSuchId("X"));
  });

  it("is listed at most 500 times a minute", async () => {
    const { call, clock, emulator, open } = createAccount();
    const path = `/conversations/${await open()}/messages`;
    expect(emulator.settings.requestsPerMinute).toEqual({ listMessages: 500 });
    emulator.settings.requestsPerMinute = { listMessages: 2 };
    for (let request = 0; request < 2; request += 1) expect((await call("GET", path)).status).toBe(200);
    const throttled = await call("GET", path);
    expect([throttled.status, throttled.body]).toEqual([429, refusal("TOO_MANY_REQUESTS", "Too many requests")]);
    expect(throttled.headers.get("retry-after")).toBeNull();
    emulator.settings.retryAfterSeconds = 30;
    expect((await call("GET", path)).headers.get("retry-after")).toBe("30");
    clock.now += 60_000;
    expect((await call("GET", path)).status).toBe(200);
  });
});

describe("x-agent-id", () => {
  const ANA = "Ana Horvat";
  const MARTA = "Marta Silva"; // The supervisor.
  const BOT = "Shop assistant";

  it.each([
    [null, null, 200],
    [null, ANA, 400],
    [null, MARTA, 400],
    [ANA, null, 400],
    [ANA, ANA, 200],
    [ANA, "Luka Babic", 400],
    [ANA, MARTA, 200],
    [MARTA, null, 400],
    [MARTA, ANA, 400],
    [MARTA, MARTA, 200],
    [BOT, null, 400],
    [BOT, BOT, 200],
    [BOT, ANA, 400],
    [BOT, MARTA, 200],
  ])("assigned to %s, written by %s: %i", async (assignee, author, status) => {
    const { call, open, agentId, botId } = createAccount();
    const idOf = (name: string) => (name === BOT ? botId(name) : agentId(name));
    const id = await open(assignee === null ? {} : { agentId: idOf(assignee) });
    const headers: Record<string, string> = author === null ? {} : { "x-agent-id": idOf(author) };
    const sent = await call("POST", `/conversations/${id}/messages`, message, headers);
    expect(sent.status).toBe(status);
    if (status === 200 && author !== null) {
      expect(sent.body).toMatchObject({ authorId: idOf(author), authorType: author === BOT ? "BOT" : "AGENT" });
    }
  });
});

describe("an event", () => {
  const typing = { from: "1", to: "2", type: "TYPING_STARTED", channel: "LIVE_CHAT" };

  it("is taken with an empty answer, where the channel supports it", async () => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/events`;
    const taken = await call("POST", path, typing);
    expect([taken.status, taken.body]).toEqual([200, ""]);
    const unsupported = refusal("BAD_REQUEST", "Channel is not supported for provided event type");
    expect((await call("POST", path, { ...typing, channel: "SMS" })).body).toEqual(unsupported);
    expect((await call("POST", path, { ...typing, type: "SEEN" })).body).toEqual(BAD_BODY);
    expect((await call("POST", "/conversations/X/events", typing)).body).toEqual(noSuchId("X"));
  });
});
