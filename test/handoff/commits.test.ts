/** Commits of a handoff: each waits for the disk, so one more must be a decision and not an accident. */
import { describe, expect, it } from "vitest";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ask = { type: "handoff.requested" };

/** A record that counts commits, and fails those with the given numbers. */
function createCounted(failing: readonly number[] = []) {
  const record = createSqliteRecord(":memory:");
  let count = 0;
  const counted: SessionRecord = {
    read: record.read,
    async commit(work) {
      count += 1;
      const isFailing = failing.includes(count);
      return record.commit((tables) => {
        const done = work(tables);
        if (isFailing) throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_WRITE" });
        return done;
      });
    },
  };
  return { record: counted, count: () => count };
}

/** A platform that holds the answers to one kind of call until the test releases them. */
function holding(part: string) {
  let answer: (() => void) | null = null;
  const platform =
    (fetch: (request: Request) => Promise<Response>) =>
    async (request: Request): Promise<Response> => {
      const response = await fetch(request);
      const isHeld = request.method !== "GET" && request.url.endsWith(part) && answer === null;
      if (isHeld) {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
      return response;
    };
  return { platform, answer: () => answer?.() };
}

const writes = (world: ReturnType<typeof createWorld>) =>
  world.operations().filter((it) => /^(create|add|update|patch|route)/.test(it ?? ""));
const stepsOf = ({ record }: ReturnType<typeof createWorld>) =>
  Object.fromEntries(
    record.read((t) => t.handoffs.ledger("01H0001"))?.steps.map(({ name, state }) => [name, state]) ?? [],
  );
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

describe("the commits of a handoff", () => {
  it("are four: opened and begun, created with its context begun, its context, routed", async () => {
    const { record, count } = createCounted();
    const world = createWorld(undefined, { record });
    await world.service.resume();
    const before = count();
    await world.deliver(ask);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(writes(world)).toHaveLength(6);
    expect(count() - before).toBe(4);
  });

  it("are three where a conversation is adopted: the context goes with the opening", async () => {
    const { record, count } = createCounted();
    const world = createWorld(undefined, { record });
    await world.service.resume();
    const conversationId = await world.open();
    const before = count();
    await world.deliver({ ...ask, conversationId });
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(count() - before).toBe(3);
  });

  it("are five with an Idempotency-Key: the key goes with the opening, and its answer is kept before it is given", async () => {
    const pieces: number[] = [];
    const record = createSqliteRecord(":memory:", { onBatch: (count) => pieces.push(count) });
    const world = createWorld(undefined, { record });
    await world.service.resume();
    pieces.length = 0;
    const answer = await world.request("/v1/bots/shop-assistant/handoffs", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "idempotency-key": "k" },
      body: JSON.stringify({ session: "s1" }),
    });
    expect(answer.status).toBe(201);
    expect(pieces[0]).toBe(2);
    expect(pieces).toHaveLength(5);
  });

  it("send nothing before the first is durable", async () => {
    const { record } = createCounted([2]);
    const world = createWorld(undefined, { record });
    await world.service.resume();
    await expect(world.deliver(ask)).rejects.toThrow("disk I/O error");
    await turns();
    expect(writes(world)).toEqual([]);
  });

  it("give place and pass back where the first fails", async () => {
    const { record } = createCounted([2, 3, 4]);
    const world = createWorld(undefined, { record, settings: { handoffsAtOnce: 1, attemptsAtOnce: 1 } });
    await world.service.resume();
    for (let n = 0; n < 3; n += 1) await expect(world.deliver(ask)).rejects.toThrow("disk I/O error");
    const { received } = await world.deliver({ ...ask, session: "s2" });
    for (let n = 0; n < 5; n += 1) await world.pass(0);
    expect(world.handoff(received.handoffId ?? "")?.state).toBe("routed");
  });

  it("keep to the order of those who wait: nobody begins in a place that another was to have", async () => {
    const { platform, answer } = holding("/conversations");
    const world = createWorld(platform, { settings: { handoffsAtOnce: 1 } });
    await world.service.resume();
    for (const session of ["s1", "s2", "s3"]) {
      await world.receive.receive("shop-assistant", "baton", {
        event: world.event({ ...ask, session }),
        hasSenderId: true,
      });
    }
    await turns();
    expect(world.conversations()).toHaveLength(1);
    answer();
    await world.pass(0);
    await world.pass(0);
    expect(world.conversations().map(({ topic }) => topic)).toEqual(["Chat s1", "Chat s2", "Chat s3"]);
  });
});

describe("the due time of a handoff", () => {
  it("is written when it is opened and when its first step is sent, and not again by each turn", async () => {
    const record = createSqliteRecord(":memory:");
    const dueTimes: (number | null)[] = [];
    const world = createWorld(undefined, {
      record: {
        ...record,
        commit: (work) =>
          record.commit((tables) => {
            const save: typeof tables.handoffs.save = (after, before) => {
              if (after.dueAt !== before.dueAt) dueTimes.push(after.dueAt);
              tables.handoffs.save(after, before);
            };
            return work({ ...tables, handoffs: { ...tables.handoffs, save } });
          }),
      },
    });
    await world.service.resume();
    await world.deliver(ask);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(dueTimes).toEqual([null]);
  });
});

describe("results that wait for the last one's commit", () => {
  it("are written within a second, though another call takes long", async () => {
    const { platform, answer } = holding("/metadata");
    const { record, count } = createCounted();
    const world = createWorld(platform, { record });
    await world.service.resume();
    void world.deliver(ask);
    await turns();
    expect(stepsOf(world)).toMatchObject({ conversation: "done", note: "sent", metadata: "sent" });
    world.move(1_000);
    await turns();
    expect(stepsOf(world)).toMatchObject({ note: "done", "tag:bot_handoff": "done", metadata: "sent", route: "ready" });
    const before = count();
    answer();
    await world.pass(0);
    expect(world.handoff("01H0001")?.state).toBe("routed");
    expect(count() - before).toBe(2);
  });

  it("are looked up where the process ended before, and nothing is written twice", async () => {
    const { platform } = holding("/metadata");
    const { record } = createCounted();
    const world = createWorld(platform, { record });
    await world.service.resume();
    void world.deliver(ask);
    await turns();
    expect(world.operations()).toContain("createNote");
    await record.commit((t) => t.handoffs.endInFlight(world.now()));
    const next = createWorld(() => world.emulator.fetch, { record, handoffsBefore: 1 });
    await next.service.resume();
    for (let n = 0; n < 10; n += 1) await next.pass(3_000);
    expect(next.handoff("01H0001")?.state).toBe("routed");
    const once = ["createConversation", "createNote", "route"];
    expect(writes(world).filter((it) => once.includes(it ?? ""))).toEqual(once);
  });

  it("hold up no further page of a note", async () => {
    const { platform } = holding("/metadata");
    const world = createWorld(platform);
    await world.service.resume();
    const transcript = Array.from({ length: 60 }, (_, n) => ({
      author: "customer",
      text: `${n} ${"word ".repeat(30)}`,
    }));
    void world.deliver({ ...ask, transcript });
    await turns();
    const notes = world.operations().filter((it) => it === "createNote");
    expect(notes.length).toBeGreaterThan(1);
  });
});
