import { describe, expect, it } from "vitest";
import { addressOf, nameOfPeer } from "../../../src/http/access/peer.ts";
import { createRefusals } from "../../../src/http/access/refusals.ts";
import { createTimers, createWorld, OPERATOR_TOKEN, SECRET } from "../../support/world.ts";

const EVENTS = "/v1/bots/shop-assistant/events";
const body = JSON.stringify({ id: "m1", type: "customer.message", session: "s1", text: "hello" });

function createGuesser() {
  const world = createWorld();
  const ask = (path: string, authorization: string, peer = "peer-1") =>
    world.service.fetch(
      new Request(`http://baton.invalid${path}`, {
        ...(path.endsWith("/events") ? { method: "POST", body } : {}),
        headers: { authorization },
      }),
      { peer: () => peer },
    );
  const refused = () => world.lines.filter(({ message }) => message.endsWith(" was refused"));
  return { world, ask, refused };
}

const surfaces = [
  ["a bot", EVENTS, `Bearer ${SECRET}`, { bot: "shop-assistant" }],
  ["a push", "/v1/infobip/default/events", `Bearer ${SECRET}`, { account: "default" }],
  ["an operator", "/v1/handoffs", `Bearer ${OPERATOR_TOKEN}`, {}],
] as const;

describe.each(surfaces)("refused credentials of %s", (who, path, right, about) => {
  it("are told once with whom they were for and who came, and then counted", async () => {
    const { world, ask, refused } = createGuesser();
    for (let n = 0; n < 12; n += 1) expect((await ask(path, "Bearer a-guess")).status).toBe(401);
    const first = { level: "warn", message: `${who} was refused` };
    expect(refused()).toEqual([
      { ...first, fields: { ...about, peer: "peer-1", reason: "wrong-credentials", requestId: "r1" } },
    ]);
    world.move(60_000);
    expect(refused().slice(1)).toEqual([
      { ...first, fields: { ...about, peer: "peer-1", reason: "wrong-credentials", count: 11 } },
    ]);
    world.move(600_000);
    expect(refused()).toHaveLength(2);
    await ask(path, "Bearer a-guess", "peer-2");
    expect(refused()).toHaveLength(3);
    expect(JSON.stringify(world.lines)).not.toContain("a-guess");
  });

  it("are slowed down after many, while the right ones are answered at once, and others' too", async () => {
    const { world, ask } = createGuesser();
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1) statuses.push((await ask(path, "Bearer a-guess")).status);
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
    const slowed = await ask(path, "Bearer a-guess");
    expect([slowed.headers.get("retry-after"), ((await slowed.json()) as { type: string }).type]).toEqual([
      "3",
      "urn:baton:problem:too-many-refusals",
    ]);
    expect((await ask(path, right)).status).toBeLessThan(300 + (path.includes("infobip") ? 200 : 0));
    expect((await ask(path, "Bearer a-guess", "peer-2")).status).toBe(401);
    world.move(3_000);
    expect([(await ask(path, "Bearer a-guess")).status, (await ask(path, "Bearer a-guess")).status]).toEqual([
      401, 429,
    ]);
  });
});

it("names no bot that is none", async () => {
  const { ask, refused, world } = createGuesser();
  await ask("/v1/bots/385912345678/events", "Bearer a-guess");
  expect(refused()[0]?.fields).toEqual({ peer: "peer-1", reason: "wrong-credentials", requestId: "r1" });
  expect(JSON.stringify(world.lines)).not.toContain("385912345678");
});

it("holds and tells a bounded number, however many peers come", () => {
  const lines: unknown[] = [];
  const note = (fields: unknown) => void lines.push(fields);
  const timers = createTimers();
  let at = 0;
  const refusals = createRefusals({
    now: () => at,
    log: { debug: note, info: note, warn: note, error: note },
    setTimer: (wake, ms) => timers.set(wake, at + ms),
  });
  const refuse = (peer: string) =>
    refusals.refuse({ surface: "bot", name: "ana", peer, reason: "wrong-credentials", requestId: "r" });
  for (let n = 0; n < 30_000; n += 1) refuse(`peer-${n}`);
  expect(lines).toHaveLength(1_001);
  at = 60_000;
  timers.fire(at);
  expect(lines.slice(1_001)).toEqual([{ peer: "others", reason: "wrong-credentials", count: 28_999 }]);
  refusals.stop();
});

describe("a peer", () => {
  it("is the connection's, or what the trusted proxies in front say", () => {
    const chain = "198.51.100.1, 203.0.113.9, 10.0.0.2";
    expect(addressOf("10.0.0.1", chain, 0)).toBe("10.0.0.1");
    expect(addressOf("10.0.0.1", chain, 1)).toBe("10.0.0.2");
    expect(addressOf("10.0.0.1", chain, 2)).toBe("203.0.113.9");
    expect(addressOf("10.0.0.1", "203.0.113.9", 2)).toBe("203.0.113.9");
    expect(addressOf("10.0.0.1", "a guess", 1)).toBe("10.0.0.1");
    expect(addressOf("10.0.0.1", null, 1)).toBe("10.0.0.1");
  });

  it("is named by a hash that another process has otherwise, and IPv6 by its network", () => {
    const [key, other] = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const name = nameOfPeer(key, "203.0.113.9");
    expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect(nameOfPeer(key, "::ffff:203.0.113.9")).toBe(name);
    expect(nameOfPeer(other, "203.0.113.9")).not.toBe(name);
    expect(nameOfPeer(key, "203.0.113.8")).not.toBe(name);
    const network = nameOfPeer(key, "2001:db8:1:2::1");
    for (const address of ["2001:db8:1:2:ffff::9", "2001:0db8:0001:0002:0:0:0:1"]) {
      expect(nameOfPeer(key, address)).toBe(network);
    }
    expect(nameOfPeer(key, "2001:db8:1:3::1")).not.toBe(network);
    expect(nameOfPeer(key, "::1")).not.toBe(nameOfPeer(key, "fe80::1"));
  });
});
