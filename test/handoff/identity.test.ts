import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { hashOf } from "../../src/handoff/use-cases/repeats/dedupe-key.ts";
import { isRecorded, isRepeated } from "../../src/handoff/use-cases/repeats/recognise-event.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createWorld, SECRET } from "../support/world.ts";

const MINUTE_MS = 60_000;

function createStage() {
  const world = createWorld();
  const post = async (path: string, body: object) => {
    const bot = path.startsWith("/webhooks/flow") ? "delivery-journey" : "shop-assistant";
    const response = await world.request(`/v1/bots/${bot}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as {
      outcome: string;
      handoffId: string | null;
      control: string;
      message: string | null;
    };
  };
  /** Solves the newest conversation as the agent who took it. */
  async function solve(): Promise<void> {
    const handoff = world.record.read((t) => t.handoffs.list({}, 1))[0];
    if (handoff?.conversationId == null) throw new Error("there is no conversation");
    await world.service.receiveState(handoff.account, handoff.conversationId, {
      at: world.now() + 1,
      status: "closed",
    });
  }
  return { world, post, solve };
}

const agent = { id: "1042", type: "customer.message", session: "tg-1", text: "agent please" };

describe("the identity of an event", () => {
  it("is its own in each session", async () => {
    const { world, post } = createStage();
    const first = await post("/events", agent);
    const second = await post("/events", { ...agent, session: "tg-2", text: "a human, please" });
    expect(second).toMatchObject({ outcome: "accepted", control: "queue" });
    expect(second.handoffId).not.toBe(first.handoffId);
    const third = await post("/events", { ...agent, session: "tg-3" });
    expect(third.outcome).toBe("accepted");
    expect(world.conversations()).toHaveLength(3);
  });

  it("is its own with other words", async () => {
    const { post } = createStage();
    await post("/events", { ...agent, text: "hello" });
    expect(await post("/events", agent)).toMatchObject({ outcome: "accepted", control: "queue" });
    expect(await post("/events", { ...agent, type: "bot.message" })).toMatchObject({ outcome: "accepted" });
  });

  it("is the same at another time, and with other attributes", async () => {
    const { world, post } = createStage();
    const first = await post("/events", { ...agent, at: "2026-11-23T10:00:00Z" });
    const again = { ...agent, at: "2026-11-23T10:00:09Z", attributes: { tries: 2 } };
    expect(await post("/events", again)).toMatchObject({ outcome: "duplicate", handoffId: first.handoffId });
    expect(world.conversations()).toHaveLength(1);
  });

  it("is one however often it comes at once", async () => {
    const { world, post } = createStage();
    const answers = await Promise.all([1, 2, 3, 4].map(() => post("/events", agent)));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["accepted", "duplicate", "duplicate", "duplicate"]);
    expect(new Set(answers.map(({ handoffId }) => handoffId)).size).toBe(1);
    expect(world.conversations()).toHaveLength(1);
  });

  it("tells the ids of one batch apart by their sessions", async () => {
    const { world, post } = createStage();
    await post("/events", [agent, { ...agent, session: "tg-2" }]);
    expect(world.conversations()).toHaveLength(2);
  });
});

describe("an event without an id", () => {
  const body = { phoneNumber: "385912345678", text: "call me back" };

  it("is the same while the handoff that it opened is open, however late", async () => {
    const { world, post } = createStage();
    const first = await post("/webhooks/flow", body);
    await world.pass(5 * MINUTE_MS);
    expect(await post("/webhooks/flow", body)).toMatchObject({ outcome: "duplicate", handoffId: first.handoffId });
  });

  it("asks anew once that handoff is over, however soon", async () => {
    const { world, post, solve } = createStage();
    const first = await post("/webhooks/flow", body);
    await world.pass(20_000);
    await solve();
    await world.pass(5_000);
    const second = await post("/webhooks/flow", body);
    expect(second).toMatchObject({ outcome: "accepted", control: "queue" });
    expect(second.handoffId).not.toBe(first.handoffId);
  });

  it("is another after anything else that was said", async () => {
    const { post } = createStage();
    const say = (text: string) => post("/webhooks/answers", { type: "customer.message", session: "u1", text });
    const outcomes = [];
    for (const text of ["yes", "no", "yes", "yes"]) outcomes.push((await say(text)).outcome);
    expect(outcomes).toEqual(["accepted", "accepted", "accepted", "duplicate"]);
  });

  it("is the same for a minute where it opened no handoff", async () => {
    const { world, post } = createStage();
    const say = () => post("/webhooks/answers", { type: "customer.message", session: "u1", text: "yes" });
    expect((await say()).outcome).toBe("accepted");
    await world.pass(59_000);
    expect((await say()).outcome).toBe("duplicate");
    await world.pass(2_000);
    expect((await say()).outcome).toBe("accepted");
  });

  it("is another in another session", async () => {
    const { post } = createStage();
    const say = (session: string) => post("/webhooks/answers", { session, text: "a person" });
    expect((await say("u1")).outcome).toBe("accepted");
    expect((await say("u2")).outcome).toBe("accepted");
  });
});

describe("isRepeated", () => {
  const contentKey = hashOf("a");
  const newest = {
    sessionId: 1,
    outcome: "accepted",
    handoffId: null,
    message: null,
    rule: null,
    receivedAt: 1_000,
    seq: 7,
    epoch: null,
    contentKey,
  } as const;
  const place = { session: null, open: null, at: 2_000 };

  it("knows the newest event by its content alone", () => {
    expect(isRepeated(newest, [contentKey], place)).toBe(true);
    expect(isRepeated(newest, [hashOf("b")], place)).toBe(false);
    expect(isRepeated({ ...newest, contentKey: null }, [contentKey], place)).toBe(false);
  });

  it("ends with the handoff that the event opened", () => {
    expect(isRepeated({ ...newest, handoffId: "h" }, [contentKey], place)).toBe(false);
  });
});

describe("what a former version recorded", () => {
  const ask = { type: "customer.message", session: "s1", at: "2026-11-23T10:00:00Z", id: "m-1" } as const;

  it.each([
    ["my number is [phone number], call me", "my number is 091 234 567, call me", true],
    ["[e-mail]", "ana@x.hr", true],
    ["[card number] and [card number]!", "4111 and 5500!", true],
    ["", "agent", true],
    ["agent", "hello", false],
    ["my number is [phone number]", "my name is Ana", false],
    ["a [card number] b", "a b", false],
  ])("'%s' is the record of '%s': %s", (recorded, given, is) => {
    expect(isRecorded({ ...ask, text: recorded }, { ...ask, text: given })).toBe(is);
  });

  /** A record whose events have the keys of a former version. */
  async function createFormer() {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
    const record = createSqliteRecord(path);
    const before = createWorld((fetch) => fetch, { record });
    const { received } = await before.deliver({ type: "customer.message", id: "m-1", text: "agent please" });
    await before.deliver({ type: "customer.message", id: "m-2", text: "good day" });
    await before.service.receive.receive("delivery-journey", "flow", withoutId(before));
    await before.service.stop();
    await record.close();
    const sqlite = new Sqlite(path);
    const key = sqlite.prepare("UPDATE events SET key = ?, content_key = ?, epoch = NULL WHERE event_id = ?");
    key.run(hashOf("shop-assistant", "baton", "m-1"), null, "m-1");
    key.run(hashOf("shop-assistant", "baton", "m-2"), null, "m-2");
    key.run(hashOf("x"), hashOf("delivery-journey", "flow", "content-1"), "content-1");
    sqlite.prepare("INSERT INTO former_keys VALUES (?)").run(before.now());
    sqlite.close();
    const world = createWorld((fetch) => fetch, { record: createSqliteRecord(path), startAt: before.now() + 20_000 });
    return { world, handoffId: received.handoffId };
  }
  const withoutId = (world: Pick<ReturnType<typeof createWorld>, "event">) => ({
    event: world.event({ type: "handoff.requested", session: "385912345678", id: "content-1" }),
    hasSenderId: false,
  });

  it("is known again when the bot sends it once more, with its id or without one", async () => {
    const { world, handoffId } = await createFormer();
    const again = await world.deliver({ type: "customer.message", id: "m-1", text: "agent please" });
    expect(again.received).toMatchObject({ outcome: "duplicate", handoffId });
    expect(await world.receive.receive("delivery-journey", "flow", withoutId(world))).toMatchObject({
      outcome: "duplicate",
    });
    expect(world.record.read((t) => t.handoffs.list({}, 10))).toHaveLength(2);
  });

  it("is not taken for another session's event, for other words, or for a new one after its time", async () => {
    const { world } = await createFormer();
    const send = async (given: object) =>
      (await world.deliver({ type: "customer.message", id: "m-2", text: "good day", ...given })).received.outcome;
    expect(await send({})).toBe("duplicate");
    expect(await send({ session: "s2" })).toBe("accepted");
    expect(await send({ text: "hello" })).toBe("accepted");
    world.move(36 * 24 * 60 * MINUTE_MS);
    expect(await send({})).toBe("accepted");
  });
});
