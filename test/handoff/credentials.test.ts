import { describe, expect, it } from "vitest";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const EVERY_MS = 30_000;

/** Long enough for a busy machine. */
const eventually = <T>(look: () => T) => expect.poll(look);

type World = ReturnType<typeof createWorld>;
const statesOf = (world: World) =>
  world.record
    .read((t) => t.handoffs.list({}, 1_000))
    .map(({ state }) => state)
    .reverse();
const alertsOf = ({ lines }: World) =>
  lines.filter(({ level, message }) => level === "error" && /refuses our credentials/.test(message));

describe("an account that refuses our credentials", () => {
  it("has its handoffs parked at once, with one alert, and new ones without a request", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 429, retryAfter: "3" });
    await world.deliver({ ...ask, session: "waits" });
    await world.pass(3_000);
    world.emulator.faults.add({ operation: "createConversation", kind: "refuse" });
    await world.deliver({ ...ask, session: "retries" });
    world.emulator.settings.keys = {};
    await world.deliver({ ...ask, session: "is-refused" });
    await eventually(() => statesOf(world)).toEqual(["routed", "parked", "parked"]);
    const requests = world.operations().length;

    const { answer } = await world.deliver({ ...ask, session: "is-new" });
    expect(answer).toMatchObject({ handoffState: "parked", control: "bot", message: null });
    expect(world.operations()).toHaveLength(requests);
    expect(world.handoff("01H0004")).toMatchObject({
      parkedFor: "credentials",
      parkedBecause: expect.stringMatching(/API key/),
    });
    expect(alertsOf(world)).toMatchObject([{ fields: { account: "default" } }]);
    expect(world.lines.filter(({ fields }) => fields.state === "parked").map(({ level }) => level)).toEqual(
      Array(3).fill("error"),
    );
  });

  it.each([
    ["refused", {}],
    ["only allowed to read", { "key-of-default": ["conversations:read" as const] }],
  ])(
    "is asked at intervals while the key is %s, and every handoff goes on by itself once it works",
    async (_, keys) => {
      const world = createWorld();
      world.emulator.settings.keys = keys;
      for (let n = 0; n < 150; n += 1) await world.deliver({ ...ask, session: `s${n}` });
      const refused = world.operations().length;
      for (let round = 0; round < 10; round += 1) {
        const asked = world.operations().length;
        await world.pass(EVERY_MS);
        await eventually(() => world.operations().length).toBeGreaterThan(asked);
        await eventually(() => new Set(statesOf(world))).toEqual(new Set(["parked"]));
      }
      // One read each time, and one handoff's attempt if that is answered.
      expect(world.operations().length).toBeLessThanOrEqual(refused + 20);

      world.emulator.settings.keys = null;
      await world.pass(EVERY_MS);
      await eventually(async () => {
        await world.pass(20);
        return new Set(statesOf(world));
      }).toEqual(new Set(["routed"]));
      expect(world.conversations()).toHaveLength(150);
      await world.pass(EVERY_MS * 2);
      // Only the poll of chats in the platform's hands goes on.
      const others = () => world.operations().filter((operation) => operation !== "listConversations").length;
      const after = others();
      await world.pass(EVERY_MS * 2);
      expect(others()).toBe(after);
    },
  );

  it("is asked at the next start, since the key may have been put right for it", async () => {
    const record = createSqliteRecord(":memory:");
    const before = createWorld((fetch) => fetch, { record });
    before.emulator.settings.keys = {};
    await before.deliver(ask);
    expect(before.handoff("01H0001")?.state).toBe("parked");
    const after = createWorld((fetch) => fetch, { record });
    await after.service.resume();
    expect(after.lines.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "handoff parked until the account takes our credentials",
    ]);
    await eventually(() => after.handoff("01H0001")?.state).toBe("routed");
  });

  it("is tried when an operator says so, and the others follow", async () => {
    const world = createWorld();
    world.emulator.settings.keys = {};
    await world.deliver({ ...ask, session: "a" });
    await world.deliver({ ...ask, session: "b" });
    await world.operate("/handoffs/01H0002/retry");
    await eventually(() => statesOf(world)).toEqual(["parked", "parked"]);
    world.emulator.settings.keys = null;
    await world.operate("/handoffs/01H0002/retry");
    await eventually(() => statesOf(world)).toEqual(["routed", "routed"]);
  });

  it("does not stand in the way of what a person parked or cancelled", async () => {
    const world = createWorld();
    world.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400 });
    await world.deliver({ ...ask, session: "a" });
    world.emulator.settings.keys = {};
    await world.deliver({ ...ask, session: "b" });
    await world.deliver({ ...ask, session: "c" });
    await world.operate("/handoffs/01H0002/cancel");
    world.emulator.settings.keys = null;
    await world.pass(EVERY_MS);
    await eventually(() => statesOf(world)).toEqual(["parked", "cancelled", "routed"]);
  });
});

describe("a handoff on trial that gets no answer", () => {
  it("keeps the others waiting for a minute and not for a day, also where it is not the only one", async () => {
    let isRefusing = true;
    const world = createWorld((fetch) => async (request) => {
      if (isRefusing) {
        const text = { requestError: { serviceException: { messageId: "UNAUTHORIZED", text: "Unauthorized" } } };
        return Response.json(text, { status: 401 });
      }
      const isCreate = request.method === "POST" && request.url.endsWith("/conversations");
      if (isCreate && (await request.clone().text()).includes("poison")) return new Response("{}", { status: 500 });
      return fetch(request);
    });
    await world.service.resume();
    for (const name of ["poison-1", "poison-2", "poison-3"]) await world.deliver({ ...ask, session: name });
    for (let n = 0; n < 10; n += 1) await world.deliver({ ...ask, session: `s${n}` });
    await world.pass(1_000);
    expect(new Set(statesOf(world))).toEqual(new Set(["parked"]));
    isRefusing = false;
    for (let n = 0; n < 40; n += 1) await world.pass(15_000);
    expect(statesOf(world).slice(3)).toEqual(Array(10).fill("routed"));
  });
});
