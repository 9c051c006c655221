import { afterEach, describe, expect, it } from "vitest";
import { createBreakableRecord } from "../support/broken-storage.ts";
import { createWorld, SECRET } from "../support/world.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function createOnDisk() {
  const disk = createBreakableRecord();
  const world = createWorld((fetch) => fetch, { record: disk.record });
  ends.push(() => disk.record.close());
  let sent = 0;
  const post = (fields: object = {}, path = "/events") => {
    sent += 1;
    const body = { id: `m${sent}`, type: "customer.message", session: "s1", text: "x".repeat(50_000), ...fields };
    return world.request(`/v1/bots/shop-assistant${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(body),
    });
  };
  const readiness = async () => (await world.request("/readyz")).status;
  return { disk, world, post, readiness };
}

describe("a full disk", () => {
  it("is answered 503 with Retry-After, never 2xx, and is over by itself when there is space", async () => {
    const { disk, world, post, readiness } = createOnDisk();
    expect((await post()).status).toBe(200);
    disk.fill();
    const wanted = { type: "handoff.requested", reason: "x".repeat(50_000) };
    const refused = await Promise.all([post(), post(), post(wanted, "/handoffs")]);
    for (const answer of refused) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
      expect(await answer.json()).toMatchObject({ type: "urn:baton:problem:storage" });
    }
    expect([await readiness(), await readiness()]).toEqual([503, 503]);
    expect(world.conversations()).toEqual([]);
    expect(world.lines.filter(({ level }) => level === "error")).toHaveLength(1);

    disk.free();
    expect(await readiness()).toBe(200);
    // The refused event left nothing behind: sent again, it is new.
    expect(await (await post({ id: "m2" })).json()).toMatchObject({ outcome: "accepted" });
    expect((await post({ text: "a human, please" })).status).toBe(200);
    expect(world.conversations()).toHaveLength(1);
    expect(disk.integrity()).toEqual(["ok"]);
  });

  it("keeps no neighbour of the same moment from what still fits", async () => {
    const { disk, post } = createOnDisk();
    for (let n = 0; n < 5; n += 1) await post({ text: "short" });
    disk.fill();
    const answers = await Promise.all([post({ text: "short" }), post(), post({ text: "short" })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  });
});

it("writes what the platform answered before it does anything else for the handoff", async () => {
  const disk = createBreakableRecord();
  ends.push(() => disk.record.close());
  const world = createWorld(
    (fetch) => async (request) => {
      if (request.method === "POST" && request.url.endsWith("/conversations")) disk.lock();
      return fetch(request);
    },
    { record: disk.record },
  );
  const delivered = world.deliver({ type: "handoff.requested" });
  await expect.poll(() => world.operations()).toEqual(["createConversation"]);
  await expect.poll(() => world.lines.some(({ level }) => level === "error")).toBe(true);
  expect((await world.request("/readyz")).status).toBe(503);
  for (let n = 0; n < 5; n += 1) world.move(1_000);
  expect(world.operations()).toEqual(["createConversation"]);
  disk.unlock();
  await expect
    .poll(() => {
      world.move(250);
      return world.handoff("01H0001")?.state;
    })
    .toBe("routed");
  await delivered;
  expect(world.operations().filter((operation) => operation === "createConversation")).toHaveLength(1);
  expect(world.operations()).not.toContain("listConversations");
  expect((await world.request("/readyz")).status).toBe(200);
});

it("ends in the same place whichever of its commits fails", async () => {
  const session = { session: "s1", type: "handoff.requested" };
  let commits = Number.POSITIVE_INFINITY;
  for (let failing = 1; failing <= commits; failing += 1) {
    const disk = createBreakableRecord();
    let count = 0;
    const record = {
      ...disk.record,
      async commit<T>(work: Parameters<typeof disk.record.commit<T>>[0]): Promise<T> {
        count += 1;
        if (count !== failing) return disk.record.commit(work);
        disk.lock();
        return disk.record.commit(work).finally(disk.unlock);
      },
    };
    const world = createWorld((fetch) => fetch, { record });
    const event = world.event(session);
    const deliver = () => world.receive.receive("shop-assistant", "baton", { event, hasSenderId: true });
    const first = await deliver().catch(() => null);
    // A sender without a 2xx sends it again.
    if (first === null) await deliver();
    await expect
      .poll(() => {
        world.move(250);
        return world.handoff("01H0001")?.state ?? world.handoff("01H0002")?.state;
      })
      .toBe("routed");
    const done = world.operations();
    expect(world.conversations().map(({ tags }) => tags)).toEqual([["bot_handoff", "customer_asked"]]);
    for (const operation of ["createConversation", "createNote", "route"]) {
      expect(done.filter((it) => it === operation)).toHaveLength(1);
    }
    if (count < failing) commits = count;
    await disk.record.close();
  }
  expect(commits).toBe(4);
});
