import { expect, it } from "vitest";
import { createDoor } from "../support/door.ts";
import { createWorld } from "../support/world.ts";

it("leaves a customer with the person whom the answer to a raised priority shows", async () => {
  const door = createDoor({ pushes: false });
  door.emulator.faults.add({ operation: "createNote", kind: "status", status: 429 });
  const prefer = { prefer: "respond-async" };
  await door.post("/handoffs", { session: "s", reason: "wants a refund" }, prefer);
  expect(door.last()).toMatchObject({ notes: [], routes: 0 });
  door.emulator.desk.take(door.last().id, door.agent);
  await door.post("/handoffs", { session: "s", reason: "wants it now", priority: "URGENT" }, prefer);
  expect(door.last().priority).toBe("URGENT");
  await door.tick(4_000);
  expect(door.last()).toMatchObject({ agentId: door.agent, routes: 0, notes: [expect.anything()] });
  expect((await door.session("s")).body).toMatchObject({ control: "agent" });
});

it("does not route while it cannot read whether the assignee that an answer showed is a bot", async () => {
  const door = createDoor({ pushes: false });
  door.emulator.faults.add({ operation: "createNote", kind: "status", status: 429 });
  door.emulator.faults.add({ operation: "listBots", kind: "status", status: 503, times: 6 });
  const prefer = { prefer: "respond-async" };
  await door.post("/handoffs", { session: "s", reason: "wants a refund" }, prefer);
  door.emulator.desk.take(door.last().id, door.agent);
  await door.post("/handoffs", { session: "s", reason: "wants it now", priority: "URGENT" }, prefer);
  await door.tick(4_000);
  expect(door.last()).toMatchObject({ agentId: door.agent, routes: 0, priority: "URGENT", notes: [expect.anything()] });
  await door.tick(30_000);
  expect(door.last()).toMatchObject({ agentId: door.agent, routes: 0 });
  expect((await door.session("s")).body).toMatchObject({ control: "agent" });
});

it("looks again before the route where the process stood still after the answer that showed nobody", async () => {
  let hasStood = false;
  const world = createWorld((fetch) => async (request) => {
    const answer = await fetch(request);
    if (hasStood || request.method !== "POST" || !new URL(request.url).pathname.endsWith("/conversations"))
      return answer;
    hasStood = true;
    const [agent] = world.emulator.state.agents.keys();
    world.emulator.desk.take(world.conversations()[0]?.id ?? "", agent ?? "");
    world.move(6_000);
    return answer;
  });
  await world.service.resume();
  await world.deliver({ type: "handoff.requested" });
  expect(world.conversations()[0]).toMatchObject({ routes: 0, agentId: expect.any(String) });
  expect(world.handoff("01H0001")).toMatchObject({ state: "assigned" });
});
