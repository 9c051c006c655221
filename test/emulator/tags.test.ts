import { describe, expect, it } from "vitest";
import { BAD_BODY, CLOSED, createAccount, noSuchId, refusal } from "./create-account.ts";

const ADDED = { statusCode: "SUCCESS", message: "Tag added to conversation successfully." };
const noSuchTag = (name: string) => refusal("NOT_FOUND", `Invalid tagName '${name}' given! No such entity exists.`);
const EXISTS = refusal("BAD_REQUEST", "Tag already exists.");

describe("a tag of a conversation", () => {
  it("must exist before it is added", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    const unknown = await call("POST", `/conversations/${id}/tags`, { tagName: "vip" });
    expect([unknown.status, unknown.body]).toEqual([400, noSuchTag("vip")]);
    expect((await call("POST", "/tags", { name: "vip" })).body).toEqual({
      name: "vip",
      createdAt: "2026-03-02T10:00:00.000+00:00",
    });
    expect((await call("POST", `/conversations/${id}/tags`, { tagName: "vip" })).body).toEqual(ADDED);
    expect(emulator.state.conversations.get(id)?.tags).toEqual(["vip"]);
  });

  it("is there once, also when added twice, which is an error only where set so", async () => {
    const { call, emulator, open } = createAccount();
    const path = `/conversations/${await open()}/tags`;
    await call("POST", path, { tagName: "unhappy" });
    expect((await call("POST", path, { tagName: "unhappy" })).body).toEqual(ADDED);
    expect([...emulator.state.conversations.values()][0]?.tags).toEqual(["unhappy"]);
    expect(emulator.calls.at(-1)?.effect).toBe(false);
    emulator.settings.duplicateTag = "error";
    expect((await call("POST", path, { tagName: "unhappy" })).body).toEqual(EXISTS);
  });

  it("is refused for closed and unknown conversations and bad bodies", async () => {
    const { call, open } = createAccount();
    const closed = await open({ status: "CLOSED" });
    expect((await call("POST", `/conversations/${closed}/tags`, { tagName: "unhappy" })).body).toEqual(CLOSED);
    expect((await call("DELETE", `/conversations/${closed}/tags/unhappy`)).body).toEqual(CLOSED);
    expect((await call("POST", "/conversations/X/tags", { tagName: "unhappy" })).body).toEqual(noSuchId("X"));
    const open1 = await open();
    expect((await call("POST", `/conversations/${open1}/tags`, { name: "unhappy" })).body).toEqual(BAD_BODY);
    const long = { tagName: "x".repeat(101) };
    expect((await call("POST", `/conversations/${open1}/tags`, long)).body).toEqual(BAD_BODY);
  });

  it("is removed by its encoded name", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    const path = `/conversations/${id}/tags`;
    await call("POST", "/tags", { name: "Tag 1" });
    await call("POST", path, { tagName: "Tag 1" });
    const removed = await call("DELETE", `${path}/Tag%201`);
    expect(removed.body).toEqual({ statusCode: "SUCCESS", message: "Tag removed successfully." });
    expect(emulator.state.conversations.get(id)?.tags).toEqual([]);
    expect((await call("DELETE", `${path}/Tag%201`)).body).toEqual(noSuchTag("Tag 1"));
  });
});

describe("the tags of the account", () => {
  it("are listed, for one conversation or by part of the name", async () => {
    const { call, open } = createAccount();
    const id = await open();
    await call("POST", `/conversations/${id}/tags`, { tagName: "bot_lost" });
    const names = async (query: string) =>
      (await call("GET", `/tags?${query}`)).body.tags.map(({ name }: { name: string }) => name);
    expect(await names("")).toEqual(["bot_handoff", "customer_asked", "bot_failed", "unhappy", "bot_lost"]);
    expect(await names(`conversationId=${id}`)).toEqual(["bot_lost"]);
    expect(await names("conversationId=X")).toEqual([]);
    expect(await names("name=BOT_&orderBy=name:asc")).toEqual(["bot_failed", "bot_handoff", "bot_lost"]);
  });

  it("cannot be created twice", async () => {
    const { call } = createAccount();
    const again = await call("POST", "/tags", { name: "unhappy" });
    expect([again.status, again.body]).toEqual([400, EXISTS]);
  });

  it("have letters, digits, dots and underscores; spaces and others as set", async () => {
    const { call, emulator } = createAccount();
    const create = async (name: string) => (await call("POST", "/tags", { name })).status;
    expect(await create("a b")).toBe(200);
    expect(await create("a-b")).toBe(400);
    emulator.settings.tagCharacters = "strict";
    expect(await create("b c")).toBe(400);
    expect(await create("Über_2.0")).toBe(200);
    emulator.settings.tagCharacters = "any";
    expect(await create("a-b")).toBe(200);
  });

  it("leave every conversation when deleted", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    await call("POST", `/conversations/${id}/tags`, { tagName: "unhappy" });
    expect((await call("DELETE", "/tags/unhappy")).body.message).toBe("Tag deleted successfully.");
    expect(emulator.state.conversations.get(id)?.tags).toEqual([]);
    expect((await call("DELETE", "/tags/unhappy")).body).toEqual(noSuchTag("unhappy"));
  });
});
