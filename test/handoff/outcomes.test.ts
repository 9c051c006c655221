import { describe, expect, it } from "vitest";
import type { FaultInput } from "../../src/emulator/faults/faults.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested", reason: "wants a refund" };
const ID = "01H0001";

type Shown = {
  state: string;
  parkedBecause: string | null;
  steps: { name: string; state: string; attempts: { reason: string | null }[] }[];
};

async function handedOver(...faults: FaultInput[]) {
  const world = createWorld();
  world.emulator.faults.add(...faults);
  await world.deliver(ask);
  const shown = (await (await world.operate(`/handoffs/${ID}`, "GET")).json()) as Shown;
  const step = (name: string) => shown.steps.find((it) => it.name.startsWith(name));
  return { world, shown, step };
}

const TOO_LONG = "Size cannot be longer than 4000 characters";
const error = { kind: "error-answer", text: "Something went wrong." } as const;
const tooLong = { kind: "status", status: 400, text: TOO_LONG } as const;
const tooLarge = { kind: "status", status: 413 } as const;

describe("an answer that refuses", () => {
  it.each<[string, FaultInput, string]>([
    ["a text that is too long", tooLong, "too-large"],
    ["413", tooLarge, "too-large"],
    ["a 400 that says nothing", { kind: "status", status: 400 }, "invalid"],
  ])("leaves out a note or a tag and routes all the same: %s", async (_, fault, reason) => {
    for (const [operation, name] of [
      ["createNote", "note"],
      ["addTag", "tag:"],
    ] as const) {
      const { shown, step, world } = await handedOver({ ...fault, operation } as FaultInput);
      expect(shown.state).toBe("routed");
      expect(step(name)).toMatchObject({ state: "refused", attempts: [{ reason }] });
      expect(world.conversations()).toHaveLength(1);
    }
  });

  it.each([
    ["createNote", "note", 2],
    // The flow adds two tags.
    ["addTag", "tag:bot_handoff", 4],
  ] as const)(
    "of a 200 with ERROR to %s holds up no route, and it is tried again beside it",
    async (operation, name, times) => {
      const { shown, step, world } = await handedOver({ ...error, operation, times });
      expect(shown.state).toBe("routed");
      expect(step(name)).toMatchObject({ state: "ready", attempts: [{ reason: "error-answer" }] });
      await world.pass(1_000);
      await world.pass(5_000);
      const after = (await (await world.operate(`/handoffs/${ID}`, "GET")).json()) as Shown;
      expect(after.steps.find((it) => it.name === name)).toMatchObject({
        state: "done",
        attempts: [{ reason: "error-answer" }, { reason: "error-answer" }, { reason: null }],
      });
      expect(world.conversations()).toMatchObject([{ routes: 1 }]);
    },
  );

  it("of a 200 with ERROR is believed the third time: the tag is left out, and so it is said", async () => {
    const { world } = await handedOver({ ...error, operation: "addTag", times: 100 });
    for (let minute = 0; minute < 5; minute += 1) await world.pass(60_000);
    expect(world.operations().filter((operation) => operation === "addTag")).toHaveLength(6);
    const shown = await (await world.operate(`/handoffs/${ID}`, "GET")).json();
    expect(shown).toMatchObject({ tags: [], leftOut: { tags: ["bot_handoff", "customer_asked"] }, state: "routed" });
  });

  it("of a 200 with ERROR to a tag that is not there either holds up no route", async () => {
    const world = createWorld();
    world.emulator.faults.add(
      { ...error, operation: "addTag", times: 3 },
      { kind: "status", status: 503, operation: "createNote", times: 1 },
      { kind: "status", status: 503, operation: "createTag", times: 1_000 },
    );
    await world.deliver({ ...ask, tags: ["fresh"] });
    for (let n = 0; n < 20; n += 1) await world.pass(1_000);
    expect(world.operations()).toContain("createTag");
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.conversations()).toMatchObject([{ routes: 1, tags: ["bot_handoff", "customer_asked"] }]);
  });

  it("of a 200 with ERROR to the first of several notes keeps their order and holds up no route", async () => {
    const world = createWorld();
    world.emulator.faults.add({ ...error, operation: "createNote" });
    const transcript = Array.from({ length: 40 }, (_, at) => ({
      author: "customer",
      text: `${at} ${"word ".repeat(40)}`,
    }));
    await world.deliver({ ...ask, transcript });
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.conversations()[0]?.notes).toEqual([]);
    await world.pass(1_000);
    const contents = world.conversations()[0]?.notes.map(({ content }) => String(content)) ?? [];
    expect(contents.length).toBeGreaterThan(1);
    expect(contents[0]).toContain("Handed over");
  });

  it.each<[string, FaultInput, RegExp]>([
    ["200 with ERROR", error, /ERROR: Something went wrong/],
    ["a text that is too long", tooLong, /too-large/],
    ["413", tooLarge, /too-large/],
  ])("parks what nobody can do without, and repeats nothing: %s", async (_, fault, because) => {
    for (const operation of ["createConversation", "route"] as const) {
      const { world, shown } = await handedOver({ ...fault, operation } as FaultInput);
      expect(shown).toMatchObject({ state: "parked", parkedBecause: expect.stringMatching(because) });
      const before = world.operations().length;
      await world.pass(24 * 3_600_000);
      expect(world.operations()).toHaveLength(before);
    }
  });

  it("is not believed where the effect cannot be told: 200 with an error body is looked up", async () => {
    const { world, shown } = await handedOver({ operation: "createConversation", kind: "malformed", when: "after" });
    expect(shown.state).toBe("pending");
    await world.pass(world.settings.quietMs);
    expect(world.handoff(ID)?.state).toBe("routed");
    expect(world.conversations()).toHaveLength(1);
  });
});

describe("a conversation that closes or vanishes on the way", () => {
  const closed = { kind: "status", status: 400, text: "Closed conversation cannot be changed." } as const;
  const closedByError = {
    kind: "error-answer",
    text: "Cannot proceed with the action! Conversation is closed.",
  } as const;
  const gone = (status: 400 | 404) =>
    ({
      kind: "status",
      status,
      text: "Invalid id 'x' given! No such conversation exists.",
      messageId: "NOT_FOUND",
    }) as const;

  it.each<[string, FaultInput]>([
    ["a tag", { operation: "addTag", ...closed }],
    ["the route", { operation: "route", ...closed }],
    ["the route, as 200 with ERROR", { operation: "route", ...closedByError }],
  ])("gives way to a new one that names it, where %s is refused as closed", async (_, fault) => {
    const { world, shown } = await handedOver(fault);
    const [old, next] = world.conversations();
    expect(shown).toMatchObject({ state: "routed", conversationId: next?.id, replaces: [old?.id] });
    expect(next?.metadata).toMatchObject({ baton_previous_conversation: old?.id });
    expect(next?.tags).toEqual(["bot_handoff", "customer_asked"]);
    expect(world.operations().filter((operation) => operation === "route").length).toBeLessThanOrEqual(2);
  });

  it.each([400, 404] as const)(
    "gives way to a new one where its id is unknown by %i before the route",
    async (status) => {
      const id = "x";
      const world = createWorld();
      world.emulator.faults.add({ operation: "patchConversation", ...gone(status) });
      const { answer } = await world.deliver({ ...ask, conversationId: id });
      expect(answer).toMatchObject({ handoffState: "routed" });
      expect(world.conversations()).toHaveLength(1);
      expect(world.conversations()[0]?.metadata).toMatchObject({ baton_previous_conversation: id });
    },
  );

  it("is parked after three, and a retry tries as many again", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "route", times: 5, ...closed });
    await world.deliver(ask);
    expect(world.handoff(ID)).toMatchObject({ state: "parked", parkedFor: "person" });
    expect(world.conversations()).toHaveLength(4);
    await world.operate(`/handoffs/${ID}/retry`);
    await world.dispatcher.idle(ID);
    expect(world.handoff(ID)).toMatchObject({ state: "routed" });
    expect(world.handoff(ID)?.replaces.length).toBeGreaterThan(3);
  });
});

it("makes a tag once that the platform does not know, and leaves it out when it still does not", async () => {
  const unknown = { operation: "addTag", kind: "status", status: 400, text: "Invalid tagName 'x' given!" } as const;
  const { shown, step } = await handedOver({ ...unknown, times: 4 });
  expect(shown.state).toBe("routed");
  expect(step("tag:bot_handoff")).toMatchObject({ state: "refused", attempts: [{}, { reason: "unknown-tag" }] });
});
