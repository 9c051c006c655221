import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested" };
const DAY = 24 * 3_600_000;

/** What nobody waits for gets its turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A platform whose answers to some requests come when the test lets them. */
function createHeld() {
  const waiting: (() => void)[] = [];
  let isHolding = true;
  return {
    wait: () => (isHolding ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    letGo(): void {
      isHolding = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

describe("a clock that jumps while requests are on their way", () => {
  it.each([
    ["31 s ahead", 31_000],
    ["a day ahead", DAY],
  ])("writes nothing twice: %s", async (_, ms) => {
    const [notes, tags] = [createHeld(), createHeld()];
    const world = createWorld((fetch) => async (request) => {
      if (request.method === "POST" && /\/notes$/.test(request.url)) await notes.wait();
      if (request.method === "POST" && /\/conversations\/[^/]+\/tags$/.test(request.url)) await tags.wait();
      return fetch(request);
    });
    await world.service.resume();
    const done = world.deliver(ask);
    await turns();
    world.move(ms);
    tags.letGo();
    await turns();
    notes.letGo();
    await turns();
    await done;
    for (let n = 0; n < 5; n += 1) await world.pass(30_000);
    expect(world.conversations()).toHaveLength(1);
    expect(world.conversations()[0]?.notes).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "createNote")).toHaveLength(1);
    expect(world.operations().filter((operation) => operation === "route")).toHaveLength(1);
    expect(world.handoff("01H0001")?.state).toBe("routed");
  });
});
