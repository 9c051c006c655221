import { expect, it } from "vitest";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor, type Door, type Reply } from "../support/door.ts";
import { anyFlow, anyTurn, take } from "./stage.ts";

const START = Date.parse("2026-11-23T09:00:00Z");

/** Ways in which a bot may report that a customer wants a person. */
const WAYS: ((door: Door, n: number) => Promise<Reply>)[] = [
  (door, n) => door.events({ id: String(n), type: "customer.message", session: "s", text: "I want a person" }),
  // An id is repeated with other words.
  (door, n) => door.events({ id: "1", type: "customer.message", session: "s", text: `I want a person, ${n}` }),
  (door, n) => door.events({ id: String(n), type: "bot.fallback", session: "s", text: "I want a person" }),
  (door) => door.ask({ session: "s", reason: "asked" }),
  (door) => door.webhook("answers", { uniqueSessionId: "s", lastReceivedTextMessage: "I want a person" }),
  (door) => door.webhook("flow", { session: "s", text: "I want a person" }),
];

it("gives a customer who asks the bot for a person a handoff, or a text of the flow", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFlow,
      fc.array(fc.tuple(anyTurn, fc.option(fc.nat(WAYS.length - 1))), { minLength: 1, maxLength: 9 }),
      async (flow, turns) => {
        const door = createDoor({ flows: [flow], startAt: START });
        for (const [n, [turn, way]] of turns.entries()) {
          await take(door, turn, "s", n + 100);
          if (way === null) continue;
          const { control = "bot" } = (await door.session("s")).body;
          const reply = await WAYS[way]?.(door, n);
          await door.rest();
          // A duplicate's answer was given already, and a customer in a queue is not handed over again.
          if (control !== "bot" && control !== "nobody") continue;
          const { handoffId, message } = reply?.body ?? {};
          const state = handoffId == null ? null : door.handoff(handoffId)?.state;
          const isOnTheWay = state != null && state !== "returned" && state !== "cancelled";
          expect(isOnTheWay || message != null, `${n}: ${reply?.status} ${reply?.text}`).toBe(true);
        }
      },
    ),
    runs(25),
  );
});
