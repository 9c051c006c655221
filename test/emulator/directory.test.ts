import { describe, expect, it } from "vitest";
import { BAD_BODY, createAccount, noSuchId, refusal, START } from "./create-account.ts";

const MISSING_BODY = refusal("BAD_REQUEST", "Required request body is missing or not valid.");
const noSuchAgent = (id: string) => refusal("NOT_FOUND", `Invalid agent id given '${id}'`);
const names = (items: { displayName?: string; name?: string }[]) => items.map((item) => item.displayName ?? item.name);

describe("queues", () => {
  it("are listed with their counts, by id, agent, working hours and part of the name", async () => {
    const { call, queueId, agentId } = createAccount();
    const list = async (query: string) => (await call("GET", `/queues?${query}`)).body.queues;
    expect(names(await list(""))).toEqual(["Support", "VIP", "Complaints", "General"]);
    const [vip] = await list(`queueIds=${queueId("VIP")}`);
    expect(vip).toMatchObject({ name: "VIP", enabledAgentsCount: 2, enabledRoutesCount: 1, deletedAt: null });
    expect(names(await list(`agentId=${agentId("Luka Babic")}`))).toEqual(["Support", "VIP"]);
    expect(names(await list("workingHoursId=5EED00000000000000000000000000E1"))).toEqual(["Support", "Complaints"]);
    expect(names(await list("name=pp"))).toEqual(["Support"]);
  });

  it("are created, updated and deleted", async () => {
    const { call } = createAccount();
    const created = await call("POST", "/queues", { name: "Spanish Support" });
    expect(created.body).toMatchObject({ name: "Spanish Support", isAutoAssignmentEnabled: false });
    const path = `/queues/${created.body.id}`;
    expect((await call("PUT", path, { name: "Soporte" })).body).toMatchObject({ id: created.body.id, name: "Soporte" });
    expect((await call("DELETE", path)).body.message).toBe("Queue deleted successfully.");
    expect((await call("DELETE", path)).body).toEqual(noSuchId(created.body.id));
    expect((await call("PUT", path, { name: "x" })).body).toEqual(noSuchId(created.body.id));
    expect((await call("POST", "/queues", {})).body).toEqual(BAD_BODY);
  });
});

describe("agents", () => {
  it("are listed by availability, queue, role, e-mail and part of the name, without e-mail", async () => {
    const { call, queueId } = createAccount();
    const list = async (query: string) => (await call("GET", `/agents?${query}`)).body.agents;
    expect(names(await list(`availability=ACTIVE&queueIds=${queueId("VIP")}`))).toEqual(["Luka Babic", "Marta Silva"]);
    expect(names(await list("role=SUPERVISOR"))).toEqual(["Marta Silva"]);
    expect(names(await list("email=grace.okoye@example.com"))).toEqual(["Grace Okoye"]);
    expect(names(await list("displayName=HOR"))).toEqual(["Ana Horvat"]);
    expect(await list("enabled=false")).toEqual([]);
    expect((await list(""))[0]).not.toHaveProperty("email");
    expect(await list(`createdAfter=${encodeURIComponent("2026-03-02T10:00:00.000+0000")}`)).toEqual([]);
  });

  it("are created, read with e-mail, updated, and set their status", async () => {
    const { call, agentId } = createAccount();
    const ana = `/agents/${agentId("Ana Horvat")}`;
    expect((await call("GET", ana)).body.email).toBe("ana.horvat@example.com");
    const away = await call("PUT", `${ana}/status`, { status: "AWAY" });
    expect(away.body).toMatchObject({ status: "AWAY", availability: "AWAY" });
    const fields = { displayName: "Ana H.", status: "BUSY", role: "SUPERVISOR" };
    expect((await call("PUT", ana, fields)).body).toMatchObject({ ...fields, enabled: true });
    const created = await call("POST", "/agents", { displayName: "New", status: "ACTIVE", role: "AGENT" });
    expect((await call("GET", `/agents/${created.body.id}`)).body).toMatchObject({ displayName: "New", email: null });
    expect((await call("PUT", `${ana}/heartbeat`)).body.message).toBe("Heartbeat received.");
  });

  it("refuse a missing body and an unknown agent in their own words", async () => {
    const { call, agentId } = createAccount();
    expect((await call("POST", "/agents", { displayName: "x" })).body).toEqual(MISSING_BODY);
    expect((await call("PUT", `/agents/${agentId("Ana Horvat")}/status`, {})).body).toEqual(MISSING_BODY);
    for (const [method, path, body] of [
      ["GET", "/agents/A", undefined],
      ["PUT", "/agents/A/status", { status: "AWAY" }],
      ["PUT", "/agents/A/heartbeat", undefined],
      ["POST", "/agents/A/queues", { queueId: "Q" }],
      ["DELETE", "/agents/A/queues/Q", undefined],
    ] as const) {
      expect((await call(method, path, body)).body).toEqual(noSuchAgent("A"));
    }
    expect((await call("GET", "/agents/A/conversations")).body).toEqual(noSuchId("A"));
  });

  it("join and leave queues", async () => {
    const { call, emulator, agentId, queueId } = createAccount();
    const ana = agentId("Ana Horvat");
    const vip = queueId("VIP");
    const joined = await call("POST", `/agents/${ana}/queues`, { queueId: vip });
    expect(joined.body.message).toBe("Agent added to queue successfully.");
    expect(emulator.state.agents.get(ana)?.queueIds).toContain(vip);
    const left = await call("DELETE", `/agents/${ana}/queues/${vip}`);
    expect(left.body.message).toBe("Agent removed from queue successfully.");
    expect(emulator.state.agents.get(ana)?.queueIds).not.toContain(vip);
    expect((await call("POST", `/agents/${ana}/queues`, { queueId: "Q" })).body).toEqual(noSuchId("Q"));
  });

  it("have their conversations", async () => {
    const { call, open, agentId } = createAccount();
    const ana = agentId("Ana Horvat");
    await open();
    const id = await open({ agentId: ana });
    expect((await call("GET", `/agents/${ana}/conversations`)).body).toMatchObject({
      conversations: [{ id }],
      pagination: { totalItems: 1 },
    });
  });
});

describe("bots", () => {
  const fields = { displayName: "My bot", destination: "4474", channel: "WHATSAPP" };

  it("are listed, created with defaults, and updated", async () => {
    const { call } = createAccount();
    expect(names((await call("GET", "/bots")).body.bots)).toEqual(["Shop assistant", "Delivery updates"]);
    const created = await call("POST", "/bots", { ...fields, webhookUrl: "https://bot.example.com" });
    const defaults = { enabled: true, messagePersistencePolicy: "PERSIST_ALL", sessionTimeoutInSec: 86_400 };
    expect(created.body).toMatchObject({ ...fields, ...defaults });
    const path = `/bots/${created.body.id}`;
    expect((await call("PUT", path, { ...fields, sessionTimeoutInSec: 60 })).body.sessionTimeoutInSec).toBe(60);
    expect((await call("GET", path)).body).not.toHaveProperty("webhookUrl");
    expect((await call("POST", "/bots", { ...fields, sessionTimeoutInSec: 59 })).body).toEqual(MISSING_BODY);
    expect((await call("GET", "/bots/B")).body).toEqual(noSuchAgent("B"));
    expect((await call("PUT", "/bots/B", fields)).body).toEqual(noSuchAgent("B"));
  });

  it("leave their open conversations to routing when deleted", async () => {
    const { call, emulator, open, botId, queueId } = createAccount();
    const bot = botId("Shop assistant");
    const conversation = await open({ agentId: bot });
    const closed = await open({ agentId: bot, status: "CLOSED" });
    expect((await call("DELETE", `/bots/${bot}`)).body.message).toBe("Bot deleted successfully.");
    expect(emulator.state.conversations.get(conversation)).toMatchObject({
      agentId: null,
      queueId: queueId("General"),
    });
    expect(emulator.state.conversations.get(closed)?.agentId).toBe(bot);
    expect((await call("DELETE", `/bots/${bot}`)).body).toEqual(noSuchAgent(bot));
  });
});

describe("working hours", () => {
  it("are listed and read; an unknown id is 404", async () => {
    const { call } = createAccount();
    const listed = await call("GET", "/working-hours?name=office&isDefault=true");
    const [hours] = listed.body.workingHours;
    expect(hours).toMatchObject({ name: "Office hours", timezone: "Europe/Zagreb" });
    expect((await call("GET", `/working-hours/${hours.id}`)).body).toEqual(hours);
    const unknown = await call("GET", "/working-hours/W/status");
    expect([unknown.status, unknown.body]).toEqual([404, noSuchId("W")]);
  });

  it.each([
    ["inside, on a Monday at 11", START, "INSIDE"],
    ["outside, just before nine in the zone", Date.parse("2026-03-02T07:59:00Z"), "OUTSIDE"],
    ["inside, at nine in the zone", Date.parse("2026-03-02T08:00:00Z"), "INSIDE"],
    ["inside, at nine in summer", Date.parse("2026-07-01T07:00:00Z"), "INSIDE"],
    ["outside, at five", Date.parse("2026-03-02T16:00:00Z"), "OUTSIDE"],
    ["outside, on a Saturday", Date.parse("2026-03-07T10:00:00Z"), "OUTSIDE"],
  ])("are %s", async (_when, now, expected) => {
    const { call, clock } = createAccount();
    clock.now = now;
    const answer = await call("GET", "/working-hours/5EED00000000000000000000000000E1/status");
    expect(answer.body).toEqual({ status: `${expected}_OF_WORKING_HOURS` });
  });

  it("are over on a holiday", async () => {
    const { emulator, call } = createAccount();
    const [office] = emulator.state.workingHours.values();
    if (office === undefined) throw new Error("no working hours");
    const holiday = { id: "H", name: "Holiday", startDate: "2026-03-01", endDate: "2026-03-02", enabled: true };
    const closed = createAccount({ seed: { workingHours: [{ ...office, holidays: [holiday] }] } });
    const status = async (account: { call: typeof call }) =>
      (await account.call("GET", `/working-hours/${office.id}/status`)).body.status;
    expect(await status({ call })).toBe("INSIDE_OF_WORKING_HOURS");
    expect(await status(closed)).toBe("OUTSIDE_OF_WORKING_HOURS");
  });
});

describe("the account configuration", () => {
  it("takes a webhook URL of at most 255 characters", async () => {
    const { call, emulator } = createAccount();
    const done = await call("PUT", "/account/configuration", { webhookUrl: "https://hook.example.com" });
    expect(done.body.message).toBe("Account configuration successfully updated.");
    expect(emulator.state.accountWebhookUrl).toBe("https://hook.example.com");
    expect((await call("PUT", "/account/configuration", { webhookUrl: "x".repeat(256) })).body).toEqual(BAD_BODY);
  });
});
