import { describe, expect, it } from "vitest";
import { flows as ours } from "../../flows/index.ts";
import { createWorld } from "../support/world.ts";

const ID = "01H0001";

async function createAssigned() {
  const world = createWorld((fetch) => fetch, { flows: ours, pushes: true });
  await world.service.resume();
  await world.deliver({ type: "handoff.requested" });
  const [agent = { id: "" }, other = { id: "" }] = world.emulator.state.agents.values();
  const id = world.conversations()[0]?.id ?? "";
  const rest = async () => {
    for (let n = 0; n < 4; n += 1) {
      await world.emulator.pushes.idle();
      await world.pass(30);
    }
  };
  world.move(1_000);
  world.emulator.desk.take(id, agent.id);
  await rest();
  expect(world.handoff(ID)?.state).toBe("assigned");
  world.move(1_000);
  const end = async (query = "") => {
    const answer = await world.operate(`/handoffs/${ID}/end${query}`);
    await rest();
    return answer;
  };
  const control = () => world.record.read((t) => t.sessions.find("shop-assistant", "s1"))?.control;
  return { world, id, agent: agent.id, other: other.id, rest, end, control };
}

describe("an operator who ends a handoff", () => {
  it("gives the bot its customer back, and leaves the conversation as it is", async () => {
    const { world, end, control, rest } = await createAssigned();
    expect((await end()).status).toBe(200);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "ended" });
    expect(control()).toBe("bot");
    expect(world.conversations()[0]).toMatchObject({ status: "OPEN" });
    // The platform still shows the agent, who does not get the customer again.
    await world.pass(40 * 60_000);
    await rest();
    expect(control()).toBe("bot");
    const { answer } = await world.deliver({ type: "customer.message", text: "a human, please" });
    expect(answer).toMatchObject({ control: "queue", handoffState: "routed", handoffId: "01H0002" });
  });

  it("closes it where that is asked for, also by a repetition, and once", async () => {
    const { world, end } = await createAssigned();
    expect((await end()).status).toBe(200);
    expect((await end()).status).toBe(200);
    expect(world.conversations()[0]?.status).toBe("OPEN");
    expect((await end("?close=true")).status).toBe(200);
    expect(world.conversations()[0]?.status).toBe("CLOSED");
    expect((await end("?close=true")).status).toBe(200);
    const steps = world.record.read((t) => t.handoffs.ledger(ID))?.steps ?? [];
    expect(steps.filter(({ name }) => name.startsWith("release"))).toMatchObject([{ state: "done" }]);
    expect(world.operations().filter((operation) => operation === "patchConversation")).toHaveLength(1);
  });

  it("closes it where a person took it up again before it was closed, and is ended too", async () => {
    const { world, id, agent, other, end, rest } = await createAssigned();
    world.emulator.faults.add({
      operation: "patchConversation",
      kind: "status",
      status: 429,
      retryAfter: "60",
      times: 1,
    });
    expect((await end("?close=true")).status).toBe(200);
    world.move(1_000);
    world.emulator.desk.assign(id, agent, other);
    await rest();
    expect(world.handoff(ID)?.state).toBe("assigned");
    await world.pass(120_000);
    expect(world.conversations()[0]?.status).toBe("OPEN");
    expect((await end("?close=true")).status).toBe(200);
    expect(world.conversations()[0]?.status).toBe("CLOSED");
  });

  it("closes it where the agent came before the note, and words were still to follow it", async () => {
    const world = createWorld((fetch) => fetch, { flows: ours, pushes: true });
    await world.service.resume();
    world.emulator.faults.add({ operation: "createNote", kind: "status", status: 429, retryAfter: "300", times: 1 });
    const events = [{ type: "handoff.requested" }, { type: "customer.message", text: "hello?" }];
    await Promise.all(
      events.map((event) =>
        world.receive.receive("shop-assistant", "baton", { event: world.event(event), hasSenderId: true }),
      ),
    );
    await world.pass(1_000);
    const [agent = { id: "" }] = world.emulator.state.agents.values();
    world.emulator.desk.take(world.conversations()[0]?.id ?? "", agent.id);
    await world.emulator.pushes.idle();
    await world.deliver({ type: "customer.message", text: "are you there?" });
    await world.pass(1_000);
    expect(world.handoff(ID)?.state).toBe("assigned");
    expect((await world.operate(`/handoffs/${ID}/end?close=true`)).status).toBe(200);
    for (let minute = 0; minute < 10; minute += 1) await world.pass(60_000);
    expect(world.conversations()[0]?.status).toBe("CLOSED");
  });

  it("leaves it open by a repetition where the next handoff has it", async () => {
    const { world, id, end } = await createAssigned();
    expect((await end()).status).toBe(200);
    const { answer } = await world.deliver({ type: "handoff.requested", conversationId: id });
    expect(answer).toMatchObject({ handoffId: "01H0002", conversationId: id });
    expect((await end("?close=true")).status).toBe(200);
    expect(world.conversations()[0]?.status).toBe("OPEN");
    expect(world.handoff("01H0002")?.state).not.toBe("returned");
  });

  it("ends one that waits in a queue, and lets a session be erased that could not be", async () => {
    const { world, end } = await createAssigned();
    const erase = () => world.operate("/bots/shop-assistant/sessions/s1", "DELETE");
    expect((await erase()).status).toBe(409);
    await end();
    expect((await erase()).status).toBe(200);
    await world.deliver({ type: "handoff.requested", session: "s2" });
    expect((await world.operate("/handoffs/01H0002/end")).status).toBe(200);
    expect(world.handoff("01H0002")).toMatchObject({ state: "returned", returnedBecause: "ended" });
  });

  it("is told where it cannot be done", async () => {
    const { world } = await createAssigned();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400, text: "No." });
    await world.deliver({ type: "handoff.requested", session: "s2" });
    const answer = await world.operate("/handoffs/01H0002/end");
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ state: "parked", allowed: ["routed", "assigned"] });
    expect((await world.operate("/handoffs/none/end")).status).toBe(404);
  });

  it("is outdone by the agent who writes again, and by another who takes the chat", async () => {
    const first = await createAssigned();
    first.world.emulator.settings.pushTypes = "all";
    first.world.emulator.desk.write(first.id, { text: "hello?" });
    await first.rest();
    await first.end();
    first.world.move(1_000);
    expect(first.world.emulator.desk.reply(first.id, first.agent, "I am back").ok).toBe(true);
    await first.rest();
    expect(first.control()).toBe("agent");
    const second = await createAssigned();
    await second.end();
    second.world.move(1_000);
    expect(second.world.emulator.desk.assign(second.id, second.agent, second.other).ok).toBe(true);
    await second.rest();
    expect(second.world.handoff(ID)).toMatchObject({ state: "assigned", agentId: second.other });
  });
});
