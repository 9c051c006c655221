import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createBreakableRecord } from "../support/broken-storage.ts";
import { OPERATOR_TOKEN, SECRET } from "../support/world.ts";
import { createAlertStage } from "./stage.ts";

const ask = { type: "handoff.requested" };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
type Stage = Awaited<ReturnType<typeof createAlertStage>>;

/** Parks the handoff of a session, as a person has to look at it. */
async function park({ world }: Stage, session: string): Promise<string> {
  world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400 });
  const { answer } = await world.deliver({ ...ask, session });
  expect(world.handoff(answer.handoffId ?? "")).toMatchObject({ state: "parked", parkedFor: "person" });
  return answer.handoffId ?? "";
}

describe("a parked handoff", () => {
  it("is told once, signed, with ids alone, and told over when somebody retried it", async () => {
    const stage = await createAlertStage();
    const id = await park(stage, "+385915550147");
    await stage.look(3);
    expect(stage.told()).toEqual(["handoff-parked open"]);
    expect(stage.taken[0]).toMatchObject({
      type: "alert.opened",
      subject: `handoff-parked/${id}`,
      data: {
        code: "handoff-parked",
        handoff: id,
        bot: "shop-assistant",
        account: "default",
        count: 1,
        over: null,
        url: `https://baton.example/console/handoffs/${id}`,
      },
    });
    const [post] = stage.posts;
    expect(post?.headers["webhook-id"]).toBe(stage.taken[0]?.id);
    expect(post?.body).not.toContain("385915550147");

    await stage.world.operate(`/handoffs/${id}/retry`);
    await stage.look();
    expect(stage.told()).toEqual(["handoff-parked open", "handoff-parked over"]);
    await stage.look(2);
    expect(stage.posts).toHaveLength(2);
    expect(stage.lines("handoff-parked").map(({ level, fields }) => `${level} ${fields.state}`)).toEqual([
      "error parked",
      "info over",
    ]);
  });

  it("is told beside another one that is open already, and a flood is one more alert with a count", async () => {
    const stage = await createAlertStage();
    await park(stage, "s1");
    await stage.look();
    await park(stage, "s2");
    await stage.look();
    expect(stage.told()).toEqual(["handoff-parked open", "handoff-parked open"]);
    for (let n = 3; n <= 60; n += 1) await park(stage, `s${n}`);
    await stage.look();
    expect(stage.taken).toHaveLength(21);
    expect(stage.taken.at(-1)?.data).toMatchObject({ handoff: null, count: 40 });
    for (let n = 61; n <= 99; n += 1) await park(stage, `s${n}`);
    await stage.look();
    expect(stage.taken).toHaveLength(21);
    await park(stage, "s100");
    await stage.look();
    expect(stage.taken.at(-1)?.data).toMatchObject({ state: "open", count: 80 });
    expect(stage.taken).toHaveLength(22);
  });

  it("is not told where it is over before anybody was told", async () => {
    const stage = await createAlertStage();
    stage.control.answer = () => ({ kind: "answered", status: 503, retryAfter: null });
    const first = await park(stage, "s1");
    await stage.look();
    const second = await park(stage, "s2");
    await stage.world.operate(`/handoffs/${second}/cancel`);
    await stage.world.operate(`/handoffs/${first}/cancel`);
    stage.control.answer = () => ({ kind: "answered", status: 200, retryAfter: null });
    await stage.look(3);
    // The first try may have arrived, although its answer was no success.
    expect(stage.taken.map(({ data }) => `${data.handoff} ${data.state}`)).toEqual([`${first} over`]);
  });
});

describe("after a restart", () => {
  it("what is open is not told again, what ended meanwhile is told over, and what nobody took is told", async () => {
    const record = createSqliteRecord(":memory:");
    const before = await createAlertStage({ record });
    const [first, second] = [await park(before, "s1"), await park(before, "s2")];
    await before.look();
    before.control.answer = () => ({ kind: "not-sent", code: "ECONNREFUSED" });
    const third = await park(before, "s3");
    await before.look();
    await before.world.service.stop();
    await record.commit((t) => {
      const handoff = t.handoffs.byId(second);
      if (handoff !== null) t.handoffs.save({ ...handoff, state: "cancelled", parkedFor: null }, handoff);
    });

    const after = await createAlertStage({ record, handoffsBefore: 3, startAt: before.world.now() + HOUR });
    await after.look(2);
    expect(after.taken.map(({ data }) => `${data.handoff} ${data.state}`).sort()).toEqual(
      [`${second} over`, `${third} open`].sort(),
    );
    expect(after.taken.map(({ id }) => id)).toContain(before.posts.at(-1)?.headers["webhook-id"]);
    expect(record.read((t) => t.alerts.all()).map(({ handoffId }) => handoffId)).toEqual([first, third]);
  });

  it("an account that refuses our credentials counts as refusing until it has shown the contrary", async () => {
    const record = createSqliteRecord(":memory:");
    const before = await createAlertStage({ record });
    before.world.emulator.settings.keys = {};
    await before.world.deliver({ ...ask, session: "s1" });
    await before.look();
    expect(before.told()).toEqual(["account-refused open"]);
    await before.world.service.stop();

    const after = await createAlertStage({ record, handoffsBefore: 1, startAt: before.world.now() + HOUR });
    after.world.emulator.settings.keys = {};
    await after.look(3);
    expect(after.told()).toEqual([]);
    after.world.emulator.settings.keys = null;
    await after.world.pass(MINUTE);
    await after.look(6);
    expect(after.told()).toEqual(["account-refused over"]);
  });
});

describe("a webhook that fails", () => {
  it("is tried less and less, said once in the log, and gets what is still true when it is back", async () => {
    const stage = await createAlertStage();
    stage.control.answer = () => ({ kind: "unanswered", code: "timeout" });
    await park(stage, "s1");
    await stage.look(360);
    expect(stage.posts.length).toBeGreaterThan(10);
    expect(stage.posts.length).toBeLessThan(25);
    expect(new Set(stage.posts.map(({ body }) => body)).size).toBe(1);
    expect(stage.world.lines.filter(({ message }) => /do not reach their webhook/.test(message))).toHaveLength(1);
    stage.control.answer = () => ({ kind: "answered", status: 200, retryAfter: null });
    await stage.look(31);
    expect(stage.told()).toEqual(["handoff-parked open", "handoff-late open"].slice(0, stage.told().length));
    expect(stage.told()).toContain("handoff-parked open");
  });

  it("lets no notice that it refuses hold back the others", async () => {
    const stage = await createAlertStage();
    const refused = await park(stage, "s1");
    const answers = stage.control;
    let isBad = true;
    answers.answer = () => {
      const isOfIt = stage.posts.at(-1)?.body.includes(refused) ?? false;
      return { kind: "answered", status: isOfIt && isBad ? 400 : 200, retryAfter: null };
    };
    await stage.look();
    await park(stage, "s2");
    await stage.look(2);
    expect(stage.told()).toEqual(["handoff-parked open"]);
    isBad = false;
    await stage.look(5);
    expect(stage.taken.map(({ data }) => data.handoff)).toContain(refused);
  });

  it("harms nothing where its sender throws", async () => {
    const stage = await createAlertStage();
    stage.control.answer = () => {
      throw new Error("a fault of the sender");
    };
    await park(stage, "s1");
    await stage.look(2);
    const { answer } = await stage.world.deliver({ ...ask, session: "s2" });
    expect(answer.handoffState).toBe("routed");
  });
});

describe("the other alerts", () => {
  it("tells of a customer who waits too long, until an agent has them", async () => {
    const stage = await createAlertStage({ pushes: true });
    await stage.world.deliver({ ...ask, session: "s1" });
    await stage.world.pass(301_000);
    await stage.look(2);
    expect(stage.told()).toEqual(["handoff-late open"]);
    expect(stage.taken[0]?.data.url).toBe(`https://baton.example/console/handoffs/${stage.taken[0]?.data.handoff}`);
    const [conversation] = stage.world.conversations();
    const agent = [...stage.world.emulator.state.agents.keys()][0];
    await stage.world.request("/nothing");
    await stage.world.emulator.fetch(
      new Request(`https://emulator.invalid/ccaas/1/conversations/${conversation?.id}/assignee`, {
        method: "PUT",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: JSON.stringify({ agentId: agent }),
      }),
    );
    await stage.world.pass(31_000);
    await stage.look(2);
    expect(stage.told()).toEqual(["handoff-late open", "handoff-late over"]);
  });

  it("tells of an account that fails, until a call succeeds", async () => {
    const stage = await createAlertStage();
    const fault = { operation: "createConversation", kind: "status", status: 500, times: 400 } as const;
    stage.world.emulator.faults.add(fault);
    for (let n = 0; n < 12; n += 1) await stage.world.deliver({ ...ask, session: `s${n}` });
    const told = () => stage.told().filter((it) => it.startsWith("account-failing"));
    // Its reads succeed, and each closes the circuit for a moment.
    await stage.look(6);
    expect(told()).toEqual(["account-failing open"]);
    stage.world.emulator.faults.clear();
    await stage.look(30);
    expect(told()).toEqual(["account-failing open", "account-failing over"]);
  });

  it("tells of pushes that do not come although a conversation was routed, until one comes", async () => {
    const stage = await createAlertStage({ expectsPushes: true });
    await stage.look(60);
    expect(stage.told()).toEqual([]);
    await stage.world.deliver({ ...ask, session: "s1" });
    await stage.look(29);
    expect(stage.told()).toEqual([]);
    await stage.look(2);
    expect(stage.told()).toContain("pushes-silent open");
    stage.world.service.pushed("default", []);
    await stage.look(2);
    expect(stage.told()).toContain("pushes-silent over");
  });

  it("tells of no silence where pushes came just before their routes were answered", async () => {
    const stage = await createAlertStage({ expectsPushes: true });
    stage.world.service.pushed("default", []);
    await stage.world.deliver({ ...ask, session: "s1" });
    await stage.look(60);
    expect(stage.told()).not.toContain("pushes-silent open");
  });

  it("tells of a full backlog at four fifths of its bound, of one bot and of all", async () => {
    const stage = await createAlertStage({ settings: { maxPending: 10 } });
    stage.world.emulator.faults.add({
      operation: "createConversation",
      kind: "status",
      status: 429,
      retryAfter: "600",
    });
    for (let n = 0; n < 4; n += 1) await stage.world.deliver({ ...ask, session: `s${n}` });
    await stage.look();
    expect(stage.taken.map(({ data }) => [data.code, data.bot, data.count])).toEqual([
      ["backlog", "shop-assistant", 4],
    ]);
    expect(stage.lines("backlog")).toMatchObject([{ level: "error", fields: { state: "open", count: 4 } }]);
  });

  it("tells of a disk that is almost full, until it has a fifth more than that", async () => {
    const stage = await createAlertStage();
    stage.control.space = { freeBytes: 0.9e9, totalBytes: 100e9 };
    await stage.look(2);
    stage.control.space = { freeBytes: 1.1e9, totalBytes: 100e9 };
    await stage.look(2);
    expect(stage.told()).toEqual(["disk-low open"]);
    stage.control.space = null;
    await stage.look();
    stage.control.space = { freeBytes: 1.3e9, totalBytes: 100e9 };
    await stage.look();
    expect(stage.told()).toEqual(["disk-low open", "disk-low over"]);
    // A small disk has less than a gigabyte at its best.
    stage.control.space = { freeBytes: 0.5e9, totalBytes: 1e9 };
    await stage.look();
    expect(stage.told()).toHaveLength(2);
  });

  it("tells of a database that takes no writes, although it cannot record that", async () => {
    const disk = createBreakableRecord();
    const stage = await createAlertStage({ record: disk.record });
    disk.lock();
    await stage.world.deliver({ ...ask, session: "s1" }).catch(() => undefined);
    await stage.look(2);
    expect(stage.told()).toEqual(["storage-failing open"]);
    disk.unlock();
    await stage.look(2);
    expect(stage.told()).toEqual(["storage-failing open", "storage-failing over"]);
    expect(disk.record.read((t) => t.alerts.all())).toEqual([]);
  });

  it("tells of a callback that was given up, until it is taken", async () => {
    let status = 410;
    const flow = defineFlow({
      name: "shop",
      bots: ["shop-assistant"],
      conversation: { topic: "Chat" },
      rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
      callbacks: { url: "https://bot.example/callbacks" },
    });
    const stage = await createAlertStage({
      flows: [flow],
      callbacks: {
        botSecrets: new Map([["shop-assistant", [SECRET]]]),
        send: async () => ({ kind: "answered", status, retryAfter: null }),
      },
    });
    const id = await park(stage, "s1");
    await stage.look(2);
    const told = () => stage.taken.filter(({ data }) => data.code === "callback-given-up").map(({ data }) => data);
    expect(told()).toMatchObject([{ state: "open", handoff: id, bot: "shop-assistant", count: 1 }]);
    status = 204;
    await stage.world.operate(`/handoffs/${id}/resend`);
    await stage.look(2);
    expect(told()).toMatchObject([{ state: "open" }, { state: "over", handoff: id }]);
  });
});

describe("a bot whose sessions had all their handoffs", () => {
  const flow = defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    atMost: { handoffs: 1, withinHours: 100 },
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  });
  /** Asks again after an operator ended the first handoff. */
  async function askTwice({ world }: Stage, session: string): Promise<void> {
    const { answer } = await world.deliver({ ...ask, id: `${session}-1`, session });
    await world.operate(`/handoffs/${answer.handoffId}/end`);
    const again = await world.deliver({ ...ask, id: `${session}-2`, session });
    expect(again.answer).toMatchObject({ handoffId: null, reason: "too-many-handoffs" });
  }

  it("is told once, told again when it is twice as bad, and over after an hour without", async () => {
    const stage = await createAlertStage({ flows: [flow] });
    await askTwice(stage, "s1");
    await stage.look(3);
    expect(stage.taken.map(({ subject, data }) => [subject, data.state, data.count, data.url])).toEqual([
      ["too-many-handoffs/shop-assistant", "open", 1, "https://baton.example/console/handoffs?bot=shop-assistant"],
    ]);
    await askTwice(stage, "s2");
    await stage.look();
    expect(stage.taken.at(-1)?.data).toMatchObject({ state: "open", count: 2 });
    await stage.world.pass(HOUR);
    await stage.look();
    expect(stage.told()).toEqual(["open", "open", "over"].map((state) => `too-many-handoffs ${state}`));
    expect(stage.lines("too-many-handoffs").map(({ level }) => level)).toEqual(["error", "error", "info"]);
  });

  it("stays an alert over a restart, until the next process has seen an hour without", async () => {
    const record = createSqliteRecord(":memory:");
    const before = await createAlertStage({ flows: [flow], record });
    await askTwice(before, "s1");
    await before.look();
    await before.world.service.stop();
    const after = await createAlertStage({
      flows: [flow],
      record,
      handoffsBefore: 1,
      startAt: before.world.now() + HOUR,
    });
    await after.look(3);
    expect(after.told()).toEqual([]);
    await after.world.pass(HOUR);
    await after.look();
    expect(after.told()).toEqual(["too-many-handoffs over"]);
  });
});

describe("the console", () => {
  it("names the open alerts on its page of faults, also without a webhook", async () => {
    const stage = await createAlertStage({ hasWebhook: false });
    const id = await park(stage, "s1");
    await stage.look();
    expect(stage.posts).toEqual([]);
    const signedIn = await stage.world.request("/console/sign-in", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: "http://baton.invalid" },
      body: new URLSearchParams({ token: OPERATOR_TOKEN }).toString(),
    });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await (await stage.world.request("/console/faults", { headers: { cookie } })).text();
    expect(page).toContain("Open alerts");
    expect(page).toContain(`/console/handoffs/${id}`);
  });
});
