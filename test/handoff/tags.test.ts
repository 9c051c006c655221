import { describe, expect, it } from "vitest";
import { flowWith } from "../escalation/given.ts";
import { createDoor } from "../support/door.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const ID = "01H0001";

describe("a tag that a bot asks for", () => {
  it("and that the platform's rule refuses is left out without a call, and said so", async () => {
    const world = createWorld();
    const { answer } = await world.deliver({ ...ask, tags: ["vip-customer", "vip.2", "a b"] });
    expect(answer).toMatchObject({ handoffState: "routed", leftOut: ["tags.vip-customer", "tags.a b"] });
    expect(world.conversations()[0]?.tags).toEqual(["bot_handoff", "customer_asked", "vip.2"]);
    const bodies = JSON.stringify(world.emulator.calls.filter(({ operation }) => operation?.endsWith("Tag")));
    expect(bodies).not.toContain("vip-customer");
    const shown = await (await world.operate(`/handoffs/${ID}`, "GET")).json();
    expect(shown).toMatchObject({
      tags: ["bot_handoff", "customer_asked", "vip.2"],
      leftOut: { tags: ["vip-customer", "a b"] },
    });
  });

  it("and that the platform itself refuses is left out, while the rest is on", async () => {
    const world = createWorld();
    world.emulator.faults.add({ kind: "status", status: 400, operation: "createTag" });
    const { answer } = await world.deliver({ ...ask, tags: ["fresh"] });
    expect(answer).toMatchObject({ handoffState: "routed", leftOut: ["tags.fresh"] });
    const shown = await (await world.operate(`/handoffs/${ID}`, "GET")).json();
    expect(shown).toMatchObject({ tags: ["bot_handoff", "customer_asked"], leftOut: { tags: ["fresh"] } });
    const [listed] = ((await (await world.operate("/handoffs", "GET")).json()) as { handoffs: object[] }).handoffs;
    expect(listed).toMatchObject({ tags: ["bot_handoff", "customer_asked"], leftOut: { tags: ["fresh"] } });
  });

  it("is on again where another conversation took the place of one that was closed", async () => {
    const world = createWorld();
    world.emulator.faults.add({ kind: "status", status: 400, operation: "addTag" });
    world.emulator.onCall(({ operation }) => {
      const [first] = world.conversations();
      if (operation === "createNote" && first !== undefined && first.routes === 0)
        Object.assign(first, { status: "CLOSED" });
    });
    await world.deliver(ask);
    const handoff = world.handoff(ID);
    expect(handoff?.decision.tags).toEqual(["bot_handoff", "customer_asked"]);
    expect(world.conversations().at(-1)?.tags.toSorted()).toEqual(["bot_handoff", "customer_asked"]);
  });

  it("comes off too where its answer arrives after the hand-back", async () => {
    const held = Promise.withResolvers<void>();
    const door = createDoor({
      bot: "b",
      flows: [
        flowWith({
          tags: ["bot_handoff"],
          rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
          handBack: { when: "solved", removeTags: ["bot_handoff"] },
        }),
      ],
      platform: (fetch) => async (request) => {
        const isTag = request.method === "POST" && (await request.clone().text()).includes("bot_handoff");
        const answer = await fetch(request);
        if (isTag && new URL(request.url).pathname.endsWith("/tags")) await held.promise;
        return answer;
      },
    });
    await door.post("/handoffs", { session: "s", reason: "wants a refund" }, { prefer: "respond-async" });
    await door.tick(1_000);
    door.emulator.desk.take(door.last().id, door.agent);
    await door.tick(1_000);
    door.emulator.desk.setStatus(door.last().id, door.agent, "SOLVED");
    await door.tick(1_000);
    expect((await door.session("s")).body).toMatchObject({ control: "bot" });
    expect(door.last().tags).toEqual(["bot_handoff"]);
    held.resolve();
    await door.rest();
    expect(door.last().tags).toEqual([]);
  });
});
