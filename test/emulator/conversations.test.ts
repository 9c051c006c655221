import { describe, expect, it } from "vitest";
import { BAD_BODY, CLOSED, createAccount, noSuchId, START } from "./create-account.ts";

describe("create", () => {
  it("answers 200 with defaults and dates as documented", async () => {
    const { call } = createAccount();
    const created = await call("POST", "/conversations", { topic: "Order 7", id: "mine" });
    expect(created.status).toBe(200);
    expect(created.headers.get("content-type")).toBe("application/json");
    expect(created.body).toEqual({
      id: "00000000000000000000000000000001",
      topic: "Order 7",
      summary: null,
      status: "OPEN",
      priority: "NORMAL",
      queueId: null,
      agentId: null,
      createdAt: "2026-03-02T10:00:00.000+00:00",
      updatedAt: "2026-03-02T10:00:00.000+00:00",
    });
  });

  it("makes a second conversation when the request is repeated", async () => {
    const { call, emulator } = createAccount();
    await call("POST", "/conversations", { topic: "once" });
    await call("POST", "/conversations", { topic: "once" });
    expect(emulator.state.conversations.size).toBe(2);
  });

  it.each([
    ["no body", undefined],
    ["no JSON", "{"],
    ["no object", "[]"],
    ["an unknown status", { status: "DONE" }],
    ["a topic over 1000 characters", { topic: "x".repeat(1_001) }],
    ["a summary over 4000 characters", { summary: "x".repeat(4_001) }],
  ])("refuses %s", async (_what, body) => {
    const { call, emulator } = createAccount();
    const answer = await call("POST", "/conversations", body);
    expect([answer.status, answer.body]).toEqual([400, BAD_BODY]);
    expect(emulator.state.conversations.size).toBe(0);
  });

  it("refuses a queue or an assignee nobody knows, unless set to accept them", async () => {
    const { call, emulator } = createAccount();
    expect((await call("POST", "/conversations", { queueId: "Q" })).body).toEqual(noSuchId("Q"));
    expect((await call("POST", "/conversations", { agentId: "A" })).body).toEqual(noSuchId("A"));
    emulator.settings.unknownReference = "accept";
    expect((await call("POST", "/conversations", { queueId: "Q" })).body.queueId).toBe("Q");
  });

  it("shows channel, ids and dates in the form that is set", async () => {
    const { call } = createAccount({ settings: { withChannel: true, idStyle: "uuid", dateStyle: "+0000" } });
    expect((await call("POST", "/conversations", {})).body).toMatchObject({
      id: "00000000-0000-0000-0000-000000000001",
      channel: "NO_CHANNEL",
      createdAt: "2026-03-02T10:00:00.000+0000",
    });
  });
});

describe("get", () => {
  it("answers an unknown id with 400, or 404 where set so, and the same body", async () => {
    const { call, emulator } = createAccount();
    for (const status of [400, 404] as const) {
      emulator.settings.unknownIdStatus = status;
      const answer = await call("GET", "/conversations/X");
      expect([answer.status, answer.body]).toEqual([status, noSuchId("X")]);
    }
  });

  it("speaks the error body of 2019 when set so", async () => {
    const { call } = createAccount({ settings: { errorBody: "old" } });
    expect((await call("GET", "/conversations/X")).body).toEqual({
      statusCode: "ERROR",
      message: "Invalid id 'X' given! No such entity exists.",
    });
  });
});

describe("update", () => {
  it("patches what is given and nothing else", async () => {
    const { call, clock, open } = createAccount();
    const id = await open({ topic: "t", priority: "HIGH", status: "WAITING" });
    clock.now += 1_000;
    expect((await call("PATCH", `/conversations/${id}`, { summary: "s" })).body).toMatchObject({
      topic: "t",
      summary: "s",
      priority: "HIGH",
      status: "WAITING",
      updatedAt: "2026-03-02T10:00:01.000+00:00",
    });
  });

  it("puts status and priority back to their defaults, and clears the rest or keeps it as set", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open({ topic: "t", priority: "HIGH", status: "WAITING" });
    emulator.settings.putAbsent = "keep";
    const kept = await call("PUT", `/conversations/${id}`, { summary: "s" });
    expect(kept.body).toMatchObject({ topic: "t", summary: "s", status: "OPEN", priority: "NORMAL" });
    emulator.settings.putAbsent = "clear";
    expect((await call("PUT", `/conversations/${id}`, { summary: "s" })).body).toMatchObject({ topic: null });
  });

  it("dates the closing, and changes nothing afterwards", async () => {
    const { call, open } = createAccount();
    const id = await open();
    const closed = await call("PATCH", `/conversations/${id}`, { status: "CLOSED" });
    expect(closed.body.closedAt).toBe("2026-03-02T10:00:00.000+00:00");
    for (const method of ["PUT", "PATCH"]) {
      const answer = await call(method, `/conversations/${id}`, { topic: "late" });
      expect([answer.status, answer.body]).toEqual([400, CLOSED]);
    }
  });

  it("lets topic and summary of a closed conversation change where set so", async () => {
    const { call, open } = createAccount({ settings: { closedChange: "topic-and-summary" } });
    const id = await open({ status: "CLOSED" });
    expect((await call("PATCH", `/conversations/${id}`, { topic: "late" })).body.topic).toBe("late");
    expect((await call("PATCH", `/conversations/${id}`, { topic: "x", status: "OPEN" })).body).toEqual(CLOSED);
    expect((await call("PUT", `/conversations/${id}`, { topic: "put" })).body).toMatchObject({ status: "CLOSED" });
  });

  it("refuses an unknown conversation and a bad body", async () => {
    const { call, open } = createAccount();
    expect((await call("PATCH", "/conversations/X", {})).body).toEqual(noSuchId("X"));
    expect((await call("PATCH", `/conversations/${await open()}`, { priority: "SOON" })).body).toEqual(BAD_BODY);
  });
});

describe("assignee", () => {
  it("is an agent or a bot, and can be taken off", async () => {
    const { call, open, agentId, botId } = createAccount();
    const path = `/conversations/${await open()}/assignee`;
    for (const id of [agentId("Ana Horvat"), botId("Shop assistant")]) {
      expect((await call("PUT", path, { agentId: id })).body.agentId).toBe(id);
    }
    expect((await call("DELETE", path)).body.agentId).toBeNull();
  });

  it("refuses an unknown agent, a missing one, and a closed conversation", async () => {
    const { call, open, agentId } = createAccount();
    const path = `/conversations/${await open()}/assignee`;
    expect((await call("PUT", path, { agentId: "A" })).body).toEqual(noSuchId("A"));
    expect((await call("PUT", path, {})).body).toEqual(BAD_BODY);
    const closed = `/conversations/${await open({ status: "CLOSED" })}/assignee`;
    expect((await call("PUT", closed, { agentId: agentId("Ana Horvat") })).body).toEqual(CLOSED);
    expect((await call("DELETE", closed)).body).toEqual(CLOSED);
  });
});

describe("list", () => {
  it("filters by dates in either spelling, both bounds exclusive", async () => {
    const { call, clock, open } = createAccount();
    const ids: string[] = [];
    for (let second = 0; second < 3; second += 1) {
      ids.push(await open());
      clock.now += 1_000;
    }
    const at = (ms: number, zone: string) => encodeURIComponent(new Date(ms).toISOString().replace("Z", zone));
    const list = async (query: string) =>
      (await call("GET", `/conversations?${query}`)).body.conversations.map(({ id }: { id: string }) => id);
    expect(await list(`createdAfter=${at(START, "+0000")}`)).toEqual(ids.slice(1));
    expect(await list(`createdAfter=${at(START, "+00:00")}&createdBefore=${at(START + 2_000, "+0000")}`)).toEqual([
      ids[1],
    ]);
    expect(await list(`createdAfter=${at(START + 3_600_000, "+0100")}`)).toEqual(ids.slice(1));
    await call("PATCH", `/conversations/${ids[0]}`, { status: "CLOSED" });
    expect(await list(`closedAfter=${at(START, "+0000")}`)).toEqual([ids[0]]);
  });

  it("refuses a date whose plus was not encoded", async () => {
    const { call } = createAccount();
    expect((await call("GET", "/conversations?createdAfter=2026-03-02T10:00:00.000+0000")).status).toBe(400);
  });

  it("filters by id, queue, tag, assignee, status and priority; a repeated filter means any of its values", async () => {
    const { call, open, queueId, agentId } = createAccount();
    const plain = await open();
    const vip = await open({ queueId: queueId("VIP"), priority: "HIGH", agentId: agentId("Ana Horvat") });
    const waiting = await open({ queueId: queueId("General"), status: "WAITING" });
    await call("POST", `/conversations/${vip}/tags`, { tagName: "unhappy" });
    const list = async (query: string) =>
      (await call("GET", `/conversations?${query}`)).body.conversations.map(({ id }: { id: string }) => id);
    expect(await list(`conversationIds=${plain}&conversationIds=${waiting}`)).toEqual([plain, waiting]);
    expect(await list(`queueIds=${queueId("VIP")}&queueIds=${queueId("General")}`)).toEqual([vip, waiting]);
    expect(await list("tagNames=unhappy&tagNames=bot_lost")).toEqual([vip]);
    expect(await list(`agentId=${agentId("Ana Horvat")}`)).toEqual([vip]);
    expect(await list("status=WAITING&status=CLOSED")).toEqual([waiting]);
    expect(await list("priority=HIGH")).toEqual([vip]);
  });

  it("shows a new conversation only after the lag, though it can be read at once", async () => {
    const { call, clock, emulator, open } = createAccount();
    emulator.settings.listLagMs = 2_000;
    const id = await open();
    const total = async () => (await call("GET", "/conversations")).body.pagination.totalItems;
    clock.now += 1_999;
    expect(await total()).toBe(0);
    expect((await call("GET", `/conversations/${id}`)).status).toBe(200);
    clock.now += 1;
    expect(await total()).toBe(1);
  });
});

describe("links", () => {
  it("has none, and answers an unknown id with 404", async () => {
    const { call, open } = createAccount();
    expect((await call("GET", `/conversations/${await open()}/links`)).body).toEqual({ linkedConversations: [] });
    expect((await call("GET", "/conversations/X/links")).status).toBe(404);
  });
});
