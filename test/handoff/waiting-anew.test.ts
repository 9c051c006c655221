import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ID = "01H0001";
const MINUTE = 60_000;

const flow = (waiting: object[], more: object = {}) =>
  defineFlow({
    name: "patient",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    texts: "send",
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
    waiting: waiting as never,
    ...more,
  });

async function createTransfer(waiting: object[], more: object = {}) {
  const world = createWorld((fetch) => fetch, { flows: [flow(waiting, more)], pushes: true });
  await world.service.resume();
  await world.deliver({ type: "handoff.requested" });
  const [agent = { id: "" }] = world.emulator.state.agents.values();
  const id = world.conversations()[0]?.id ?? "";
  const rest = async () => {
    for (let n = 0; n < 4; n += 1) {
      await world.emulator.pushes.idle();
      await world.pass(30);
    }
  };
  const take = async () => {
    world.emulator.desk.take(id, agent.id);
    await rest();
  };
  /** Puts the conversation back into a queue, as a transfer does. */
  const giveBack = async () => {
    world.move(1);
    expect(world.emulator.desk.assign(id, agent.id, null).ok).toBe(true);
    await rest();
  };
  const pass = async (ms: number) => {
    await world.pass(ms);
    await rest();
  };
  const texts = () =>
    (world.record.read((t) => t.handoffs.ledger(ID))?.steps ?? []).filter(({ name }) =>
      name.startsWith("text:waiting-1"),
    );
  return { world, id, take, giveBack, pass, texts };
}

const THRESHOLDS = [
  { afterSeconds: 60, message: "Nobody yet." },
  { afterSeconds: 180, message: "Nobody came.", giveBack: true },
];

describe("an agent who puts a chat back into a queue", () => {
  it("has it wait anew: it is not closed though its first wait was long ago", async () => {
    const { world, take, giveBack, pass } = await createTransfer(THRESHOLDS);
    await pass(MINUTE / 2);
    await take();
    expect(world.handoff(ID)).toMatchObject({ state: "assigned", waitingSince: null });
    await pass(20 * MINUTE);
    await giveBack();
    expect(world.handoff(ID)).toMatchObject({ state: "routed", waited: 0 });
    await pass(2 * MINUTE);
    expect(world.handoff(ID)).toMatchObject({ state: "routed", waited: 1 });
    expect(world.conversations()[0]?.status).not.toBe("CLOSED");
    await pass(2 * MINUTE);
    expect(world.handoff(ID)).toMatchObject({ state: "returned", returnedBecause: "waited" });
    expect(world.conversations()[0]?.status).toBe("CLOSED");
  });

  it("has its customer told of waiting again", async () => {
    const { take, giveBack, pass, texts } = await createTransfer(THRESHOLDS);
    await pass(MINUTE + 1_000);
    expect(texts()).toHaveLength(1);
    await take();
    await pass(MINUTE);
    await giveBack();
    await pass(MINUTE + 1_000);
    expect(texts()).toHaveLength(2);
  });

  it("has whoever runs this told again once that is late, and not before", async () => {
    const { world, take, giveBack, pass } = await createTransfer([], { alertAfterSeconds: 300 });
    await pass(6 * MINUTE);
    const alerts = () => world.lines.filter(({ message }) => message.startsWith("handoff late")).length;
    expect(alerts()).toBe(1);
    await take();
    await pass(20 * MINUTE);
    await giveBack();
    await pass(4 * MINUTE);
    expect(alerts()).toBe(1);
    await pass(2 * MINUTE);
    expect(alerts()).toBe(2);
  });
});

describe("late handoffs", () => {
  it("are told of however many older ones are not late yet", async () => {
    const of = (name: string, bot: string, alertAfterSeconds: number) =>
      flow([], { name, bots: [bot], alertAfterSeconds, texts: "return" });
    const world = createWorld((fetch) => fetch, {
      flows: [of("patient", "back-office", 8 * 3600), of("urgent", "hotline", 60)],
    });
    await world.service.resume();
    await world.deliver({ type: "handoff.requested", session: "first" }, "back-office");
    // One look once took so many; a real day brings them one by one.
    await world.record.commit((t) => {
      const [ledger] = t.handoffs.ofSession(t.handoffs.list({}, 1)[0]?.sessionId ?? 0);
      if (ledger === undefined) throw new Error("one was opened");
      for (let n = 0; n < 1_200; n += 1) {
        const session = t.sessions.open("back-office", `b${n}`, world.now());
        const id = `01B${n}`;
        t.handoffs.add({ handoff: { ...ledger.handoff, id, token: `ho-${id}`, sessionId: session.id }, steps: [] });
      }
    });
    world.move(1_000);
    await world.deliver({ type: "handoff.requested", session: "hot" }, "hotline");
    for (let n = 0; n < 8; n += 1) await world.pass(15_000);
    expect(world.record.read((t) => t.handoffs.list({ bot: "hotline" }, 1))[0]?.alertedAt).not.toBeNull();
  });
});
