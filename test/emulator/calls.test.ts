import { describe, expect, it } from "vitest";
import { createAccount, START } from "./create-account.ts";

describe("recorded calls", () => {
  it("tell what was asked, what was answered, and whether it changed anything", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open({ topic: "t" });
    const read = await call("GET", `/conversations/${id}?x=1`);
    expect(emulator.calls).toHaveLength(2);
    expect(emulator.calls[0]).toMatchObject({
      n: 1,
      at: START,
      operation: "createConversation",
      method: "POST",
      path: "/ccaas/1/conversations",
      body: { topic: "t" },
      status: 200,
      answer: { id },
      effect: true,
      fault: null,
    });
    expect(emulator.calls[1]).toMatchObject({ path: `/ccaas/1/conversations/${id}?x=1`, body: null, effect: false });
    expect(emulator.calls[1]?.requestId).toBe(read.headers.get("x-request-id"));
    expect(JSON.stringify(emulator.calls)).not.toContain("App key");
  });

  it("count a change that changes nothing as no effect", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open({ topic: "t" });
    await call("PATCH", `/conversations/${id}`, { topic: "t" });
    await call("PATCH", `/conversations/${id}`, { topic: "other" });
    expect(emulator.calls.map(({ effect }) => effect)).toEqual([true, false, true]);
  });

  it("keep bodies that are not JSON as text", async () => {
    const { call, emulator } = createAccount();
    await call("POST", "/conversations", "{oops");
    expect(emulator.calls[0]).toMatchObject({ body: "{oops", status: 400 });
  });

  it("are told as they happen, until no longer wanted", async () => {
    const { call, emulator } = createAccount();
    const heard: string[] = [];
    const stop = emulator.onCall(({ path }) => heard.push(path));
    await call("GET", "/tags");
    stop();
    await call("GET", "/bots");
    expect(heard).toEqual(["/ccaas/1/tags"]);
  });

  it("and items are kept up to a number; the oldest go", async () => {
    const { call, emulator, open } = createAccount({ settings: { maxCalls: 3, maxItems: 5 } });
    const ids: string[] = [];
    for (let opened = 0; opened < 7; opened += 1) ids.push(await open());
    expect([...emulator.state.conversations.keys()]).toEqual(ids.slice(2));
    expect(emulator.calls.map(({ n }) => n)).toEqual([5, 6, 7]);
    for (let n = 0; n < 7; n += 1) await call("POST", `/conversations/${ids[6]}/notes`, { content: `note ${n}` });
    const notes = emulator.state.conversations.get(ids[6] ?? "")?.notes.map(({ content }) => content);
    expect(notes).toEqual(["note 2", "note 3", "note 4", "note 5", "note 6"]);
  });

  it("are bounded by size too", async () => {
    const { call, emulator } = createAccount();
    for (let n = 0; n < 70; n += 1) await call("POST", "/conversations", "x".repeat(1_000_000));
    expect(emulator.calls.length).toBeLessThan(70);
    expect(emulator.calls.at(-1)?.n).toBe(70);
  });

  it("show a body that is too large as refused and nothing of it", async () => {
    const { call, emulator } = createAccount({ settings: { maxBodyBytes: 100 } });
    expect((await call("POST", "/conversations", { topic: "x".repeat(100) })).status).toBe(413);
    expect(emulator.calls[0]?.body).toBeNull();
  });
});

describe("changes", () => {
  it("are told in the platform's words", async () => {
    const { call, emulator, open, agentId } = createAccount();
    const heard: string[] = [];
    emulator.onChange(({ type }) => heard.push(type));
    const id = await open();
    const path = `/conversations/${id}`;
    await call("PATCH", path, { topic: "t", summary: "s", priority: "HIGH" });
    await call("PATCH", path, { topic: "t" });
    await call("POST", `${path}/tags`, { tagName: "unhappy" });
    await call("POST", `${path}/route`);
    await call("PUT", `${path}/assignee`, { agentId: agentId("Ana Horvat") });
    await call("POST", `${path}/notes`, { content: "n" });
    emulator.desk.write(id, { text: "Hello?" });
    emulator.desk.reply(id, agentId("Ana Horvat"), "Hello");
    await call("DELETE", `${path}/tags/unhappy`);
    await call("PATCH", path, { status: "CLOSED" });
    expect(heard).toEqual([
      "CONVERSATION_CREATED",
      "CONVERSATION_PRIORITY_UPDATED",
      "CONVERSATION_TOPIC_UPDATED",
      "CONVERSATION_SUMMARY_UPDATED",
      "CONVERSATION_TAG_ADDED",
      "CONVERSATION_PRIORITY_UPDATED",
      "CONVERSATION_QUEUE_UPDATED",
      "CONVERSATION_ASSIGNMENT_UPDATED",
      "CONVERSATION_NOTE_ADDED",
      "CONVERSATION_CUSTOMER_UPDATED",
      "INBOUND_MESSAGE",
      "OUTBOUND_MESSAGE",
      "CONVERSATION_TAG_REMOVED",
      "CONVERSATION_STATUS_UPDATED",
    ]);
  });
});
