import { describe, expect, it } from "vitest";
import { createFailingRecord, diskError } from "../support/failing-record.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const errorsOf = ({ lines }: ReturnType<typeof createWorld>) => lines.filter(({ level }) => level === "error");

describe("a record that cannot be read for a while", () => {
  it.each([
    ["a disk", diskError()],
    ["a bug", new Error("no such thing")],
  ])("ends no process, whatever timer meets it, and what was due is done afterwards: %s", async (_, failure) => {
    const { record, failReads } = createFailingRecord();
    const world = createWorld(undefined, { record });
    await world.service.resume();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 429, retryAfter: "3" });
    await world.deliver(ask);
    expect(world.handoff("01H0001")?.state).toBe("pending");
    failReads(failure);
    // The timers of retries, alerts, polls and callbacks all fire.
    for (let n = 0; n < 100; n += 1) {
      world.move(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    failReads(null);
    await world.pass(1_000);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });

  it("gives back the places of attempts whose step could not be looked at", async () => {
    const { record, failReads } = createFailingRecord();
    const world = createWorld(
      (fetch) => (request) => {
        failReads(null);
        return fetch(request);
      },
      { record, settings: { attemptsAtOnce: 1 } },
    );
    await world.service.resume();
    for (let n = 1; n <= 3; n += 1) {
      const receiving = world.receive.receive("shop-assistant", "baton", {
        event: world.event({ ...ask, session: `s${n}` }),
        hasSenderId: true,
      });
      failReads(diskError());
      await receiving.catch(() => undefined);
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      failReads(null);
    }
    for (let n = 0; n < 10; n += 1) await world.pass(3_000);
    const states = world.record.read((t) => t.handoffs.list({}, 10)).map(({ state }) => state);
    expect(states).toEqual(["routed", "routed", "routed"]);
    expect(world.conversations()).toHaveLength(3);
  });
});

describe("a handoff that fails at each turn", () => {
  it("waits longer each time, holds up nobody, and is parked with an alert", async () => {
    const { record, unreadable } = createFailingRecord();
    const world = createWorld(undefined, { record, settings: { handoffsAtOnce: 2 } });
    await world.service.resume();
    for (let n = 1; n <= 6; n += 1) unreadable.add(`01H000${n}`);
    for (let n = 1; n <= 6; n += 1) await world.deliver({ ...ask, session: `bad-${n}` });
    const failures = () => errorsOf(world).filter(({ message }) => /could not be carried on/.test(message)).length;
    expect(failures()).toBe(6);

    await world.deliver({ ...ask, session: "good" });
    expect(world.handoff("01H0007")?.state).toBe("routed");
    for (let n = 0; n < 60; n += 1) await world.pass(1_000);
    // Turns after 0, 1, 3, 7, 15 and 31 seconds.
    expect(failures()).toBe(6 * 6);
    expect(world.handoff("01H0001")).toMatchObject({ state: "pending", failures: 6 });

    for (let n = 0; n < 20; n += 1) await world.pass(30_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "parked", parkedFor: "person", dueAt: null });
    expect(errorsOf(world).filter(({ fields }) => fields.state === "parked")).toHaveLength(6);
    const session = world.record.read((t) => t.sessions.find("shop-assistant", "bad-1"));
    expect(session?.control).toBe("bot");
    const before = failures();
    for (let n = 0; n < 20; n += 1) await world.pass(30_000);
    expect(failures()).toBe(before);
  });

  it("is carried on by an operator's retry once the cause is gone", async () => {
    const { record, unreadable } = createFailingRecord();
    const world = createWorld(undefined, { record });
    await world.service.resume();
    unreadable.add("01H0001");
    await world.deliver(ask);
    for (let n = 0; n < 20; n += 1) await world.pass(60_000);
    expect(world.handoff("01H0001")?.state).toBe("parked");
    unreadable.clear();
    expect((await world.operate("/handoffs/01H0001/retry")).status).toBe(200);
    await world.pass(1_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "routed", failures: 0 });
  });

  it("is forgiven its failures once a turn of it goes well", async () => {
    const { record, unreadable } = createFailingRecord();
    const world = createWorld(undefined, { record });
    await world.service.resume();
    unreadable.add("01H0001");
    await world.deliver(ask);
    unreadable.clear();
    await world.pass(1_000);
    expect(world.handoff("01H0001")).toMatchObject({ state: "routed", failures: 0 });
  });
});
