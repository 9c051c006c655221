import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver } from "../support/door.ts";

describe("two sessions of a bot in one conversation", () => {
  const ask = (id: string, session: string, conversationId: string, text = "agent") => ({
    ...{ id, type: "customer.message", session, conversationId, text },
  });

  it("wait in one line, and both follow its end", async () => {
    const door = createDoor();
    const conversationId = await door.chatAtPlatform("hello");
    expectHandedOver(await door.events(ask("1", "u-1", conversationId)));
    await door.later(60_000);
    const second = await door.events(ask("2", "u-2", conversationId, "agent, it is about the blue one"));
    expectHandedOver(second);
    await door.later(120_000);
    expect(door.conversations()).toHaveLength(1);
    expect(door.last().routes).toBe(1);
    const controls = async () =>
      Promise.all(["u-1", "u-2"].map(async (session) => (await door.session(session)).body.control));
    expect(await controls()).toEqual(["queue", "queue"]);
    await door.take();
    expect(await controls()).toEqual(["agent", "agent"]);
    await door.finish("CLOSED");
    expect(await controls()).toEqual(["bot", "bot"]);
  });

  it("are both told to the agent", async () => {
    const door = createDoor();
    const conversationId = await door.chatAtPlatform("hello");
    await door.ask({ session: "u-1", conversationId, summary: "the red one is broken" });
    await door.ask({ session: "u-2", conversationId, summary: "the blue one is lost" });
    await door.later(120_000);
    expect(door.note()).toContain("the red one is broken");
    expect(door.note()).toContain("the blue one is lost");
  });

  it("may be three, and one of them asks again", async () => {
    const door = createDoor();
    const conversationId = await door.chatAtPlatform("hello");
    for (const session of ["a", "b", "c", "b"]) {
      expect((await door.ask({ session, conversationId, reason: session })).status).toBe(201);
      await door.later(30_000);
    }
    expect(door.last().routes).toBe(1);
    await door.take();
    await door.finish();
    for (const session of ["a", "b", "c"]) expect((await door.session(session)).body.control).toBe("bot");
    expectHandedOver(await door.ask({ session: "a", reason: "again" }));
  });

  it("find the agent who has it, and nobody takes it from them", async () => {
    const door = createDoor();
    const conversationId = await door.chatAtPlatform("hello");
    await door.ask({ session: "u-1", conversationId });
    await door.take();
    const second = await door.ask({ session: "u-2", conversationId });
    expect(second.body).toMatchObject({ control: "agent" });
    await door.later(10_000);
    expect(door.last()).toMatchObject({ agentId: door.agent, routes: 1 });
    await door.finish();
    for (const session of ["u-1", "u-2"]) expect((await door.session(session)).body.control).toBe("bot");
  });

  it("end when the poll alone tells of it", async () => {
    const door = createDoor({ pushes: false });
    await door.service.resume();
    const conversationId = await door.chatAtPlatform("hello");
    await door.ask({ session: "u-1", conversationId });
    await door.ask({ session: "u-2", conversationId });
    door.emulator.desk.take(conversationId, door.agent);
    await door.later(90_000);
    door.emulator.desk.setStatus(conversationId, door.agent, "CLOSED");
    await door.later(15 * 60_000, 30_000);
    for (const session of ["u-1", "u-2"]) expect((await door.session(session)).body.control).toBe("bot");
  });
});
