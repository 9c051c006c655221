import { describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { changeFlow } from "../../src/escalation/change-flow.ts";
import { type Flow, flowsByBot, readFlow } from "../../src/escalation/flow.ts";
import { createBacktest } from "../../src/handoff/backtest.ts";
import { createWorld } from "../support/world.ts";

const current = flowsByBot(flows).get("shop-assistant") as Flow;
function changed(change: object): Flow {
  const read = readFlow(changeFlow(current, change));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
const refunds = changed({
  rules: { "bot-lost": null, refund: { when: [{ event: ["customer.message"], text: { contains: ["refund"] } }] } },
});
const never = new AbortController().signal;

async function createOffice(limits = {}) {
  const world = createWorld();
  const say = (session: string, text: string) => world.deliver({ type: "customer.message", session, text });
  const pauses: (() => void)[] = [];
  const backtest = createBacktest({
    record: world.record,
    steady: () => 0,
    pause: () => new Promise((go) => pauses.push(go)),
    isStopping: () => false,
    limits,
  });
  const ask = (flow: Flow, since = 0, signal = never) => backtest({ current, changed: flow, since, signal });
  return { world, say, ask, pauses };
}

describe("a backtest in the running service", () => {
  it("counts and names the sessions that a changed flow would handle differently", async () => {
    const { world, say, ask } = await createOffice();
    await say("s-stays", "thank you");
    await say("s-refund", "I want my refund now");
    await say("s-person", "Let me talk to a human");
    for (let time = 0; time < 3; time += 1)
      await world.deliver({ type: "bot.fallback", session: "s-lost", text: `${time}` });
    const result = await ask(refunds);
    expect(result).toMatchObject({
      ok: true,
      value: { chats: 4, rounds: 4, events: 6, unlike: 0, cutAt: null },
    });
    if (!result.ok) throw new Error();
    expect(new Map(result.value.changes)).toEqual(
      new Map([
        ["handed over", 1],
        ["not handed over", 1],
      ]),
    );
    expect(
      result.value.differences.map(({ session, before, after }) => [session, before?.reason, after?.reason]),
    ).toEqual([
      ["s-lost", "bot-lost", undefined],
      ["s-refund", undefined, "refund"],
    ]);
    expect(await ask(current)).toMatchObject({ value: { changes: [], unlike: 0 } });
  });

  it("leaves out what came before the time that is asked for, and chats of other bots", async () => {
    const { world, say, ask } = await createOffice();
    await say("s-old", "my refund");
    world.move(60_000);
    const since = world.now();
    await say("s-new", "my refund");
    await world
      .deliver({ type: "customer.message", session: "s-else", text: "my refund" }, "web-assistant")
      .catch(() => null);
    expect(await ask(refunds, since)).toMatchObject({ value: { chats: 1, differences: [{ session: "s-new" }] } });
  });

  it("ends at its limit of events with the newest chats, and says how far back it came", async () => {
    const { world, say, ask } = await createOffice({ events: 2 });
    const times: number[] = [];
    for (const session of ["s1", "s2", "s3", "s4"]) {
      await say(session, "my refund");
      times.push(world.now());
      world.move(1_000);
    }
    const result = await ask(refunds);
    expect(result).toMatchObject({ value: { chats: 2, events: 2, cutAt: times[1] } });
  });

  it("lets other work have its turn between short slices, runs once at a time, and stops when nobody waits for it", async () => {
    const { say, ask, pauses } = await createOffice();
    for (let session = 0; session < 80; session += 1) await say(`s${session}`, "hello");
    const going = new AbortController();
    const first = ask(refunds, 0, going.signal);
    await expect.poll(() => pauses.length).toBe(1);
    expect(await ask(refunds)).toEqual({ ok: false, error: "busy" });
    going.abort();
    pauses[0]?.();
    const result = await first;
    expect(result.ok && result.value.chats).toBeLessThan(80);
    const again = ask(refunds);
    await expect.poll(() => pauses.length).toBe(2);
    pauses[1]?.();
    expect(await again).toMatchObject({ ok: true });
  });
});
