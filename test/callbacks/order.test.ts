import { expect, it } from "vitest";
import { type CallbackType, callbackTypes } from "../../src/events/callback-types.ts";
import { fc } from "../fuzz/fast-check.ts";
import { answered, createStage, START } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Arrivals in their order: `joined`, or a text. */
const typeOf = (body: string): string => JSON.parse(body).type;
const textOf = (body: string): string => JSON.parse(body).data.text;

/** A receiver that always refuses a callback with these words, with this status. */
const createPicky = (poison: string, status: number, random = 1) => {
  const taken: string[] = [];
  const stage = createStage({
    random: () => random,
    network: ({ body }) => {
      if (body.includes(poison)) return answered(status);
      taken.push(typeOf(body) === "agent.message" ? textOf(body) : typeOf(body));
      return answered(204);
    },
  });
  const add = (type: CallbackType, text?: string) =>
    stage.add("chat-1", "shop-bot", type, text === undefined ? {} : { text });
  return { stage, taken, add };
};

it.each([400, 401, 404, 422, 429, 500, 301])(
  "tells of the hand-back within 15 s, though the words before it get %i",
  async (status) => {
    const { stage, taken, add } = createPicky("poison", status);
    await add("agent.message", "poison text");
    await add("agent.message", "I send you the label");
    await add("handoff.returned");
    await stage.wake();
    for (let passed = 0; passed < 15; passed += 1) await stage.pass(SECOND);
    expect(taken).toEqual(["handoff.returned"]);
  },
);

it("keeps words and the hand-back in order where the words are taken at their second try", async () => {
  let tries = 0;
  const stage = createStage({
    network: () => {
      tries += 1;
      return answered(tries === 1 ? 500 : 204);
    },
  });
  await stage.add("chat-1", "shop-bot", "agent.message");
  await stage.add("chat-1", "shop-bot", "handoff.returned");
  await stage.wake();
  await stage.pass(5 * SECOND);
  expect(stage.sent.map(({ body }) => typeOf(body))).toEqual(["agent.message", "agent.message", "handoff.returned"]);
  expect(stage.now()).toBe(START + 5 * SECOND);
});

it("goes on at once where the words were refused for longer than 15 s already", async () => {
  const { stage, taken, add } = createPicky("poison", 400);
  await add("agent.message", "poison text");
  await stage.wake();
  await stage.pass(20 * SECOND);
  await add("handoff.returned");
  await stage.wake();
  expect(taken).toEqual(["handoff.returned"]);
});

it("sets words aside that are refused five times within ten minutes, says so, and goes on with the next", async () => {
  const { stage, taken, add } = createPicky("poison", 400);
  const id = await add("agent.message", "poison text");
  await add("agent.message", "second");
  await add("agent.message", "third");
  await stage.wake();
  for (let passed = 0; passed < 10; passed += 1) await stage.pass(MINUTE);
  expect(taken).toEqual(["second", "third"]);
  expect(stage.attempts(id)).toHaveLength(5);
  expect(stage.callback(id)).toMatchObject({ state: "refused", setAsideBecause: "refused" });
  const alerts = stage.lines.filter(({ level, message }) => level === "error" && message.includes("set aside"));
  expect(alerts).toMatchObject([{ fields: { callback: id, bot: "shop-bot", status: 400, count: 5 } }]);
});

it("sets nothing aside while the receiver takes nothing at all for its secrets or its address", async () => {
  let status = 403;
  const stage = createStage({ network: () => answered(status) });
  const id = await stage.add("chat-1");
  await stage.wake();
  for (let passed = 0; passed < 60; passed += 1) await stage.pass(MINUTE);
  expect(stage.callback(id)).toMatchObject({ state: "ready" });
  expect(stage.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  status = 204;
  await stage.pass(120 * MINUTE);
  expect(stage.callback(id)).toMatchObject({ state: "done" });
});

it("takes a 404 for this callback alone where the receiver takes others of the bot", async () => {
  const { stage, add } = createPicky("poison", 404);
  const id = await add("agent.message", "poison text");
  await add("handoff.returned");
  await stage.wake();
  for (let passed = 0; passed < 40; passed += 1) await stage.pass(MINUTE);
  expect(stage.callback(id)).toMatchObject({ state: "refused", setAsideBecause: "refused" });
});

it("never tells of an agent who joined once it was told that the customer is back", async () => {
  const { stage, taken, add } = createPicky('"agent.joined"', 400);
  const joined = await add("agent.joined");
  await add("handoff.returned");
  await stage.wake();
  await stage.pass(15 * SECOND);
  expect(taken).toEqual(["handoff.returned"]);
  expect(stage.callback(joined)).toMatchObject({ state: "refused", setAsideBecause: "overtaken" });
  const before = stage.sent.length;
  await stage.pass(60 * MINUTE);
  expect(stage.sent).toHaveLength(before);
});

it("lets words pass what tells who has the customer, where that is refused", async () => {
  const { stage, taken, add } = createPicky('"agent.joined"', 400);
  await add("agent.joined");
  await add("agent.message", "Hello");
  await add("agent.message", "How can I help?");
  await stage.wake();
  for (let passed = 0; passed < 15; passed += 1) await stage.pass(SECOND);
  expect(taken).toEqual(["Hello", "How can I help?"]);
});

it("tells in order what is resent, before the words behind it that were not taken yet", async () => {
  let isDown = true;
  const stage = createStage({ network: () => answered(isDown ? 400 : 204) });
  const ids: string[] = [];
  for (const text of ["one", "two", "three"])
    ids.push(await stage.add("chat-1", "shop-bot", "agent.message", { text }));
  await stage.wake();
  for (let passed = 0; passed < 12; passed += 1) await stage.pass(MINUTE);
  expect(stage.callback(ids[0] ?? "")?.state).toBe("refused");
  expect(stage.callback(ids[1] ?? "")?.state).toBe("ready");
  isDown = false;
  await stage.record.commit(({ callbacks }) => callbacks.resend(ids[0] ?? "", stage.now()));
  const before = stage.sent.length;
  await stage.wake();
  expect(stage.sent.slice(before).map(({ body }) => textOf(body))).toEqual(["one", "two", "three"]);
});

it("keeps words in order, and tells last who has the customer last, whatever is refused and however often", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          type: fc.constantFrom(...callbackTypes),
          /** Number of refusals before it is accepted. */
          refused: fc.constantFrom(0, 0, 0, 1, 2, 50),
          status: fc.constantFrom(400, 403, 429, 500),
          afterMs: fc.constantFrom(0, 0, 2_000, 20_000, 400_000),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (given, random) => {
        const left = new Map<string, number>();
        const taken: string[] = [];
        const stage = createStage({
          random: () => random,
          network: ({ headers }) => {
            const id = headers["webhook-id"] ?? "";
            const times = left.get(id) ?? 0;
            left.set(id, times - 1);
            if (times > 0) return answered(given[Number(id.slice(3)) - 1]?.status ?? 400);
            taken.push(id);
            return answered(204);
          },
        });
        for (const { type, refused, afterMs } of given) {
          left.set(await stage.add("chat-1", "shop-bot", type), refused);
          await stage.wake();
          await stage.pass(afterMs);
        }
        const isOpen = () => stage.record.read(({ callbacks }) => callbacks.queues()).length > 0;
        for (let days = 0; days < 200 && isOpen(); days += 1) await stage.pass(24 * 3_600_000);
        const numbers = taken.map((id) => Number(id.slice(3)));
        const isControl = (n: number) => !["agent.message", "handoff.waiting"].includes(given[n - 1]?.type ?? "");
        const inOrder = (all: number[]) => expect(all).toEqual([...all].sort((one, other) => one - other));
        inOrder(numbers.filter((n) => !isControl(n)));
        inOrder(numbers.filter(isControl));
        expect(new Set(taken).size).toBe(taken.length);
        // Every callback was accepted or is set aside.
        expect(isOpen()).toBe(false);
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
});
