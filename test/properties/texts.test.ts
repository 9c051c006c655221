import { expect, it } from "vitest";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor } from "../support/door.ts";
import { anyFlow, anyTurn, NOBODY, TRANSFER, take } from "./stage.ts";

/** A Monday, in the hours of the flow. */
const OPEN = Date.parse("2026-11-23T09:00:00Z");
const SHUT = Date.parse("2026-11-28T09:00:00Z");

it("speaks of no transfer while the bot has the customer, and of nobody's absence while they wait in line", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFlow,
      fc.constantFrom(OPEN, SHUT),
      fc.array(anyTurn, { minLength: 1, maxLength: 10 }),
      async (flow, startAt, turns) => {
        const door = createDoor({ flows: [flow], startAt });
        const conversationId = flow.texts === "send" ? await door.chatAtPlatform("hello") : undefined;
        const controlNow = () => door.record.read((t) => t.sessions.find("shop-assistant", "s"))?.control ?? "bot";
        const wrong: string[] = [];
        door.emulator.onChange((change) => {
          if (change.type !== "OUTBOUND_MESSAGE") return;
          const text = JSON.stringify(change.message.content);
          if (text.includes(TRANSFER) && controlNow() === "bot") wrong.push(`posted: ${text}`);
        });
        for (const [n, turn] of turns.entries()) {
          const reply =
            n === 0 && conversationId !== undefined
              ? await door.events({ id: "first", type: "customer.message", session: "s", text: "hi", conversationId })
              : await take(door, turn, "s", n);
          const { control, message } = reply?.body ?? {};
          if (control === "bot" && message?.includes(TRANSFER)) wrong.push(`answered: ${message}`);
          if (message?.includes(TRANSFER) && message.includes(NOBODY)) wrong.push(`both at once: ${message}`);
        }
        expect(wrong).toEqual([]);
      },
    ),
    runs(25),
  );
});
