import { describe, expect, it } from "vitest";
import { newStep } from "../../src/handoff/plan.ts";
import { superseded } from "../../src/handoff/settle.ts";
import { createDoor } from "../support/door.ts";

/** The platform, whose answers to some calls come when the test lets them. */
function createHeldPlatform() {
  let isHeld = (_request: Request, _body: string): boolean => false;
  const waiting: (() => void)[] = [];
  return {
    platform: (fetch: (request: Request) => Promise<Response>) => async (request: Request) => {
      const body = await request.clone().text();
      if (isHeld(request, body)) await new Promise<void>((resolve) => waiting.push(resolve));
      return fetch(request);
    },
    waiting,
    hold(which: typeof isHeld): void {
      isHeld = which;
    },
    letGo(): void {
      for (const go of waiting.splice(0)) go();
    },
  };
}

const isRoute = ({ url }: Request): boolean => new URL(url).pathname.endsWith("/route");

describe("a conversation that an agent closes after the route", () => {
  it("has its customer back with the bot, also while a further tag is on its way", async () => {
    const held = createHeldPlatform();
    const door = createDoor({ platform: held.platform });
    held.hold(isRoute);
    const prefer = { prefer: "respond-async" };
    await door.post("/handoffs", { session: "s", reason: "wants a refund" }, prefer);
    await expect.poll(() => held.waiting.length).toBe(1);
    held.hold((_, body) => body.includes("from.bot"));
    await door.post("/handoffs", { session: "s", reason: "still does", tags: ["from.bot"] }, prefer);
    await door.tick(1_000);
    held.letGo();
    await door.tick(1_000);
    expect([door.last().routes, held.waiting.length]).toEqual([1, 1]);
    door.emulator.desk.take(door.last().id, door.agent);
    door.emulator.desk.setStatus(door.last().id, door.agent, "CLOSED");
    held.letGo();
    held.hold(() => false);
    await door.later(120_000);
    expect(door.conversations()).toHaveLength(1);
    expect((await door.session("s")).body).toMatchObject({ control: "bot" });
  });
});

describe("superseded", () => {
  it("leaves out the release of a round, once the next round is in its conversation", () => {
    const release = newStep(9, "release", { kind: "release", because: "waited" }, 0);
    const note = newStep(2, "note", { kind: "note", content: null, part: 1 }, 0);
    expect(superseded([note, release]).map(({ state }) => state)).toEqual(["ready", "skipped"]);
    expect(superseded([{ ...release, state: "done" }]).map(({ state }) => state)).toEqual(["done"]);
  });
});
