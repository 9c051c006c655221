import { describe, expect, it } from "vitest";
import { createConversationsClient } from "../../src/infobip/client.ts";
import { BAD_BODY, createAccount, refusal } from "./create-account.ts";

describe("a filter of an enum", () => {
  it.each([
    ["/conversations?status=FOO", "status"],
    ["/conversations?status=OPEN&status=PENDING", "status"],
    ["/conversations?priority=high", "priority"],
    ["/agents?availability=ASLEEP", "availability"],
    ["/agents?role=BOT", "role"],
  ])("refuses what is none of its values: %s", async (path, field) => {
    const { status, body } = await createAccount().call("GET", path);
    expect([status, body]).toEqual([
      400,
      refusal("BAD_REQUEST", "Bad request", { [field]: [expect.stringMatching(/^must be one of /)] }),
    ]);
  });

  it("of messages, too", async () => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/messages`;
    expect((await call("GET", `${path}?channel=FOO`)).status).toBe(400);
    expect((await call("GET", `${path}?direction=IN`)).status).toBe(400);
    expect((await call("GET", `${path}?channel=WHATSAPP&direction=INBOUND`)).status).toBe(200);
  });
});

it("a bot has a channel that there is, and a message a type of content that there is", async () => {
  const { call, open } = createAccount();
  const bot = { displayName: "B", destination: "d" };
  expect((await call("POST", "/bots", { ...bot, channel: "FOO" })).status).toBe(400);
  expect((await call("POST", "/bots", { ...bot, channel: "OPEN_CHANNEL" })).status).toBe(200);
  const path = `/conversations/${await open()}/messages`;
  const message = { from: "a", to: "b", channel: "WHATSAPP", content: { text: "x" } };
  expect((await call("POST", path, { ...message, contentType: "FOO" })).body).toEqual(BAD_BODY);
  expect((await call("POST", path, { ...message, contentType: "WHATSAPP_PRODUCT" })).status).toBe(200);
});

describe("an assignee in PATCH or PUT", () => {
  it.each<["accept" | "ignore" | "refuse", number, boolean]>([
    ["accept", 200, true],
    ["ignore", 200, false],
    ["refuse", 400, false],
  ])("%s", async (assignByChange, status, isAssigned) => {
    const { call, open, agentId } = createAccount({ settings: { assignByChange } });
    const ana = agentId("Ana Horvat");
    for (const method of ["PATCH", "PUT"]) {
      const id = await open();
      expect((await call(method, `/conversations/${id}`, { topic: "T", agentId: ana })).status).toBe(status);
      expect((await call("GET", `/conversations/${id}`)).body).toMatchObject({
        topic: status === 200 ? "T" : null,
        agentId: isAssigned ? ana : null,
      });
    }
  });
});

describe("what is not there", () => {
  it.each(["null", "omitted"] as const)("is %s, and the client takes it", async (absent) => {
    const { emulator, call } = createAccount({ settings: { absent } });
    const client = createConversationsClient({
      baseUrl: "https://account.api.infobip.test",
      apiKey: "k",
      fetch: emulator.fetch,
      now: Date.now,
    });
    const created = await client.create({ priority: "HIGH" });
    if (created.kind !== "ok") throw new Error(created.kind);
    const { id } = created.value;
    expect(await client.addNote(id, { content: "Asked for a person" })).toMatchObject({ kind: "ok" });
    emulator.desk.write(id, { text: "Hello" });
    for (const outcome of [
      await client.get(id),
      await client.list({}),
      await client.notesOf(id),
      await client.messagesOf(id),
      await client.route(id),
    ]) {
      expect(outcome.kind).toBe("ok");
    }
    const shown = (await call("GET", `/conversations/${id}`)).body;
    expect("topic" in shown).toBe(absent === "null");
    const [note] = (await call("GET", `/conversations/${id}/notes`)).body.notes;
    expect("agentId" in note).toBe(absent === "null");
    const [message] = (await call("GET", `/conversations/${id}/messages`)).body.messages;
    expect("authorId" in message).toBe(absent === "null");
  });
});
